/*
 * Session data of Django, as its file and database stores write it.
 *
 * Since 3.1 (django/core/signing.py): payload ":" time ":" HMAC, the payload
 * base64url of JSON, of zlib behind a leading dot; the time in base 62.
 * Before: base64 of the HMAC in hex, ":", and JSON or a pickle
 * (django/contrib/sessions/backends/base.py, _legacy_encode).
 */
#include "rules/decoders/decoders.h"

#include "rules/decoders/encoding.h"
#include "rules/decoders/json_value.h"
#include "rules/decoders/pickle.h"
#include "rules/decoders/session_hints.h"

#include <string.h>

#define SHA256_LEN     43 /* of base64url, without padding */
#define SHA1_LEN       27
#define SHA1_HEX_LEN   ((size_t)40)
#define MAX_TIME_LEN   8
#define SESSION_ID_LEN ((size_t)32)
#define MAX_LIFETIME   ((int64_t)1 << 40)

/** The three parts of a signed value. */
struct parts {
	struct encoding_span payload;
	int64_t signed_at; /* seconds since 1970 */
	bool compressed;
	size_t signature_len;
};

static bool read_time(int64_t *out, const unsigned char *text, size_t len)
{
	static const char digits[] = SESSION_DIGIT SESSION_UPPER SESSION_LOWER;
	if (!len || len > MAX_TIME_LEN)
		return false;
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		const char *digit = memchr(digits, text[i], sizeof(digits) - 1);
		if (!digit)
			return false;
		*out = *out * 62 + (digit - digits);
	}
	return true;
}

static bool split(struct parts *out, struct encoding_span text)
{
	const unsigned char *last = memrchr(text.bytes, ':', text.len);
	if (!last)
		return false;
	size_t before = (size_t)(last - text.bytes);
	out->signature_len = text.len - before - 1;
	const unsigned char *first = memrchr(text.bytes, ':', before);
	if (!first || first == text.bytes ||
		(out->signature_len != SHA256_LEN &&
			out->signature_len != SHA1_LEN))
		return false;
	out->compressed = text.bytes[0] == '.';
	out->payload.bytes = text.bytes + out->compressed;
	out->payload.len = (size_t)(first - out->payload.bytes);
	return read_time(
		&out->signed_at, first + 1, (size_t)(last - first - 1));
}

/** JSON, or a pickle from PickleSerializer; 1 when it is a dict. */
static int read_payload(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct value_builder builder = {
		.arena = out->arena,
		.values_left = VALUE_MAX_COUNT,
	};
	int rc = 0;
	if (len && bytes[0] == '{')
		rc = json_value_read(&out->root, &builder, bytes, len, err);
	if (len && bytes[0] == 0x80) {
		struct pickle pickle;
		rc = pickle_read(&pickle, &builder, bytes, len, err);
		out->root = pickle.root;
		out->calls = pickle.calls.names;
		out->call_count = pickle.calls.count;
		out->truncated = pickle.truncated;
	}
	return rc == 1 && out->root->type != VALUE_MAP ? 0 : rc;
}

static int read_signed(
	struct decoded *out, const struct parts *parts, struct err *err)
{
	struct encoding_span data;
	if (!encoding_base64(&data, out->arena, parts->payload.bytes,
		    parts->payload.len, BASE64_URL))
		return 0;
	if (parts->compressed) {
		int rc = encoding_inflate(
			&data, out->arena, data.bytes, data.len, err);
		if (rc <= 0)
			return rc;
	}
	out->variant = parts->signature_len == SHA1_LEN
		? "signed with SHA-1"
		: "Django 3.1 and later";
	return read_payload(out, data.bytes, data.len, err);
}

static bool is_hex(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!bytes[i] || !strchr(SESSION_HEX, bytes[i]))
			return false;
	return true;
}

static int read_legacy(
	struct decoded *out, struct encoding_span text, struct err *err)
{
	struct encoding_span data;
	if (!encoding_base64(&data, out->arena, text.bytes, text.len,
		    BASE64_STANDARD | BASE64_WHITE_SPACE) ||
		data.len <= SHA1_HEX_LEN + 1 ||
		data.bytes[SHA1_HEX_LEN] != ':' ||
		!is_hex(data.bytes, SHA1_HEX_LEN))
		return 0;
	out->variant = "Django before 3.1";
	return read_payload(out, data.bytes + SHA1_HEX_LEN + 1,
		data.len - SHA1_HEX_LEN - 1, err);
}

/** set_expiry() keeps the seconds from the last save; 0: browser's end. */
static void note_expiry(struct decoded *out, int64_t signed_at)
{
	const struct value *lifetime = value_get(out->root, "_session_expiry");
	if (!lifetime)
		return;
	int64_t seconds;
	if (pickle_datetime(&seconds, lifetime)) {
		out->expiry = EXPIRY_AT;
		out->expires_at = seconds;
	} else if (lifetime->type == VALUE_INT && lifetime->number > 0 &&
		lifetime->number < MAX_LIFETIME && signed_at) {
		out->expiry = EXPIRY_AT;
		out->expires_at = signed_at + lifetime->number;
	}
}

/** The file store's names end with the session id. */
static bool name_has_id(const char *path)
{
	const char *name = session_file_name(path);
	size_t len = strlen(name);
	return len > SESSION_ID_LEN &&
		session_name_matches(name + len - SESSION_ID_LEN, "",
			SESSION_ID_LEN, SESSION_LOWER SESSION_DIGIT);
}

static int decode(struct decoded *out, const unsigned char *bytes, size_t len,
	struct err *err)
{
	struct encoding_span text = encoding_trim(bytes, len);
	struct parts parts = { 0 };
	if (!text.len)
		return 0;
	bool is_signed = split(&parts, text);
	int rc = is_signed ? read_signed(out, &parts, err)
			   : read_legacy(out, text, err);
	if (rc <= 0)
		return rc;
	out->kind = "session";
	out->entry_count = 1;
	if (name_has_id(out->path))
		out->id = ID_CLEAR;
	note_expiry(out, is_signed ? parts.signed_at : 0);
	return 1;
}

const struct decoder decoder_django_session = {
	.name = "django-session",
	.summary = "session data of Django's file and database stores",
	.kinds = (const char *const[]){ "session", NULL },
	.decode = decode,
};
