/*
 * The names of what a load would call, in order of appearance, none twice.
 */
#ifndef RULES_DECODERS_CALL_LIST_H
#define RULES_DECODERS_CALL_LIST_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

#define CALL_LIST_MAX     64    /* names */
#define CALL_LIST_LOOKUPS 10000 /* additions that are looked at */

/** All zero is an empty list. */
struct call_list {
	const char **names; /* in the arena; room for CALL_LIST_MAX */
	size_t count;
	size_t lookups;
	bool truncated; /* a name was left out */
};

/**
 * Adds a name unless it is there. Returns the list's own copy of it, or NULL
 * when the list is full: hostile content can hold a name in every third byte.
 */
const char *call_list_add(
	struct call_list *list, struct arena *arena, const char *name);

#endif
