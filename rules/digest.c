#include "rules/digest.h"

#include <string.h>

void digest_number(struct sha256_ctx *sha, int64_t number)
{
	uint8_t bytes[8];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((uint64_t)number >> (8 * i));
	sha256_update(sha, sizeof(bytes), bytes);
}

void digest_bytes(struct sha256_ctx *sha, const void *bytes, size_t len)
{
	digest_number(sha, (int64_t)len);
	if (len)
		sha256_update(sha, len, bytes);
}

void digest_text(struct sha256_ctx *sha, const char *text)
{
	digest_number(sha, text != NULL);
	digest_bytes(sha, text, text ? strlen(text) : 0);
}

void digest_init(struct sha256_ctx *sha, const char *purpose)
{
	sha256_init(sha);
	digest_text(sha, purpose);
}
