/* What each decoder said of one blob: asked once, however many rules ask. */
#ifndef RULES_DECODINGS_H
#define RULES_DECODINGS_H

#include "base/arena.h"
#include "rules/decoder.h"
#include "rules/evidence.h"

#include <stddef.h>

struct decoding;

/** All zero is valid and empty. */
struct decodings {
	const char *path; /* borrowed */
	const unsigned char *bytes;
	size_t len;
	struct arena *evidence_arena;
	struct decoding *items;
	size_t count, capacity;
};

/** Begins with a blob: what was known of another is forgotten. */
void decodings_begin(struct decodings *decodings, const char *path,
	const unsigned char *bytes, size_t len, struct arena *evidence_arena);
void decodings_clear(struct decodings *decodings);

/**
 * 1 and *out when the decoder accepts the blob, 0 when not, ERR_LIMIT when a
 * bound kept it from telling. The evidence lives in the arena of the begin.
 */
int decodings_get(const struct evidence **out, struct decodings *decodings,
	const struct decoder *decoder) MUST_CHECK;

/** As decodings_get() for the bytes start..end of the blob; not remembered. */
int decodings_of_part(const struct evidence **out,
	const struct decodings *decodings, const struct decoder *decoder,
	size_t start, size_t end) MUST_CHECK;

#endif
