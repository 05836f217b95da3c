#include "scanner/gitleaks_ignore.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* Fewer than 40 bytes a line name no commit, which needs no repository. */
#define COMMIT_LEN 40

static bool names_a_commit(const char *text, size_t len)
{
	size_t in_line = 0;
	for (size_t i = 0; i < len; i++) {
		in_line = text[i] == '\n' ? 0 : in_line + 1;
		if (in_line > COMMIT_LEN)
			return true;
	}
	return false;
}

/* Lines of any bytes; each place that is taken is found again. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct oid blob = { { 1 } };
	const char *text = len ? (const char *)bytes : "";
	if (names_a_commit(text, len))
		return 0;
	CLEANUP(gitleaks_ignore_clear) struct gitleaks_ignore ignore = { 0 };
	gitleaks_ignore_parse(&ignore, text, len, NULL, NULL);
	FUZZ_ASSERT(!ignore.unresolved);
	for (size_t i = 0; i < ignore.count; i++) {
		const struct gitleaks_place *place = &ignore.places[i];
		FUZZ_ASSERT(place->any_blob && place->line && *place->path);
		FUZZ_ASSERT(gitleaks_ignore_has(
			&ignore, place->path, &blob, place->line));
	}
	return 0;
}
