#include "rules/signing/key_forms.h"
#include "rules/signing/signed_value.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* The first line is a key as written, the rest a value. Forms stay within
 * their memory, and the parts of a value are read no further than they go. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const uint8_t *line = memchr(bytes, '\n', len);
	size_t key_len = line ? (size_t)(line - bytes) : len;
	size_t value_at = line ? key_len + 1 : len;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct key_forms forms;
	struct signed_value value;
	key_forms_make(&forms, bytes, key_len);
	FUZZ_ASSERT(forms.used <= forms.size);
	FUZZ_ASSERT(forms.count <= KEY_FORMS_MAX);
	if (signed_value_read(
		    &value, &arena, bytes + value_at, len - value_at)) {
		FUZZ_ASSERT(value.schemes);
		FUZZ_ASSERT(value.signature_len <= SIGNATURE_MAX);
		for (size_t i = 0; i < forms.count; i++) {
			int scheme = 0;
			if (signed_value_verify(&scheme, &value,
				    forms.items[i].bytes, forms.items[i].len))
				FUZZ_ASSERT(value.schemes & 1U << scheme);
		}
	}
	key_forms_clear(&forms);
	return 0;
}
