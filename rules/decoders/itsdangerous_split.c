/* The parts of a signed cookie: payload, time, signature. */
#include "rules/decoders/itsdangerous.h"

#include <string.h>

#define TIME_LEN       6          /* four bytes, from 1971 to 2106 */
#define UNIX_TIME_FROM 1000000000 /* no package of ours is older */
#define EPOCH_2011     1293840000 /* itsdangerous 0.24 timed.py, EPOCH */

static bool read_signature(
	struct itsdangerous *out, const unsigned char *text, size_t len)
{
	/* SHA-1, SHA-256, SHA-384, SHA-512, by their base64url length */
	if (len != 27 && len != 43 && len != 64 && len != 86)
		return false;
	struct arena arena = { 0 };
	struct encoding_span raw;
	bool ok = encoding_base64(&raw, &arena, text, len, BASE64_URL) &&
		!memchr(text, '=', len);
	if (ok) {
		memcpy(out->signature, raw.bytes, raw.len);
		out->signature_len = raw.len;
	}
	arena_clear(&arena);
	return ok;
}

static bool read_time(
	struct itsdangerous *out, const unsigned char *text, size_t len)
{
	struct arena arena = { 0 };
	struct encoding_span raw;
	if (len != TIME_LEN)
		return false;
	bool ok = encoding_base64(&raw, &arena, text, len, BASE64_URL) &&
		raw.len == 4;
	if (ok) {
		int64_t seconds = 0;
		for (size_t i = 0; i < raw.len; i++)
			seconds = seconds << 8 | raw.bytes[i];
		out->epoch_2011 = seconds < UNIX_TIME_FROM;
		out->issued_at = seconds + (out->epoch_2011 ? EPOCH_2011 : 0);
	}
	arena_clear(&arena);
	return ok;
}

static struct encoding_span unquote(const unsigned char *bytes, size_t len)
{
	struct encoding_span text = encoding_trim(bytes, len);
	if (text.len >= 2 && text.bytes[0] == '"' &&
		text.bytes[text.len - 1] == '"') {
		text.bytes++;
		text.len -= 2;
	}
	return text;
}

bool itsdangerous_split(
	struct itsdangerous *out, const unsigned char *bytes, size_t len)
{
	*out = (struct itsdangerous){ 0 };
	struct encoding_span text = unquote(bytes, len);
	const unsigned char *last = memrchr(text.bytes, '.', text.len);
	if (!last)
		return false;
	size_t before = (size_t)(last - text.bytes);
	if (!before || !read_signature(out, last + 1, text.len - before - 1))
		return false;
	out->signed_part = (struct encoding_span){ text.bytes, before };
	out->compressed = text.bytes[0] == '.';
	out->payload.bytes = text.bytes + out->compressed;
	out->payload.len = before - out->compressed;
	const unsigned char *middle =
		memrchr(out->payload.bytes, '.', out->payload.len);
	if (!middle)
		return out->payload.len > 0;
	out->timed = true;
	out->payload.len = (size_t)(middle - out->payload.bytes);
	return out->payload.len > 0 &&
		read_time(out, middle + 1, (size_t)(last - middle - 1));
}
