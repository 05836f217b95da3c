/* How evenly the bytes of a text are spread: random keys score high. */
#ifndef RULES_ENTROPY_H
#define RULES_ENTROPY_H

#include <stddef.h>

/** Shannon entropy of the bytes, bits a byte: 0 (also for none) to 8. */
double entropy_bits(const unsigned char *bytes, size_t len);

#endif
