#include "base/alloc.h"
#include "rules/encoded/decode.h"
#include "rules/encoded/document.h"
#include "rules/encoded/runs.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* A text that is searched, in bytes of exactly its size. */
struct text {
	const unsigned char *bytes;
	size_t len;
	size_t count;
};

/* Decodes, and traces the first and the last byte back into the text. */
static void decode(int encoding, const unsigned char *bytes, size_t len)
{
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 4 * len + 16);
	if (decode_text(&out, encoding, bytes, len) < 0)
		abort();
	struct decode_cursor cursor;
	decode_cursor_init(&cursor, encoding, bytes, len);
	size_t start;
	size_t end;
	decode_cursor_span(&cursor, 0, out.len, &start, &end);
	if (start > end || end > len)
		abort();
	if (out.len)
		decode_cursor_span(&cursor, out.len - 1, out.len, &start, &end);
	if (start > end || end > len)
		abort();
}

static void take(const struct encoded_run *run, void *ctx)
{
	struct text *text = ctx;
	text->count++;
	if (run->start >= run->end || run->end > text->len ||
		run->seen_start > run->start || run->seen_end < run->end)
		abort();
	decode(run->encoding, text->bytes + run->start, run->end - run->start);
}

static size_t search(struct text *text, size_t cut)
{
	struct run_search search;
	text->count = 0;
	run_search_init(&search, text->bytes, text->len, take, text);
	run_search_span(&search, 0, cut);
	if (cut < text->len)
		run_search_span(&search, cut, text->len);
	return text->count;
}

/* The first byte says where the search is parted, which must not matter. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!len)
		return 0;
	size_t cut = bytes[0] * len / 256;
	CLEANUP(freep) unsigned char *copy = xmalloc(len);
	memcpy(copy, bytes, len);
	struct text text = { copy, len, 0 };
	if (search(&text, cut) != search(&text, len))
		abort();
	for (int encoding = ENCODING_BASE64; encoding <= ENCODING_JSON;
		encoding++)
		decode(encoding, copy, len);
	int encoding = document_encoding(copy, len);
	if (encoding != ENCODING_NONE &&
		document_extent(encoding, copy, len) > len)
		abort();
	return 0;
}
