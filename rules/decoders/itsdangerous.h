/*
 * Signed cookies taken apart, for the decoder and for whoever checks a
 * signature against a key.
 */
#ifndef RULES_DECODERS_ITSDANGEROUS_H
#define RULES_DECODERS_ITSDANGEROUS_H

#include "rules/decoders/encoding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ITSDANGEROUS_MAX_SIGNATURE ((size_t)64) /* SHA-512 */

/** `payload "." time "." signature`, or `id "." signature`. Spans borrow. */
struct itsdangerous {
	struct encoding_span signed_part; /* what the signature covers */
	struct encoding_span payload;     /* base64, without the leading dot;
					     or the session id */
	bool compressed;                  /* there was a leading dot */
	bool timed;                       /* there is a time */
	bool epoch_2011;   /* itsdangerous before 1.0 counted from 2011 */
	int64_t issued_at; /* seconds since 1970 */
	unsigned char signature[ITSDANGEROUS_MAX_SIGNATURE];
	size_t signature_len; /* 20, 32, 48 or 64 */
};

/**
 * Splits a value by its shape alone: false when it has another. White space
 * and double quotes around it are left out.
 */
bool itsdangerous_split(
	struct itsdangerous *out, const unsigned char *bytes, size_t len);

#endif
