/* Values by their shape. What makes the key of a scheme: scheme.c. */
#include "rules/signing/signed_value.h"

#include "rules/decoders/encoding.h"
#include "rules/decoders/itsdangerous.h"
#include "rules/signing/scheme.h"

#include <ctype.h>
#include <string.h>

#define SHA1_LEN        20
#define SHA256_LEN      32
#define DJANGO_TIME_LEN 6 /* base 62, from 1999 to 3769 */

static const char *const names[SIGNING_SCHEME_COUNT] = {
	"flask",
	"flask-session",
	"starlette",
	"django",
	"django-sha1",
	"django-legacy",
	"express",
	"securecookie",
	"jwt-hs256",
};

const char *signing_scheme_name(int scheme)
{
	return names[scheme];
}

static bool set_signature(struct signed_value *out, struct arena *arena,
	const unsigned char *text, size_t len, unsigned flags)
{
	struct encoding_span raw;
	if (!encoding_base64(&raw, arena, text, len, flags) ||
		(raw.len != SHA1_LEN && raw.len != SHA256_LEN))
		return false;
	memcpy(out->signature, raw.bytes, raw.len);
	out->signature_len = raw.len;
	return true;
}

static void set_message(
	struct signed_value *out, const unsigned char *bytes, size_t len)
{
	out->message = bytes;
	out->message_len = len;
}

/* Flask, Flask-Session, Starlette; of JSON Web Tokens two parts fit. */
static bool read_itsdangerous(
	struct signed_value *out, struct encoding_span text)
{
	struct itsdangerous cookie;
	if (!itsdangerous_split(&cookie, text.bytes, text.len) ||
		cookie.signature_len != SHA1_LEN)
		return false;
	memcpy(out->signature, cookie.signature, SHA1_LEN);
	out->signature_len = SHA1_LEN;
	set_message(out, cookie.signed_part.bytes, cookie.signed_part.len);
	if (cookie.timed) {
		out->schemes = 1U << SIGNING_FLASK | 1U << SIGNING_STARLETTE;
	} else {
		out->schemes = 1U << SIGNING_FLASK_SESSION;
		out->session_id = cookie.payload.bytes;
		out->session_id_len = cookie.payload.len;
	}
	return true;
}

/* payload ":" time ":" signature, django.core.signing */
static bool read_django(struct signed_value *out, struct arena *arena,
	struct encoding_span text)
{
	const unsigned char *colon = memrchr(text.bytes, ':', text.len);
	if (!colon)
		return false;
	size_t before = (size_t)(colon - text.bytes);
	const unsigned char *time = memrchr(text.bytes, ':', before);
	if (!time || time == text.bytes ||
		(size_t)(colon - time - 1) != DJANGO_TIME_LEN ||
		!set_signature(out, arena, colon + 1, text.len - before - 1,
			BASE64_URL))
		return false;
	set_message(out, text.bytes, before);
	out->schemes = out->signature_len == SHA256_LEN
		? 1U << SIGNING_DJANGO
		: 1U << SIGNING_DJANGO_SHA1;
	return true;
}

static int hex_value(unsigned char byte)
{
	if (!isxdigit(byte))
		return -1;
	return isdigit(byte) ? byte - '0' : (byte | 0x20) - 'a' + 10;
}

/* base64 of 40 hex digits ":" session, django.contrib.sessions before 3.1 */
static bool read_django_legacy(struct signed_value *out, struct arena *arena,
	struct encoding_span text)
{
	struct encoding_span raw;
	if (!encoding_base64(
		    &raw, arena, text.bytes, text.len, BASE64_STANDARD) ||
		raw.len < 2 * SHA1_LEN + 1 || raw.bytes[2 * SHA1_LEN] != ':')
		return false;
	for (size_t i = 0; i < SHA1_LEN; i++) {
		int high = hex_value(raw.bytes[2 * i]);
		int low = hex_value(raw.bytes[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out->signature[i] = (uint8_t)(high << 4 | low);
	}
	out->signature_len = SHA1_LEN;
	set_message(
		out, raw.bytes + 2 * SHA1_LEN + 1, raw.len - 2 * SHA1_LEN - 1);
	out->schemes = 1U << SIGNING_DJANGO_LEGACY;
	return true;
}

/* Percent-decoding, RFC 3986 §2.1; what is no escape stays. */
static struct encoding_span unescape(
	struct arena *arena, struct encoding_span text)
{
	unsigned char *bytes = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		bytes[len++] = text.bytes[i];
		if (text.bytes[i] != '%' || i + 2 >= text.len)
			continue;
		int high = hex_value(text.bytes[i + 1]);
		int low = hex_value(text.bytes[i + 2]);
		if (high < 0 || low < 0)
			continue;
		bytes[len - 1] = (unsigned char)(high << 4 | low);
		i += 2;
	}
	return (struct encoding_span){ bytes, len };
}

/* "s:" id "." signature, cookie-parser and cookie-signature of npm */
static bool read_express(struct signed_value *out, struct arena *arena,
	struct encoding_span text)
{
	struct encoding_span plain = unescape(arena, text);
	const unsigned char *dot = memrchr(plain.bytes, '.', plain.len);
	if (plain.len < 3 || memcmp(plain.bytes, "s:", 2) != 0 || !dot)
		return false;
	size_t before = (size_t)(dot - plain.bytes);
	if (!set_signature(out, arena, dot + 1, plain.len - before - 1,
		    BASE64_STANDARD) ||
		out->signature_len != SHA256_LEN)
		return false;
	set_message(out, plain.bytes + 2, before - 2);
	out->schemes = 1U << SIGNING_EXPRESS;
	return true;
}

/* signature "?" name "=" value "&" …; what is signed is "|" before each
 * item, werkzeug/contrib/securecookie.py of 0.9 */
static bool read_securecookie(struct signed_value *out, struct arena *arena,
	struct encoding_span text)
{
	const unsigned char *mark = memchr(text.bytes, '?', text.len);
	if (!mark ||
		!set_signature(out, arena, text.bytes,
			(size_t)(mark - text.bytes), BASE64_STANDARD) ||
		out->signature_len != SHA1_LEN)
		return false;
	size_t len = (size_t)(text.bytes + text.len - mark);
	unsigned char *message = arena_alloc(arena, len);
	for (size_t i = 0; i < len; i++)
		message[i] = !i || mark[i] == '&' ? '|' : mark[i];
	set_message(out, message, len);
	out->schemes = 1U << SIGNING_SECURECOOKIE;
	return true;
}

/* header "." payload "." signature, RFC 7515 §3.1; the header says HS256 */
static bool read_jwt(struct signed_value *out, struct arena *arena,
	struct encoding_span text)
{
	const unsigned char *first = memchr(text.bytes, '.', text.len);
	const unsigned char *last = memrchr(text.bytes, '.', text.len);
	struct encoding_span header;
	if (!first || first == last ||
		!encoding_base64(&header, arena, text.bytes,
			(size_t)(first - text.bytes), BASE64_URL) ||
		!memmem(header.bytes, header.len, "\"HS256\"", 7))
		return false;
	size_t before = (size_t)(last - text.bytes);
	if (!set_signature(
		    out, arena, last + 1, text.len - before - 1, BASE64_URL) ||
		out->signature_len != SHA256_LEN)
		return false;
	set_message(out, text.bytes, before);
	out->schemes = 1U << SIGNING_JWT_HS256;
	return true;
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

bool signed_value_read(struct signed_value *out, struct arena *arena,
	const unsigned char *bytes, size_t len)
{
	*out = (struct signed_value){ 0 };
	if (!len || len > SIGNED_VALUE_MAX)
		return false;
	struct encoding_span text = unquote(bytes, len);
	return read_jwt(out, arena, text) ||
		read_securecookie(out, arena, text) ||
		read_express(out, arena, text) ||
		read_django(out, arena, text) || read_itsdangerous(out, text) ||
		read_django_legacy(out, arena, text);
}

bool signed_value_verify(int *scheme, const struct signed_value *value,
	const unsigned char *key, size_t key_len)
{
	for (int i = 0; i < SIGNING_SCHEME_COUNT; i++)
		if (value->schemes & 1U << i &&
			scheme_signs(i, value, key, key_len)) {
			*scheme = i;
			return true;
		}
	return false;
}
