/*
 * Four bytes in a row, as one number: the first is the lowest. They are folded,
 * so that letters of either case are the same; so are other bytes then, such as
 * `_` and DEL.
 */
#ifndef RULES_GRAM_H
#define RULES_GRAM_H

#include "base/cleanup.h"

#include <stddef.h>
#include <stdint.h>

#define GRAM_LEN  4
#define GRAM_FOLD UINT32_C(0x20202020)

/* Compilers make one load of it. */
static inline uint64_t gram_bytes(const unsigned char *bytes)
{
	return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 |
		(uint64_t)bytes[2] << 16 | (uint64_t)bytes[3] << 24;
}

/** Reads and folds. */
static inline uint32_t gram_read(const unsigned char *bytes)
{
	return (uint32_t)gram_bytes(bytes) | GRAM_FOLD;
}

/** Two in a row, the first in the lower half. */
static inline uint64_t gram_read_two(const unsigned char *bytes)
{
	return gram_bytes(bytes + GRAM_LEN) << 32 | gram_bytes(bytes) |
		(uint64_t)GRAM_FOLD << 32 | GRAM_FOLD;
}

/** Knows what is common in source code and text. */
struct gram_rates;

/** Caller frees. */
struct gram_rates *gram_rates_new(void);
void gram_rates_free(struct gram_rates *rates);
DEFINE_CLEANUP(gram_rates_freep, struct gram_rates, gram_rates_free)

/** About how large a part of all places has the gram. */
double gram_rate(const struct gram_rates *rates, uint32_t gram);

#endif
