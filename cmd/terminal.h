/* What the terminal behind a stream can show. */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>

/**
 * Colour for `out`: `when` is "always", "never", "auto", "" (always) or NULL
 * (auto). Auto means a terminal, TERM not "dumb", NO_COLOR unset or empty
 * (no-color.org). ERR_USAGE for another word.
 */
int terminal_color(
	bool *color, FILE *out, const char *when, struct err *err) MUST_CHECK;

/** Columns: COLUMNS, else those of the terminal, else 80; 60 to 200. */
unsigned terminal_width(FILE *out);

/** True when the locale's characters are UTF-8. */
bool terminal_is_utf8(void);

#endif
