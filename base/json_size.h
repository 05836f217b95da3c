/*
 * How much a JSON text can hold, told by its brackets and commas before it is
 * read: what a parser allocates goes by the values, hundredfold of their bytes.
 */
#ifndef BASE_JSON_SIZE_H
#define BASE_JSON_SIZE_H

#include <stddef.h>

struct json_size {
	size_t values; /* at most so many; names of members are none */
	size_t depth;  /* arrays and objects within each other */
};

/** Of any bytes, JSON or not. */
struct json_size json_size(const void *text, size_t len);

#endif
