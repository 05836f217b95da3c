/*
 * SHA-256 over a sequence of items. Each goes in with its length, so that no
 * two sequences run together to the same bytes.
 */
#ifndef RULES_DIGEST_H
#define RULES_DIGEST_H

#include <nettle/sha2.h>

#include <stddef.h>
#include <stdint.h>

/** Begins; a text that says what the digest is for goes in first. */
void digest_init(struct sha256_ctx *sha, const char *purpose);

void digest_bytes(struct sha256_ctx *sha, const void *bytes, size_t len);
void digest_number(struct sha256_ctx *sha, int64_t number);

/** NULL is another text than "". */
void digest_text(struct sha256_ctx *sha, const char *text);

#endif
