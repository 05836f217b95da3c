#include "base/alloc.h"
#include "scanner/unpack.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH 4

static int take(struct content *content, void *ctx, struct err *err)
{
	(void)err;
	size_t *sum = ctx;
	if (content->depth > DEPTH + 1 || !content->encodings)
		abort();
	for (size_t i = 0; i < content->len; i++)
		*sum += content->bytes[i];
	struct content_place place = content_place(content, 0, content->len);
	if (place.start > place.end || place.end > place.file->len)
		abort();
	return 0;
}

static void skip(int reason, const char *inner, const char *detail, void *ctx)
{
	size_t *sum = ctx;
	*sum += (size_t)reason + (inner ? strlen(inner) : 0) + strlen(detail);
}

/* Everything that is inside of any bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	size_t sum = 0;
	struct err err;
	struct content root;
	CLEANUP(freep) unsigned char *copy = xmalloc(len);
	CLEANUP(unpack_clear)
	struct unpack unpack = {
		.sink = { take, skip, &sum },
		.depth = DEPTH,
	};
	if (len)
		memcpy(copy, bytes, len);
	content_init_blob(&root, copy, len);
	unpack_begin(&unpack, len);
	if (unpack_inside(&unpack, &root, &err) < 0)
		abort();
	return 0;
}
