#include "rules/published.h"

#include "base/cleanup.h"

#include <ctype.h>
#include <string.h>

/* Where the prefix says it all, and how much stands behind it at least. */
static const struct {
	const char *prefix;
	size_t more;
} starts[] = {
	/* keys for browsers: Stripe, Mapbox, PostHog, Supabase */
	{ "pk_live_", 10 },
	{ "pk_test_", 10 },
	{ "pk.eyJ", 20 },
	{ "phc_", 30 },
	{ "sb_publishable_", 10 },
	/* encrypted: dotenvx, SOPS, Jasypt, Spring Cloud, Vault, AWS KMS */
	{ "encrypted:", 8 },
	{ "ENC[", 8 },
	{ "ENC(", 8 },
	{ "{cipher}", 8 },
	{ "vault:v", 8 },
	{ "AQICAH", 60 },
	/* references: AWS, 1Password */
	{ "arn:", 8 },
	{ "op://", 3 },
};

/* Client tokens of Datadog: pub, and 32 hex digits. */
static bool is_client_token(const unsigned char *bytes, size_t len)
{
	if (len != 35 || memcmp(bytes, "pub", 3) != 0)
		return false;
	for (size_t i = 3; i < len; i++)
		if (!isxdigit(bytes[i]))
			return false;
	return true;
}

bool is_published(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		size_t size = strlen(starts[i].prefix);
		if (len >= size + starts[i].more &&
			!memcmp(bytes, starts[i].prefix, size))
			return true;
	}
	return is_client_token(bytes, len);
}
