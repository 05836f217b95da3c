/*
 * Which numbers were met with which others, where most are met with one alone:
 * a tree with its folder, a blob with its path. The first stands in an array
 * by number, the few others in a pair_map.
 */
#ifndef SCANNER_PARTNERS_H
#define SCANNER_PARTNERS_H

#include "scanner/pair_map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** No partner. */
#define PARTNER_NONE UINT32_MAX

/** All zero is empty. */
struct partners {
	uint32_t *first; /* by number, or PARTNER_NONE */
	size_t count;
	struct pair_map others;
};

void partners_clear(struct partners *partners);

/** Makes room for numbers below `count`. */
void partners_reserve(struct partners *partners, size_t count);

/** Adds the pair; false when it was there. The partner is not PARTNER_NONE.
 * Numbers are dense: there is memory for all below. */
bool partners_add(struct partners *partners, uint32_t number, uint32_t partner);

/** True when the number has any partner. */
bool partners_has_any(const struct partners *partners, uint32_t number);

/** True when the number has this one. */
bool partners_has(
	const struct partners *partners, uint32_t number, uint32_t partner);

/** Begins to load what the others will ask for. */
static inline void partners_load(
	const struct partners *partners, uint32_t number)
{
	if (number < partners->count)
		__builtin_prefetch(&partners->first[number]);
}

#endif
