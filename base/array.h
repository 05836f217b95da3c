/*
 * Growing typed arrays: three fields of a struct (`items`, `count`,
 * `capacity`) and one macro.
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include "base/alloc.h"

#include <stddef.h>

/** Makes room for one more element; items[count] may be written after it. */
#define ARRAY_GROW(items, count, capacity)                              \
	do {                                                            \
		if ((count) >= (capacity)) {                            \
			(capacity) = (capacity) ? (capacity)*2 : 16;    \
			(items) = xreallocarray(                        \
				(items), (capacity), sizeof(*(items))); \
		}                                                       \
	} while (0)

#endif
