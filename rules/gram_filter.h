/*
 * Tells where in a text one of many grams may stand: a table of bits that says
 * yes to each of them, and to few others. Only every other place is looked at.
 */
#ifndef RULES_GRAM_FILTER_H
#define RULES_GRAM_FILTER_H

#include "rules/gram.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/** A row for three bytes by their hash, a bit of it for the fourth. 128 KiB
 * stay in the second cache; a fraction of that gives the wrong answer twice as
 * often. */
#define GRAM_ROW_BITS 15
#define GRAM_ROWS     ((size_t)1 << GRAM_ROW_BITS)

/** 2^32 over the golden ratio: Knuth, TAOCP 3, 6.4 */
#define GRAM_GOLDEN UINT32_C(2654435769)

struct gram_filter {
	uint32_t rows[GRAM_ROWS];
	bool wide; /* the processor can look at 16 places at once */
};

static inline uint32_t gram_row(uint32_t gram)
{
	/* the hash of gram << CHAR_BIT, without a shift */
	return gram * (GRAM_GOLDEN << CHAR_BIT) >> (32 - GRAM_ROW_BITS);
}

/** 1 where the gram may be one of the filter's, else 0. */
static inline unsigned gram_filter_has(
	const struct gram_filter *filter, uint32_t gram)
{
	return filter->rows[gram_row(gram)] >> (gram >> 24) % 32 & 1;
}

/** Empty, for this processor. */
void gram_filter_init(struct gram_filter *filter);

/** Adds every gram that has these bytes under the mask, which is 0 or 0xff for
 * each. */
void gram_filter_add(struct gram_filter *filter, uint32_t gram, uint32_t mask);

#define GRAM_STEP  8   /* bytes, with four places */
#define GRAM_BLOCK 128 /* steps */

/** Where grams may stand. */
struct gram_places {
	size_t count;
	uint16_t starts[GRAM_BLOCK]; /* in bytes; some place from there on */
	uint16_t places[GRAM_BLOCK]; /* a bit for each, two bytes apart */
};

/** Looks at the places of some steps, at most a block; two bytes behind them
 * are read as well. */
void gram_filter_find(struct gram_places *out, const struct gram_filter *filter,
	const unsigned char *bytes, size_t steps);

#endif
