#include "base/arena.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A block is as large as all before it: there are thousands of arenas with a
 * line or two in them. */
#define FIRST_BLOCK ((size_t)1024)
#define LAST_BLOCK  ((size_t)64 * 1024)
#define ALIGNMENT   _Alignof(max_align_t)

struct arena_block {
	struct arena_block *older;
	size_t size;
	max_align_t bytes[];
};

void arena_clear(struct arena *arena)
{
	struct arena_block *block = arena->block;
	while (block) {
		struct arena_block *older = block->older;
		free(block);
		block = older;
	}
	*arena = (struct arena){ 0 };
}

void arena_wipe(struct arena *arena)
{
	struct arena_block *block = arena->block;
	for (; block; block = block->older)
		explicit_bzero(block->bytes, block->size);
	arena_clear(arena);
}

void arena_absorb(struct arena *arena, struct arena *other)
{
	arena->total += other->total;
	if (!arena->block) {
		*arena = *other;
	} else if (other->block) {
		struct arena_block *oldest = arena->block;
		while (oldest->older)
			oldest = oldest->older;
		oldest->older = other->block;
	}
	*other = (struct arena){ 0 };
}

static void add_block(struct arena *arena, size_t size)
{
	size_t least = arena->total < FIRST_BLOCK ? FIRST_BLOCK : arena->total;
	if (least > LAST_BLOCK)
		least = LAST_BLOCK;
	if (size < least)
		size = least;
	struct arena_block *block =
		xcalloc(1, sizeof(struct arena_block) + size);
	block->size = size;
	block->older = arena->block;
	arena->block = block;
	arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 4)
		return xmalloc(SIZE_MAX); /* ends the process */
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (!arena->block || size > arena->block->size - arena->used)
		add_block(arena, size);
	unsigned char *start = (unsigned char *)arena->block->bytes;
	void *pointer = start + arena->used;
	arena->used += size;
	arena->total += size;
	return pointer;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return xmalloc(SIZE_MAX); /* ends the process */
	return arena_alloc(arena, count * size);
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_memdupz(arena, text, strlen(text)) : NULL;
}

char *arena_memdupz(struct arena *arena, const void *bytes, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	size_t size = length < 0 ? 1 : (size_t)length + 1;
	char *text = arena_alloc(arena, size);
	vsnprintf(text, size, format, again);
	va_end(again);
	return text;
}
