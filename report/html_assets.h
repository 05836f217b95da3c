/* Style and script of the HTML report: the files of report/html, made C at
 * build time by cmake/embed_file.cmake. */
#ifndef REPORT_HTML_ASSETS_H
#define REPORT_HTML_ASSETS_H

#include <stddef.h>

/** NUL-ended; the sizes count the NUL. */
extern const unsigned char html_style[];
extern const size_t html_style_size;
extern const unsigned char html_script[];
extern const size_t html_script_size;

#endif
