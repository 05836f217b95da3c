/*
 * What a rule asks of the secret itself, beyond its pattern: entropy, classes
 * of characters, that it is no placeholder, no look-alike and nothing made to
 * be published, and the checksum of its format. Cheapest first; nothing is
 * allocated but by a checksum.
 */
#ifndef RULES_SECRET_TEST_H
#define RULES_SECRET_TEST_H

#include "rules/rule.h"

#include <stdbool.h>
#include <stddef.h>

/** Why a secret is none; the order in which it is asked. */
enum secret_doubt {
	SECRET_PASSES,
	SECRET_TOO_EVEN,     /* entropy */
	SECRET_LACKS_CLASS,  /* requires */
	SECRET_LOOKS_LIKE,   /* unlike */
	SECRET_IS_PUBLISHED, /* rules/published.h */
	SECRET_NOT_PROVED,   /* checksum */
	SECRET_PLACEHOLDER,
};

/** The first doubt about the bytes, SECRET_PASSES for none. An empty secret is
 * a placeholder, and so is what a purge wrote in place of one. */
enum secret_doubt secret_test(
	const struct rule *rule, const unsigned char *secret, size_t len);

#endif
