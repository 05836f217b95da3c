/* Base64 and zlib around a session's bytes. */
#ifndef RULES_DECODERS_ENCODING_H
#define RULES_DECODERS_ENCODING_H

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/** Bytes in an arena. */
struct encoding_span {
	const unsigned char *bytes;
	size_t len;
};

enum base64_flags {
	BASE64_STANDARD = 1,    /* "+" and "/" */
	BASE64_URL = 2,         /* "-" and "_" */
	BASE64_WHITE_SPACE = 4, /* line ends anywhere */
};

/** Where a compressed session is cut off. */
#define ENCODING_MAX_INFLATED ((size_t)16 * 1024 * 1024)

/**
 * Decodes the whole text (RFC 4648 §4, §5); padding may be absent. False when
 * there is another character in it, or a single one is left over.
 */
bool encoding_base64(struct encoding_span *out, struct arena *arena,
	const unsigned char *text, size_t len, unsigned flags);

/**
 * Inflates a whole zlib stream (RFC 1950). Returns 1, 0 when it is none, or
 * ERR_LIMIT beyond ENCODING_MAX_INFLATED.
 */
int encoding_inflate(struct encoding_span *out, struct arena *arena,
	const unsigned char *bytes, size_t len, struct err *err) MUST_CHECK;

/** Without white space at both ends. */
struct encoding_span encoding_trim(const unsigned char *text, size_t len);

#endif
