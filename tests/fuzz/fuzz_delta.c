#include "base/alloc.h"
#include "base/cleanup.h"
#include "scanner/objects/delta.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SIZE ((size_t)1 << 20)

/* A delta of any bytes, applied to a base of the size that it asks for: both
 * buffers have exactly the sizes it names, so that ASan sees a step outside. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct delta delta;
	if (!delta_parse(&delta, bytes, len))
		return 0;
	if (delta.base_size > MAX_SIZE || delta.result_size > MAX_SIZE)
		return 0;
	CLEANUP(freep) unsigned char *base = xcalloc(1, delta.base_size);
	CLEANUP(freep) unsigned char *result = xmalloc(delta.result_size);
	struct delta_copies copies = { 0 };
	if (delta_apply(result, &delta, base, &copies))
		for (size_t i = 0; i < copies.count; i++) {
			const struct object_copy *copy = &copies.items[i];
			if (memcmp(result + copy->at, base + copy->from,
				    copy->len) != 0)
				abort();
		}
	free(copies.items);
	return 0;
}
