/* Talk to the user on stderr, by level. stdout is for results alone. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/cleanup.h"

#include <stdio.h>

enum log_level {
	LOG_QUIET = -1, /* -q: errors alone */
	LOG_WARN = 0,
	LOG_INFO = 1, /* -v */
};

/** Where to talk and how much. Passed down; there is no global one. */
struct log {
	FILE *out;
	int level; /* enum log_level */
};

/**
 * One line each, prefixed as git does ("warning: "), newline added. Names in
 * it may come from a hostile repository: characters that change how a terminal
 * shows the text are written as \xNN. The first two are said at every level.
 */
void log_fatal(const struct log *log, const char *format, ...)
	PRINTF_LIKE(2, 3);
void log_error(const struct log *log, const char *format, ...)
	PRINTF_LIKE(2, 3);
void log_warn(const struct log *log, const char *format, ...) PRINTF_LIKE(2, 3);
void log_info(const struct log *log, const char *format, ...) PRINTF_LIKE(2, 3);
#endif
