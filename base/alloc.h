/*
 * Allocation for bookkeeping. When memory is out these functions say so and
 * end the process with exit code 128. A size that comes from a repository is
 * not bookkeeping: it goes through struct buf with a limit.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

/** As malloc(), never NULL; a size of 0 gives a pointer that can be freed. */
void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));

/** As calloc(), never NULL, refuses a product that overflows. */
void *xcalloc(size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));

/** As reallocarray(), never NULL. */
void *xreallocarray(void *pointer, size_t count, size_t size)
	__attribute__((returns_nonnull));

/** A copy of the text. Caller frees. */
char *xstrdup(const char *text) __attribute__((malloc, returns_nonnull));

/** The first `len` bytes of `bytes` with a NUL behind them. Caller frees. */
char *xmemdupz(const void *bytes, size_t len)
	__attribute__((malloc, returns_nonnull));

#endif
