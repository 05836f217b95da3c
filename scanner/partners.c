#include "scanner/partners.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define MIN_COUNT 64

void partners_clear(struct partners *partners)
{
	free(partners->first);
	pair_map_clear(&partners->others);
	*partners = (struct partners){ 0 };
}

void partners_reserve(struct partners *partners, size_t count)
{
	if (count <= partners->count)
		return;
	partners->first =
		xreallocarray(partners->first, count, sizeof(*partners->first));
	memset(partners->first + partners->count, 0xff,
		(count - partners->count) * sizeof(*partners->first));
	partners->count = count;
}

bool partners_add(struct partners *partners, uint32_t number, uint32_t partner)
{
	if (number >= partners->count)
		partners_reserve(partners, ((size_t)number + MIN_COUNT) * 2);
	uint32_t *first = &partners->first[number];
	if (*first == partner)
		return false;
	if (*first == PARTNER_NONE) {
		*first = partner;
		return true;
	}
	bool is_new;
	pair_map_add(&partners->others, number, partner, &is_new);
	return is_new;
}

bool partners_has_any(const struct partners *partners, uint32_t number)
{
	return number < partners->count &&
		partners->first[number] != PARTNER_NONE;
}

bool partners_has(
	const struct partners *partners, uint32_t number, uint32_t partner)
{
	if (!partners_has_any(partners, number))
		return false;
	return partners->first[number] == partner ||
		pair_map_find(&partners->others, number, partner) != PAIR_NONE;
}
