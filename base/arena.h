/*
 * Many small things with one lifetime: allocated one by one, freed together.
 * Everything handed out stays where it is until arena_clear().
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/cleanup.h"

#include <stddef.h>

struct arena_block;

/** All zero is an empty arena. For one thread at a time. */
struct arena {
	struct arena_block *block; /* newest block, links to the older ones */
	size_t used;               /* bytes used of it */
	size_t total;              /* bytes handed out in all */
};

/** Frees all that was handed out; the arena can be used again. */
void arena_clear(struct arena *arena);

/** As arena_clear(), but overwrites the memory first: for secrets. */
void arena_wipe(struct arena *arena);

/** Takes over all that `other` handed out; `other` is empty then. */
void arena_absorb(struct arena *arena, struct arena *other);

/** `size` zeroed bytes, aligned for any type. Borrowed from the arena. */
void *arena_alloc(struct arena *arena, size_t size);

/** `count` zeroed elements; ends the process when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/** A copy of the text, borrowed from the arena; NULL gives NULL. */
char *arena_strdup(struct arena *arena, const char *text);

/** `len` bytes with a NUL behind them, borrowed from the arena. */
char *arena_memdupz(struct arena *arena, const void *bytes, size_t len);

/** Formatted text, borrowed from the arena. */
char *arena_printf(struct arena *arena, const char *format, ...)
	PRINTF_LIKE(2, 3);

#endif
