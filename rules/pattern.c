#include "rules/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

int pattern_check(const char *pattern, bool ignore_case, struct err *err,
	size_t *error_offset)
{
	int code = 0;
	uint32_t flags = PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
	pcre2_code *compiled =
		pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
			ignore_case ? flags | PCRE2_CASELESS : flags, &code,
			error_offset, NULL);
	if (compiled) {
		pcre2_code_free(compiled);
		return 0;
	}
	PCRE2_UCHAR text[128] = "";
	pcre2_get_error_message(code, text, sizeof(text));
	return err_set(err, ERR_PARSE, "%s", (const char *)text);
}
