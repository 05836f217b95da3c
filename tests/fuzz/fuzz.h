/* What libFuzzer calls, and driver.c in its place. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** Runs one input; must not keep anything. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
