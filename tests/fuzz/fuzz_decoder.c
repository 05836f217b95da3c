#include "base/arena.h"
#include "rules/decoder.h"
#include "rules/evidence.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/** True when the decoder may say that kind. */
static bool is_kind_of(const struct decoder *decoder, const char *kind)
{
	for (size_t i = 0; decoder->kinds[i]; i++)
		if (!strcmp(decoder->kinds[i], kind))
			return true;
	return false;
}

static void run(const struct decoder *decoder, const uint8_t *bytes, size_t len)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct decoded decoded = { .arena = &arena };
	struct err err = { 0 };
	int rc = decoder->decode(&decoded, bytes, len, &err);
	FUZZ_ASSERT(rc <= 1);
	if (rc != 1)
		return;
	FUZZ_ASSERT(decoded.kind && is_kind_of(decoder, decoded.kind));
	const struct evidence *evidence =
		evidence_make(&arena, decoder, &decoded);
	FUZZ_ASSERT(evidence->key_count <= EVIDENCE_MAX_KEYS);
	FUZZ_ASSERT(evidence_state(evidence, 1700000000) != NULL);
}

/* Any bytes go through every decoder, and what is accepted is evidence. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; decoders[i]; i++)
		run(decoders[i], bytes, len);
	return 0;
}
