/*
 * Lines of digits of base64, and which of them belong together. For runs.c.
 */
#ifndef RULES_ENCODED_CHAIN_H
#define RULES_ENCODED_CHAIN_H

#include "rules/encoded/runs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_NONE SIZE_MAX

/** Spaces before a line, and bytes between two, as far as is looked. */
#define LINE_INDENT_MAX 64
#define LINE_BREAK_MAX  (LINE_INDENT_MAX + 8)

struct text {
	const unsigned char *bytes;
	size_t len;
};

/** Digits without anything between them. */
struct line {
	size_t start, end;
};

/** Lines that belong together, and the bytes that this depends on. */
struct chain {
	size_t start, end;
	size_t first_end; /* of the first line */
	size_t seen_start, seen_end;
	bool padded;
};

/** True when a digit stands before or behind the place. */
bool text_has_digit(const struct text *text, size_t at);

/** The digits around a place that touches one. */
struct line line_at(const struct text *text, size_t at);

/** The end of the digits that a line break parts from `at`, or from the digits
 * that touch it; TEXT_NONE where there are none. */
size_t line_before(const struct text *text, size_t at);

/** The start of those behind it. */
size_t line_behind(const struct text *text, size_t at);

/** The chain that the line is part of. */
void chain_of(struct chain *out, const struct text *text, struct line line);

/** True when digits at the start of a line are those of a compressed format, or
 * of UTF-16 with a byte order mark. */
bool digits_are_packed(const unsigned char *digits, size_t len);

/** True and a run when what the chain encodes is worth a search. */
bool chain_judge(struct encoded_run *out, const struct text *text,
	const struct chain *chain);

#endif
