/*
 * Names for secrets that give nothing away: HMAC-SHA-256, cut to 128 bits, in
 * hex. The key decides who can test a guess against a report: the built-in one
 * is public, so a short secret can be guessed from its id; set
 * hygiene.fingerprintKey to keep reports to yourself.
 */
#ifndef SCANNER_FINGERPRINT_H
#define SCANNER_FINGERPRINT_H

#include <stddef.h>

#define FINGERPRINT_HEX 32

/** The id of a secret's bytes under a text key; NULL is the built-in key. */
void secret_id(char out[FINGERPRINT_HEX + 1], const char *key,
	const unsigned char *secret, size_t len);

/**
 * The identity of a finding over time: rule, path and secret id ("" for none),
 * never commit, blob or line. It survives rebase, squash and moved lines.
 */
void finding_fingerprint(char out[FINGERPRINT_HEX + 1], const char *rule,
	const char *path, const char *secret);

#define DIGEST_SIZE 32

/** SHA-256 over bytes. */
void byte_digest(unsigned char out[DIGEST_SIZE], const void *bytes, size_t len);

/** The same as 64 hex digits. */
void text_digest(char out[65], const void *bytes, size_t len);

#endif
