#include "scanner/baseline.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* A baseline of any bytes: refused with its place, or entries that are found
 * again by their fingerprints. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	CLEANUP(baseline_clear) struct baseline baseline = { 0 };
	struct err err = { 0 };
	const char *text = len ? (const char *)bytes : "";
	int rc = baseline_parse(&baseline, "f", text, len, &err);
	FUZZ_ASSERT(rc == 0 || (rc == ERR_PARSE && !strncmp(err.msg, "f:", 2)));
	if (rc < 0)
		return 0;
	baseline_sort(&baseline);
	for (size_t i = 0; i < baseline.count; i++) {
		const struct baseline_entry *entry = &baseline.entries[i];
		const struct baseline_entry *found =
			baseline_find(&baseline, entry->fingerprint);
		FUZZ_ASSERT(found &&
			!strcmp(found->fingerprint, entry->fingerprint));
	}
	return 0;
}
