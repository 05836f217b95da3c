/*
 * Signatures as text: "53 51 4c @16 00-02 ??". Hex bytes, ranges of them, ??
 * for any byte, and @N (decimal) to go on at offset N from the start of the
 * file; bytes jumped over are any.
 */
#ifndef RULES_SIGNATURE_H
#define RULES_SIGNATURE_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/rule.h"

#include <stdbool.h>
#include <stddef.h>

#define SIGNATURE_MAX_LEN    512       /* from the first byte to the last */
#define SIGNATURE_MAX_OFFSET (1 << 20) /* of the first byte */

/** Parses a signature into the arena. ERR_PARSE says what is wrong. */
int signature_parse(struct rule_signature *out, struct arena *arena,
	const char *text, struct err *err) MUST_CHECK;

/** The text of a signature, in its shortest form. Borrowed from the arena. */
const char *signature_text(
	struct arena *arena, const struct rule_signature *signature);

/** True when one of the rule's signatures fits the bytes, or it has none. */
bool signatures_fit(
	const struct rule *rule, const unsigned char *bytes, size_t len);

#endif
