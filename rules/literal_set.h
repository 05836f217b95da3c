/*
 * Many literals searched for at once, in one pass over the bytes whose speed
 * hardly depends on their number. Every occurrence of every literal is
 * reported, overlapping ones included; the order of the reports is not
 * promised, but none comes later than one that begins a literal's length
 * behind it.
 *
 * Of each literal four bytes are chosen that are rare elsewhere, once for
 * literals that begin at an even offset and once for an odd one. So only every
 * other place of the bytes is looked at, and where a bit of a table says that
 * some literal's four bytes may stand there, that literal is compared. Short
 * literals take less than four bytes, and those of one or two make the table
 * say yes too often: they work, slowly.
 */
#ifndef RULES_LITERAL_SET_H
#define RULES_LITERAL_SET_H

#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/** A text to be searched for. */
struct literal {
	const char *bytes;
	size_t len;       /* at least 1 */
	bool ignore_case; /* ASCII letters */
};

/** Takes an occurrence; 0 go on, anything else ends the scan. */
typedef int literal_sink(size_t literal, size_t start, size_t end, void *ctx);

/** The literals; constant, shared by threads. */
struct literal_set;

/** Ready in less than a millisecond for a thousand literals; none at all is
 * fine. Nothing is borrowed. Caller frees. */
int literal_set_new(struct literal_set **out, const struct literal *literals,
	size_t count, struct err *err) MUST_CHECK;
void literal_set_free(struct literal_set *set);
DEFINE_CLEANUP(literal_set_freep, struct literal_set, literal_set_free)

/** Bytes of the longest literal; 0 without any. */
size_t literal_set_longest(const struct literal_set *set);

/** Searches the bytes. 0, or what the sink ended it with. */
int literal_set_scan(const struct literal_set *set, const unsigned char *bytes,
	size_t len, literal_sink *sink, void *ctx) MUST_CHECK;

#endif
