/*
 * The cookies of a note that somebody made: "name=value; name=value", with or
 * without "Cookie:" or "Set-Cookie:" before it (RFC 6265 §4). Text of one line
 * is taken as such; of longer text only the lines that name the header.
 */
#ifndef RULES_COOKIE_HEADER_H
#define RULES_COOKIE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

/** One cookie; borrowed from the text. */
struct cookie_pair {
	const unsigned char *name;
	size_t name_len;
	const unsigned char *value;
	size_t value_len;
};

/** Where the reading stands. */
struct cookie_header {
	const unsigned char *text; /* behind the line */
	size_t text_len;
	const unsigned char *line; /* what is left of it */
	size_t line_len;
	bool bare; /* one line: the header's name may be missing */
};

/** Begins with the text, which is borrowed. */
void cookie_header_init(
	struct cookie_header *header, const unsigned char *text, size_t len);

/** The next pair with a name and a value; false at the end. Attributes such as
 * Path count as pairs. */
bool cookie_header_next(struct cookie_pair *out, struct cookie_header *header);

#endif
