#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(void)
{
	fputs("fatal: out of memory\n", stderr);
	exit(128);
}

void *xmalloc(size_t size)
{
	void *pointer = malloc(size ? size : 1);
	if (!pointer)
		out_of_memory();
	return pointer;
}

void *xcalloc(size_t count, size_t size)
{
	if (!count || !size)
		count = size = 1;
	void *pointer = calloc(count, size);
	if (!pointer)
		out_of_memory();
	return pointer;
}

void *xreallocarray(void *pointer, size_t count, size_t size)
{
	if (!count || !size)
		count = size = 1;
	void *grown = reallocarray(pointer, count, size);
	if (!grown)
		out_of_memory();
	return grown;
}

char *xstrdup(const char *text)
{
	return xmemdupz(text, strlen(text));
}

char *xmemdupz(const void *bytes, size_t len)
{
	char *copy = xmalloc(len + 1);
	if (len)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}
