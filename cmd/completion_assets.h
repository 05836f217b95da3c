/* The functions of completion.bash, made C at build time by
 * cmake/embed_file.cmake. */
#ifndef CMD_COMPLETION_ASSETS_H
#define CMD_COMPLETION_ASSETS_H

#include <stddef.h>

/** NUL-ended; the size counts the NUL. */
extern const unsigned char completion_functions[];
extern const size_t completion_functions_size;

#endif
