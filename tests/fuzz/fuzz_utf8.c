#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

/* A character never reaches past the end, and all of them make valid text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	bool valid = true;
	size_t at = 0;
	while (at < len) {
		uint32_t code = 0;
		size_t step = utf8_decode(&code, bytes + at, len - at);
		FUZZ_ASSERT(step <= 4 && step <= len - at);
		FUZZ_ASSERT(code <= 0x10FFFF);
		valid = valid && step;
		at += step ? step : 1;
	}
	FUZZ_ASSERT(utf8_valid(bytes, len) == valid);
	return 0;
}
