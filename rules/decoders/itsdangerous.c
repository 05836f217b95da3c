/*
 * The decoder of signed cookies as they stand in a request: Flask's and
 * Starlette's sessions, Flask-Session's signed ids, Werkzeug's SecureCookie,
 * and JSON Web Tokens, which look alike. It reads; it verifies nothing.
 */
#include "rules/decoders/itsdangerous.h"

#include "rules/decoders/decoders.h"
#include "rules/decoders/json_value.h"
#include "rules/decoders/pickle.h"
#include "rules/decoders/session_hints.h"

#include <string.h>

#define MAC_LEN      ((size_t)28) /* base64 of SHA-1's 20 bytes, padded */
#define UUID_LEN     36
#define SID_LEN      43 /* secrets.token_urlsafe(32) */
#define MAX_TEXT_LEN ((size_t)64 * 1024)

/** What every form works with. */
struct reading {
	struct decoded *out;
	struct value_builder builder;
	struct err *err;
};

/* Flask and Starlette */

/** json.dumps() with its own separators writes a space behind a colon. */
static bool has_spaces(struct encoding_span json)
{
	size_t at = 2; /* behind {" */
	while (at < json.len && json.bytes[at] != '"')
		at += json.bytes[at] == '\\' ? 2 : 1;
	return at + 2 < json.len && json.bytes[at + 1] == ':' &&
		json.bytes[at + 2] == ' ';
}

static bool read_object_start(struct encoding_span json)
{
	return json.len >= 2 && json.bytes[0] == '{';
}

/** Starlette's base64 has "+", "/" and padding, Flask's has not. */
static int read_payload(
	struct reading *reading, const struct itsdangerous *cookie)
{
	struct decoded *out = reading->out;
	struct encoding_span json;
	bool flask = !memchr(cookie->payload.bytes, '=', cookie->payload.len) &&
		encoding_base64(&json, out->arena, cookie->payload.bytes,
			cookie->payload.len, BASE64_URL);
	if (!flask &&
		!encoding_base64(&json, out->arena, cookie->payload.bytes,
			cookie->payload.len, BASE64_STANDARD))
		return 0;
	if (cookie->compressed) {
		int rc = encoding_inflate(
			&json, out->arena, json.bytes, json.len, reading->err);
		if (rc <= 0)
			return rc;
	}
	if (!read_object_start(json))
		return 0;
	if (!cookie->compressed && (!flask || has_spaces(json)))
		out->kind = "starlette-cookie";
	else if (flask)
		out->kind = "flask-cookie";
	else
		return 0;
	return json_value_read(&out->root, &reading->builder, json.bytes,
		json.len, reading->err);
}

static bool is_sid(struct encoding_span text)
{
	static const char url_safe[] =
		SESSION_UPPER SESSION_LOWER SESSION_DIGIT "-_";
	static const char *const alphabets[] = { SESSION_HEX "-", url_safe };
	if (text.len != UUID_LEN && text.len != SID_LEN)
		return false;
	const char *alphabet = alphabets[text.len == SID_LEN];
	for (size_t i = 0; i < text.len; i++)
		if (!text.bytes[i] || !strchr(alphabet, text.bytes[i]))
			return false;
	return text.len == SID_LEN ||
		(text.bytes[8] == '-' && text.bytes[13] == '-' &&
			text.bytes[18] == '-' && text.bytes[23] == '-');
}

/** Flask-Session's cookie, with SESSION_USE_SIGNER: id "." signature. */
static int read_signed_sid(
	struct reading *reading, const struct itsdangerous *cookie)
{
	if (cookie->compressed || !is_sid(cookie->payload))
		return 0;
	reading->out->kind = "signed-sid";
	reading->out->root = value_text(
		&reading->builder, cookie->payload.bytes, cookie->payload.len);
	return reading->out->root ? 1 : 0;
}

static int read_cookie(
	struct reading *reading, const unsigned char *bytes, size_t len)
{
	struct itsdangerous cookie;
	if (!itsdangerous_split(&cookie, bytes, len))
		return 0;
	reading->out->id = ID_CLEAR;
	if (!cookie.timed)
		return read_signed_sid(reading, &cookie);
	reading->out->variant = cookie.epoch_2011
		? "itsdangerous before 1.0"
		: "itsdangerous 1.0 and later";
	return read_payload(reading, &cookie);
}

/* JSON Web Tokens, RFC 7519 */

static int read_json_part(struct reading *reading, struct value **out,
	const unsigned char *text, size_t len)
{
	struct encoding_span json;
	if (!encoding_base64(
		    &json, reading->out->arena, text, len, BASE64_URL) ||
		!read_object_start(json))
		return 0;
	return json_value_read(
		out, &reading->builder, json.bytes, json.len, reading->err);
}

static void note_jwt_expiry(struct decoded *out)
{
	const struct value *at = value_get(out->root, "exp");
	out->expiry = at ? EXPIRY_UNKNOWN : EXPIRY_NEVER;
	if (at && at->type == VALUE_INT && !at->bytes && at->number > 0) {
		out->expiry = EXPIRY_AT;
		out->expires_at = at->number;
	}
}

static int read_jwt(
	struct reading *reading, const unsigned char *bytes, size_t len)
{
	struct encoding_span text = encoding_trim(bytes, len);
	const unsigned char *first = memchr(text.bytes, '.', text.len);
	const unsigned char *last = memrchr(text.bytes, '.', text.len);
	struct encoding_span signature;
	if (!first || first == last ||
		!encoding_base64(&signature, reading->out->arena, last + 1,
			(size_t)(text.bytes + text.len - last - 1), BASE64_URL))
		return 0;
	struct value *header;
	int rc = read_json_part(
		reading, &header, text.bytes, (size_t)(first - text.bytes));
	if (rc <= 0)
		return rc;
	if (!value_get(header, "alg"))
		return 0;
	rc = read_json_part(reading, &reading->out->root, first + 1,
		(size_t)(last - first - 1));
	if (rc <= 0)
		return rc;
	reading->out->kind = "jwt";
	reading->out->variant = NULL;
	reading->out->id = ID_CREDENTIAL;
	note_jwt_expiry(reading->out);
	return 1;
}

/* Werkzeug's SecureCookie, in Flask before 0.10 */

/** A pickle, or JSON where the application chose it. */
static int read_item(struct reading *reading, struct call_list *calls,
	struct value **out, struct encoding_span raw)
{
	if (raw.len && (raw.bytes[0] == '{' || raw.bytes[0] == '"'))
		return json_value_read(out, &reading->builder, raw.bytes,
			raw.len, reading->err);
	struct pickle pickle;
	int rc = pickle_read(
		&pickle, &reading->builder, raw.bytes, raw.len, reading->err);
	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < pickle.calls.count; i++)
		call_list_add(
			calls, reading->out->arena, pickle.calls.names[i]);
	reading->out->truncated |= pickle.truncated;
	*out = pickle.root;
	return pickle.consumed == raw.len;
}

/** One "name=base64"; `item` ends before the "&" or at the end. */
static int add_item(struct reading *reading, struct call_list *calls,
	struct encoding_span item)
{
	const unsigned char *equals = memchr(item.bytes, '=', item.len);
	struct encoding_span raw;
	if (!equals || equals == item.bytes)
		return 0;
	size_t name_len = (size_t)(equals - item.bytes);
	if (!encoding_base64(&raw, reading->out->arena, equals + 1,
		    item.len - name_len - 1, BASE64_STANDARD))
		return 0;
	struct value *value;
	int rc = read_item(reading, calls, &value, raw);
	if (rc <= 0)
		return rc;
	struct value *key = value_text(&reading->builder, item.bytes, name_len);
	if (!key ||
		!value_add(&reading->builder, reading->out->root, key, value))
		return err_set(
			reading->err, ERR_LIMIT, "cookie with too many values");
	return 1;
}

static int add_items(struct reading *reading, struct encoding_span text)
{
	struct call_list calls = { 0 };
	int rc = 1;
	while (rc == 1 && text.len) {
		const unsigned char *end = memchr(text.bytes, '&', text.len);
		size_t len = end ? (size_t)(end - text.bytes) : text.len;
		rc = add_item(reading, &calls,
			(struct encoding_span){ text.bytes, len });
		len += end ? 1 : 0;
		text.bytes += len;
		text.len -= len;
	}
	reading->out->calls = calls.names;
	reading->out->call_count = calls.count;
	reading->out->truncated |= calls.truncated;
	return rc;
}

static int read_securecookie(
	struct reading *reading, const unsigned char *bytes, size_t len)
{
	struct decoded *out = reading->out;
	struct encoding_span text = encoding_trim(bytes, len);
	struct encoding_span mac;
	if (text.len > 2 && text.bytes[0] == '"' &&
		text.bytes[text.len - 1] == '"')
		text = (struct encoding_span){ text.bytes + 1, text.len - 2 };
	if (text.len <= MAC_LEN + 1 || text.bytes[MAC_LEN] != '?' ||
		!encoding_base64(&mac, out->arena, text.bytes, MAC_LEN,
			BASE64_STANDARD) ||
		mac.len != 20)
		return 0;
	out->root = value_new(&reading->builder, VALUE_MAP);
	if (!out->root)
		return 0;
	text.bytes += MAC_LEN + 1;
	text.len -= MAC_LEN + 1;
	int rc = add_items(reading, text);
	if (rc <= 0)
		return rc;
	out->kind = "securecookie";
	out->variant = "Werkzeug SecureCookie, Flask before 0.10";
	out->id = ID_CLEAR;
	const struct value *at = value_get(out->root, "_expires");
	if (at && at->type == VALUE_INT && !at->bytes && at->number > 0) {
		out->expiry = EXPIRY_AT;
		out->expires_at = at->number;
	}
	return 1;
}

static int decode(struct decoded *out, const unsigned char *bytes, size_t len,
	struct err *err)
{
	struct reading reading = {
		.out = out,
		.builder = { .arena = out->arena,
			.values_left = VALUE_MAX_COUNT },
		.err = err,
	};
	if (!len || len > MAX_TEXT_LEN)
		return 0;
	out->entry_count = 1;
	int rc = read_jwt(&reading, bytes, len);
	if (!rc)
		rc = read_securecookie(&reading, bytes, len);
	if (!rc)
		rc = read_cookie(&reading, bytes, len);
	return rc;
}

const struct decoder decoder_itsdangerous = {
	.name = "itsdangerous",
	.summary =
		"signed cookie of Flask, Starlette, Flask-Session, Werkzeug; "
		"JWT",
	.kinds = (const char *const[]){ "flask-cookie", "starlette-cookie",
		"signed-sid", "securecookie", "jwt", NULL },
	.decode = decode,
};
