/*
 * Files of Werkzeug's and cachelib's FileSystemCache, in which Flask-Session
 * keeps sessions: an expiry time, then the cached object. Their header
 * changed with time (cachelib file.py and serializers.py at each tag):
 *
 *   Werkzeug, cachelib < 0.5    pickle of an int, protocol 1
 *   cachelib 0.5, 0.6           pickle of an int, highest protocol
 *   cachelib >= 0.7             four bytes, native byte order
 *
 * The object is a pickle of the highest protocol, or JSON when the application
 * set a JSON serializer.
 */
#include "rules/decoders/decoders.h"

#include "rules/decoders/json_value.h"
#include "rules/decoders/pickle.h"
#include "rules/decoders/session_hints.h"

#define MAX_HEADER_LEN ((size_t)32)
#define OLDEST_EXPIRY  1000000000   /* 2001 */
#define OLDEST_JSON    1600000000   /* 2020: the JSON serializer is newer */
#define LATEST_EXPIRY  253402300799 /* 9999 */
#define NATIVE_LEN     ((size_t)4)
#define MAX_COUNTER    1000000000

/** What stands before the object. */
struct header {
	int64_t expiry; /* seconds since 1970, 0 is never */
	size_t len;
	bool native;  /* four bytes, no pickle */
	bool swapped; /* … written by a big-endian machine */
	const char *variant;
};

static bool is_expiry(int64_t seconds)
{
	return !seconds ||
		(seconds >= OLDEST_EXPIRY && seconds <= LATEST_EXPIRY);
}

/** ERR_LIMIT cannot happen: a header is too short to pass a bound. */
static bool read_pickled_header(struct header *out,
	struct value_builder *builder, const unsigned char *bytes, size_t len)
{
	struct err ignored;
	struct pickle pickle;
	if (len > MAX_HEADER_LEN)
		len = MAX_HEADER_LEN;
	if (pickle_read(&pickle, builder, bytes, len, &ignored) != 1 ||
		pickle.root->type != VALUE_INT || pickle.root->bytes ||
		!is_expiry(pickle.root->number))
		return false;
	*out = (struct header){
		.expiry = pickle.root->number,
		.len = pickle.consumed,
		.variant = pickle.protocol ? "cachelib 0.5 and 0.6"
					   : "Werkzeug, or cachelib before 0.5",
	};
	return true;
}

static bool read_native_header(
	struct header *out, const unsigned char *bytes, size_t len)
{
	if (len <= NATIVE_LEN)
		return false;
	int64_t little = 0;
	int64_t big = 0;
	for (size_t i = 0; i < NATIVE_LEN; i++) {
		little |= (int64_t)bytes[i] << (8 * i);
		big = big << 8 | bytes[i];
	}
	*out = (struct header){
		.len = NATIVE_LEN,
		.native = true,
		.swapped = !is_expiry(little),
		.variant = "cachelib 0.7 and later",
	};
	out->expiry = out->swapped ? big : little;
	return is_expiry(out->expiry);
}

static int read_pickled_body(struct decoded *out, struct value_builder *builder,
	const unsigned char *body, size_t len, struct err *err)
{
	if (len < 2 || body[0] != 0x80 || body[1] < 2)
		return 0;
	struct pickle pickle;
	int rc = pickle_read(&pickle, builder, body, len, err);
	if (rc <= 0)
		return rc;
	if (pickle.consumed != len)
		return 0;
	out->root = pickle.root;
	out->calls = pickle.calls.names;
	out->call_count = pickle.calls.count;
	out->truncated = pickle.truncated;
	return 1;
}

/**
 * Four bytes and JSON are a weak sign: only what cachelib would write itself
 * is taken, a counter that never expires, or an object with a recent time.
 */
static int read_json_body(struct decoded *out, struct value_builder *builder,
	struct header *header, const unsigned char *body, size_t len,
	struct err *err)
{
	bool dated = !header->swapped && header->expiry >= OLDEST_JSON;
	if (!len || (body[0] != '{' && (body[0] < '0' || body[0] > '9')) ||
		(!dated && header->expiry) || (dated && body[0] != '{'))
		return 0;
	header->variant = "cachelib 0.15 and later, JSON";
	return json_value_read(&out->root, builder, body, len, err);
}

static const char *kind_of(
	const struct value *root, const struct header *header)
{
	if (root->type == VALUE_INT && !root->bytes && !header->expiry &&
		root->number >= 0 && root->number < MAX_COUNTER)
		return "counter";
	if (root->type != VALUE_MAP)
		return "cache-entry";
	if (session_keys_confirm(root))
		return "session";
	return session_keys_are_text(root) ? "session-like" : "cache-entry";
}

static void fill(struct decoded *out, const struct header *header)
{
	out->kind = kind_of(out->root, header);
	out->variant = header->variant;
	out->expiry = header->expiry ? EXPIRY_AT : EXPIRY_NEVER;
	out->expires_at = header->expiry;
	out->id = ID_HASHED;
	out->entry_count = 1;
}

static int decode(struct decoded *out, const unsigned char *bytes, size_t len,
	struct err *err)
{
	struct value_builder builder = {
		.arena = out->arena,
		.values_left = VALUE_MAX_COUNT,
	};
	struct header header;
	if (!read_pickled_header(&header, &builder, bytes, len) &&
		!read_native_header(&header, bytes, len))
		return 0;
	const unsigned char *body = bytes + header.len;
	size_t body_len = len - header.len;
	int rc = read_pickled_body(out, &builder, body, body_len, err);
	if (!rc && header.native)
		rc = read_json_body(
			out, &builder, &header, body, body_len, err);
	if (rc == 1)
		fill(out, &header);
	return rc;
}

const struct decoder decoder_cachelib = {
	.name = "cachelib",
	.summary =
		"file of cachelib or Werkzeug's cache, used by Flask-Session",
	.kinds = (const char *const[]){ "session", "session-like", "counter",
		"cache-entry", NULL },
	.decode = decode,
};
