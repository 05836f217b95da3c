#include "scanner/reflog.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Every line is an entry or damage, and never both. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct reflog log = { 0 };
	const char *text = (const char *)bytes;
	reflog_parse(&log, text, len);
	size_t lines = 0;
	for (size_t at = 0; at < len; lines++) {
		const char *eol = memchr(text + at, '\n', len - at);
		at = eol ? (size_t)(eol + 1 - text) : len;
	}
	FUZZ_ASSERT(log.damaged ? log.count < lines : log.count == lines);
	free(log.entries);
	return 0;
}
