#include "base/alloc.h"
#include "base/cleanup.h"
#include "rules/char_class.h"
#include "rules/checksum.h"
#include "rules/lookalike.h"
#include "rules/placeholder.h"
#include "rules/word_model.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define ALL ((1U << LOOKALIKE_COUNT) - 1)

static bool is_shown(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

/* Every test is asked about the bytes; what a checksum tells is short and fit
 * for a report. */
static void ask(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; checksums[i]; i++) {
		struct checksum_detail detail;
		memset(&detail, 'x', sizeof(detail));
		(void)checksum_holds(checksums[i], &detail, bytes, len);
		FUZZ_ASSERT(memchr(detail.text, '\0', sizeof(detail.text)));
		FUZZ_ASSERT(is_shown(detail.text));
	}
	unsigned kind = lookalike_of(bytes, len, ALL);
	FUZZ_ASSERT(!kind || lookalike_name(kind));
	FUZZ_ASSERT(len || placeholder_kind(bytes, len));
	(void)placeholder_kind(bytes, len);
	FUZZ_ASSERT(word_score(bytes, len).pairs <= len);
	FUZZ_ASSERT(char_classes_in(bytes, len) < 1U << CLASS_COUNT);
}

/* Without any "{}", as in examples of rules: so that no file of the corpus is
 * a live-looking secret. The copy is as long as the bytes, for the sanitizer.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	CLEANUP(freep) uint8_t *secret = xmalloc(len + 1);
	size_t count = 0;
	for (size_t i = 0; i < len; i++) {
		if (i + 1 < len && bytes[i] == '{' && bytes[i + 1] == '}')
			i++;
		else
			secret[count++] = bytes[i];
	}
	secret = xreallocarray(secret, count + !count, 1);
	ask(secret, count);
	return 0;
}
