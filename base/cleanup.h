/*
 * Ownership helpers: a local that owns something is declared with CLEANUP
 * and leaves the function through STEAL; every return frees the rest.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/** Calls `function(&variable)` when the variable goes out of scope. */
#define CLEANUP(function) __attribute__((cleanup(function)))

/** Yields the pointer and leaves NULL behind, so that CLEANUP frees nothing. */
#define STEAL(pointer)                                   \
	__extension__({                                  \
		__typeof__(pointer) stolen_ = (pointer); \
		(pointer) = NULL;                        \
		stolen_;                                 \
	})

/** Defines `name(type **p)`, which frees *p by `free_function`, NULL included.
 */
#define DEFINE_CLEANUP(name, type, free_function) \
	static inline void name(type **pointer)   \
	{                                         \
		free_function(*pointer);          \
		*pointer = NULL;                  \
	}

/** For CLEANUP on a `char *` or any other pointer from xmalloc(). */
static inline void freep(void *pointer)
{
	void **owner = pointer;
	free(*owner);
	*owner = NULL;
}

/** For CLEANUP on a `FILE *`; a NULL stream is left alone. */
static inline void fclosep(FILE **file)
{
	if (*file)
		fclose(*file);
	*file = NULL;
}

/** All functions whose failure must be looked at carry this. */
#define MUST_CHECK __attribute__((warn_unused_result))

/** Checks a format string against its arguments, both counted from 1. */
#define PRINTF_LIKE(format_index, first_argument) \
	__attribute__((format(printf, format_index, first_argument)))

/** Number of elements of a real array. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
