#include "rules/decodings.h"

#include "base/array.h"

struct decoding {
	const struct decoder *decoder;
	int answer;
	const struct evidence *evidence; /* for the answer 1 */
};

void decodings_begin(struct decodings *decodings, const char *path,
	const unsigned char *bytes, size_t len, struct arena *evidence_arena)
{
	decodings->path = path;
	decodings->bytes = bytes;
	decodings->len = len;
	decodings->evidence_arena = evidence_arena;
	decodings->count = 0;
}

void decodings_clear(struct decodings *decodings)
{
	free(decodings->items);
	*decodings = (struct decodings){ 0 };
}

static struct decoding decode(const struct decodings *decodings,
	const struct decoder *decoder, size_t start, size_t end)
{
	/* the values end here; evidence has copies of what it needs */
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct decoded decoded = { .arena = &arena, .path = decodings->path };
	struct decoding decoding = { .decoder = decoder };
	struct err ignored;
	int rc = decoder->decode(
		&decoded, decodings->bytes + start, end - start, &ignored);
	decoding.answer = rc < 0 ? ERR_LIMIT : rc;
	if (rc > 0)
		decoding.evidence = evidence_make(
			decodings->evidence_arena, decoder, &decoded);
	return decoding;
}

int decodings_get(const struct evidence **out, struct decodings *decodings,
	const struct decoder *decoder)
{
	size_t i = 0;
	while (i < decodings->count && decodings->items[i].decoder != decoder)
		i++;
	if (i == decodings->count) {
		ARRAY_GROW(decodings->items, decodings->count,
			decodings->capacity);
		decodings->items[decodings->count++] =
			decode(decodings, decoder, 0, decodings->len);
	}
	*out = decodings->items[i].evidence;
	return decodings->items[i].answer;
}

int decodings_of_part(const struct evidence **out,
	const struct decodings *decodings, const struct decoder *decoder,
	size_t start, size_t end)
{
	struct decoding decoding = decode(decodings, decoder, start, end);
	*out = decoding.evidence;
	return decoding.answer;
}
