/* What every fuzz target defines; see CONTRIBUTING.md for how to run one. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** Feeds the bytes to the code under test; traps on a broken promise. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/** Ends the process at once, so that the fuzzer keeps the input. */
#define FUZZ_ASSERT(condition)            \
	do {                              \
		if (!(condition))         \
			__builtin_trap(); \
	} while (0)

#endif
