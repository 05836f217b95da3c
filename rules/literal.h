/* A text to be searched for, and who is told where it stands. */
#ifndef RULES_LITERAL_H
#define RULES_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

struct literal {
	const char *bytes;
	size_t len;       /* at least 1 */
	bool ignore_case; /* ASCII letters */
};

/** Takes an occurrence; 0 go on, anything else ends the scan. */
typedef int literal_sink(size_t literal, size_t start, size_t end, void *ctx);

#endif
