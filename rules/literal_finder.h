/*
 * Many literals searched for at once, by their first two bytes: ready in
 * microseconds, where libhs takes milliseconds to compile them, but ten times
 * slower on each byte. literal_set.h chooses between the two.
 */
#ifndef RULES_LITERAL_FINDER_H
#define RULES_LITERAL_FINDER_H

#include "base/cleanup.h"
#include "rules/literal.h"

#include <stddef.h>

/** Constant, shared by threads. */
struct literal_finder;

/** Takes over nothing; the literals are copied. Caller frees. */
struct literal_finder *literal_finder_new(
	const struct literal *literals, size_t count);
void literal_finder_free(struct literal_finder *finder);
DEFINE_CLEANUP(literal_finder_freep, struct literal_finder, literal_finder_free)

/** Searches the bytes. 0, or what the sink ended it with. */
int literal_finder_scan(const struct literal_finder *finder,
	const unsigned char *bytes, size_t len, literal_sink *sink,
	void *ctx) MUST_CHECK;

#endif
