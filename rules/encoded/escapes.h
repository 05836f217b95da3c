/*
 * Text in percent-encoding: from the white space or quote before an escape to
 * the one behind it. For runs.c.
 */
#ifndef RULES_ENCODED_ESCAPES_H
#define RULES_ENCODED_ESCAPES_H

#include "rules/encoded/runs.h"

#include <stdbool.h>
#include <stddef.h>

/** True for what may stand beside escapes: printable ASCII, but no white space,
 * quotes, backslashes and angle brackets. */
bool escape_is_of_text(unsigned char byte);

/** True when an escape stands at the "%" that hides something: a character of
 * text other than a space, and no conversion of printf(), as "%2d". */
bool escape_is_telling(const unsigned char *bytes, size_t len, size_t at);

/** True and a run when the text around a telling escape is one. `done` is set
 * to its end in either case. */
bool escapes_judge(struct encoded_run *out, size_t *done,
	const unsigned char *bytes, size_t len, size_t at);

/** A telling escape in the text that touches the place, or SIZE_MAX; `done` is
 * set to its end when there is none. */
size_t escape_near(
	size_t *done, const unsigned char *bytes, size_t len, size_t at);

#endif
