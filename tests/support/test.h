/* cmocka in the order it wants, and helpers that fail with the cause. */
#ifndef TESTS_SUPPORT_TEST_H
#define TESTS_SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/** Fails at the caller's line with err.msg when the call fails. */
#define assert_ok(call, err)                                   \
	do {                                                   \
		if ((call) < 0)                                \
			fail_msg("%s: %s", #call, (err)->msg); \
	} while (0)

/** Fails unless the call returns this negative code. */
#define assert_err(call, expected, err)                                   \
	do {                                                              \
		int rc_ = (call);                                         \
		if (rc_ != (expected))                                    \
			fail_msg("%s: %d instead of %d (%s)", #call, rc_, \
				(expected), (err)->msg);                  \
	} while (0)

#endif
