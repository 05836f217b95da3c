#include "scanner/fingerprint.h"

#include <nettle/hmac.h>
#include <nettle/sha2.h>

#include <stdint.h>
#include <string.h>

static const char builtin_key[] = "git-hygiene fingerprint 1";

static void to_hex(char *out, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * len] = '\0';
}

void secret_id(char out[FINGERPRINT_HEX + 1], const char *key,
	const unsigned char *secret, size_t len)
{
	struct hmac_sha256_ctx ctx;
	uint8_t digest[FINGERPRINT_HEX / 2];
	if (!key)
		key = builtin_key;
	hmac_sha256_set_key(&ctx, strlen(key), (const uint8_t *)key);
	hmac_sha256_update(&ctx, len, secret);
	hmac_sha256_digest(&ctx, sizeof(digest), digest);
	to_hex(out, digest, sizeof(digest));
}

void finding_fingerprint(char out[FINGERPRINT_HEX + 1], const char *rule,
	const char *path, const char *secret)
{
	struct sha256_ctx ctx;
	uint8_t digest[FINGERPRINT_HEX / 2];
	sha256_init(&ctx);
	/* each with its NUL, so that parts cannot flow into each other */
	sha256_update(&ctx, strlen(rule) + 1, (const uint8_t *)rule);
	sha256_update(&ctx, strlen(path) + 1, (const uint8_t *)path);
	sha256_update(&ctx, strlen(secret) + 1, (const uint8_t *)secret);
	sha256_digest(&ctx, sizeof(digest), digest);
	to_hex(out, digest, sizeof(digest));
}

void byte_digest(unsigned char out[DIGEST_SIZE], const void *bytes, size_t len)
{
	struct sha256_ctx ctx;
	sha256_init(&ctx);
	sha256_update(&ctx, len, bytes);
	sha256_digest(&ctx, DIGEST_SIZE, out);
}

void text_digest(char out[65], const void *bytes, size_t len)
{
	unsigned char digest[DIGEST_SIZE];
	byte_digest(digest, bytes, len);
	to_hex(out, digest, sizeof(digest));
}
