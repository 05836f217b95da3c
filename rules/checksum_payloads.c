/* Tokens that carry data which can be read: JSON, or a macaroon. */
#include "rules/checksum_table.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "rules/decoders/encoding.h"
#include "rules/decoders/json_value.h"
#include "rules/placeholder.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The JSON object behind a text in base64 of either alphabet, or NULL. */
static const struct value *read_object(
	struct arena *arena, const unsigned char *text, size_t len)
{
	struct encoding_span json;
	struct value_builder builder = { arena, VALUE_MAX_COUNT };
	struct value *value = NULL;
	struct err err;
	if (!encoding_base64(&json, arena, text, len, BASE64_URL) &&
		!encoding_base64(&json, arena, text, len, BASE64_STANDARD))
		return NULL;
	if (json_value_read(&value, &builder, json.bytes, json.len, &err) <= 0)
		return NULL;
	return value->type == VALUE_MAP ? value : NULL;
}

/* RFC 7617 §2: "user:password" in base64. The password is three characters or
 * more, all of them graphic or blanks, and no placeholder. */
static bool basic_auth_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	CLEANUP(arena_wipe) struct arena arena = { 0 };
	struct encoding_span pair;
	if (!encoding_base64(&pair, &arena, bytes, len, BASE64_STANDARD))
		return false;
	for (size_t i = 0; i < pair.len; i++)
		if (!isprint(pair.bytes[i]))
			return false;
	const unsigned char *colon = memchr(pair.bytes, ':', pair.len);
	if (!colon || colon == pair.bytes)
		return false;
	size_t rest = pair.len - (size_t)(colon + 1 - pair.bytes);
	return rest >= 3 && !placeholder_kind(colon + 1, rest);
}

const struct checksum checksum_basic_auth = {
	.name = "basic-auth",
	.summary = "user and password in base64, as HTTP sends them",
	.holds = basic_auth_holds,
};

static bool is_plain(const struct value *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (!isalnum(text->bytes[i]) && text->bytes[i] != '-')
			return false;
	return text->len > 0 && text->len <= 20;
}

/* RFC 7519 §3 and RFC 7515 §7.1: HEADER "." CLAIMS "." SIGNATURE, the first
 * two JSON objects in base64url; the header names an algorithm. Unsigned
 * ("none") is no secret. */
static bool jwt_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const unsigned char *first = memchr(bytes, '.', len);
	if (!first)
		return false;
	const unsigned char *claims = first + 1;
	size_t rest = len - (size_t)(claims - bytes);
	const unsigned char *second = memchr(claims, '.', rest);
	if (!second || second + 1 == bytes + len)
		return false;
	const struct value *header =
		read_object(&arena, bytes, (size_t)(first - bytes));
	const struct value *algorithm =
		header ? value_get(header, "alg") : NULL;
	if (!algorithm || !value_is_bytes(algorithm) || !is_plain(algorithm) ||
		value_is_text(algorithm, "none"))
		return false;
	snprintf(detail->text, sizeof(detail->text), "%.*s",
		(int)algorithm->len, (const char *)algorithm->bytes);
	return read_object(&arena, claims, (size_t)(second - claims)) != NULL;
}

const struct checksum checksum_jwt = {
	.name = "jwt",
	.summary = "JSON Web Tokens: header and claims are JSON, and signed",
	.holds = jwt_holds,
};

static size_t base64_len(
	const unsigned char *bytes, size_t len, const char *others)
{
	size_t count = 0;
	while (count < len && bytes[count] &&
		(isalnum(bytes[count]) || strchr(others, bytes[count])))
		count++;
	return count;
}

/* "eyJ" is `{"` in base64. Behind it may stand a signature, set off by an
 * underscore where the alphabet has none. */
static bool json_payload_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const unsigned char *start = memmem(bytes, len, "eyJ", 3);
	if (!start)
		return false;
	size_t rest = len - (size_t)(start - bytes);
	size_t url = base64_len(start, rest, "-_=");
	size_t standard = base64_len(start, rest, "+/=");
	return read_object(&arena, start, url) ||
		(standard != url && read_object(&arena, start, standard));
}

const struct checksum checksum_json_payload = {
	.name = "json-payload",
	.summary = "tokens that carry a JSON object in base64",
	.holds = json_payload_holds,
};

/* A number in the varint encoding of Protocol Buffers, at most four bytes. */
static bool take_number(size_t *out, struct encoding_span *in)
{
	*out = 0;
	for (unsigned shift = 0; in->len && shift < 28; shift += 7) {
		unsigned char byte = *in->bytes++;
		in->len--;
		*out |= (size_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/* The fields up to the end of a section; false when they do not add up. */
static bool take_section(size_t *field_count, struct encoding_span *in)
{
	for (*field_count = 0;; ++*field_count) {
		size_t type, size;
		if (!take_number(&type, in))
			return false;
		if (!type)
			return true;
		if (!take_number(&size, in) || size > in->len)
			return false;
		in->bytes += size;
		in->len -= size;
	}
}

/* Version 2 of the binary format, https://github.com/rescrv/libmacaroons
 * doc/format.txt: a byte 2, the header's section, one of each caveat, an empty
 * one, and as field 6 a signature of 32 bytes. */
static bool macaroon_is_whole(struct encoding_span in)
{
	const size_t signature = 2 + 32;
	size_t fields = 0;
	if (!in.len || in.bytes[0] != 2)
		return false;
	in.bytes++;
	in.len--;
	bool valid = take_section(&fields, &in) && fields;
	while (valid && fields)
		valid = take_section(&fields, &in);
	return valid && in.len == signature && in.bytes[0] == 6 &&
		in.bytes[1] == 32;
}

static bool macaroon_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const unsigned char *start = memmem(bytes, len, "AgE", 3);
	struct encoding_span in;
	return start &&
		encoding_base64(&in, &arena, start,
			len - (size_t)(start - bytes),
			BASE64_URL | BASE64_STANDARD) &&
		macaroon_is_whole(in);
}

const struct checksum checksum_macaroon = {
	.name = "macaroon",
	.summary = "tokens that are macaroons, such as those of PyPI",
	.proves = true,
	.holds = macaroon_holds,
};
