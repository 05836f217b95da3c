/*
 * Excerpts: the line around a match, without the secret. The only place where
 * content becomes text for a report.
 *
 * Promise: at most EXCERPT_MAX characters, one line of valid UTF-8 without
 * unsafe characters (base/utf8.h); of the secret at most its first four
 * characters, and none of one shorter than 16; no other occurrence of it, and
 * no other run on the line that looks like a secret.
 */
#ifndef SCANNER_REDACT_H
#define SCANNER_REDACT_H

#include "base/arena.h"
#include "base/buf.h"

#include <stddef.h>

#define EXCERPT_MAX 120

/** The excerpt for the secret at the half-open span; borrowed from `arena`. */
char *redact_excerpt(struct arena *arena, const unsigned char *bytes,
	size_t len, size_t secret_start, size_t secret_end);

/** Appends what an excerpt shows of a secret instead of it. */
void redact_add_secret(
	struct buf *out, const unsigned char *secret, size_t len);

#endif
