/*
 * Redis dumps with sessions inside, known by their keys: `session:` of
 * Flask-Session and cachelib, `sess:` of connect-redis, `spring:session` of
 * Spring Session, `PHPREDIS_SESSION:` of phpredis.
 *
 * The dump is walked key by key (redis, src/rdb.h and rdb.c, versions 1 to
 * 12) over the types that are made of strings. A stream, a module or a type
 * that is not known ends the walk; the rest is then searched for the prefixes
 * behind a byte of length, which can miss keys and says so (truncated).
 */
#include "rules/decoders/decoders.h"
#include "rules/decoders/expiry.h"
#include "rules/decoders/span.h"

#include <string.h>

#define KIND_SESSIONS "redis-sessions"

#define HEADER_LEN 9
#define MAX_ROOT   8

/* Opcodes, RDB_OPCODE_*. */
enum opcode {
	OP_SLOT_INFO = 0xf4,
	OP_FUNCTION = 0xf5,
	OP_IDLE = 0xf8,
	OP_FREQUENCY = 0xf9,
	OP_AUX = 0xfa,
	OP_RESIZE = 0xfb,
	OP_EXPIRES_MS = 0xfc,
	OP_EXPIRES = 0xfd,
	OP_SELECT = 0xfe,
	OP_EOF = 0xff,
};

static const char *const prefixes[] = { "session:", "sess:", "spring:session",
	"PHPREDIS_SESSION:", NULL };

/** A walk over a dump. */
struct walk {
	struct decoded *out;
	struct span rest;
	struct value_builder builder;
	int64_t expires; /* of the next key, seconds; 0: never */
};

static bool skip(struct walk *walk, uint64_t count)
{
	if (count > walk->rest.len)
		return false;
	walk->rest.bytes += count;
	walk->rest.len -= (size_t)count;
	return true;
}

static bool take_number(
	uint64_t *out, struct walk *walk, size_t count, bool big_endian)
{
	const unsigned char *bytes = walk->rest.bytes;
	if (!skip(walk, count))
		return false;
	*out = 0;
	for (size_t i = 0; i < count; i++)
		*out = *out << 8 | bytes[big_endian ? i : count - 1 - i];
	return true;
}

/** Encodings of a string besides plain bytes: RDB_ENC_*; and no length. */
enum encoding { PLAIN = -1, INT8 = 0, INT16 = 1, INT32 = 2, LZF = 3 };

/** A length: 6, 14, 32 or 64 bits, or how a string is encoded. */
static bool take_length(uint64_t *out, int *encoding, struct walk *walk)
{
	uint64_t first, second;
	*encoding = PLAIN;
	if (!take_number(&first, walk, 1, true))
		return false;
	switch (first >> 6) {
	case 0:
		*out = first;
		return true;
	case 1:
		if (!take_number(&second, walk, 1, true))
			return false;
		*out = (first & 0x3f) << 8 | second;
		return true;
	case 2:
		if (first != 0x80 && first != 0x81)
			return false;
		return take_number(out, walk, first == 0x80 ? 4 : 8, true);
	default:
		*encoding = (int)(first & 0x3f);
		*out = 0;
		return *encoding <= LZF;
	}
}

static bool take_count(uint64_t *out, struct walk *walk)
{
	int encoding;
	return take_length(out, &encoding, walk) && encoding == PLAIN;
}

/** A string; a number or a compressed one is stepped over and empty. */
static bool take_string(struct span *out, struct walk *walk)
{
	uint64_t len;
	int encoding;
	if (!take_length(&len, &encoding, walk))
		return false;
	*out = (struct span){ walk->rest.bytes, 0 };
	if (encoding == LZF) {
		uint64_t plain_len;
		return take_count(&len, walk) && take_count(&plain_len, walk) &&
			skip(walk, len);
	}
	if (encoding != PLAIN)
		return skip(walk, UINT64_C(1) << encoding);
	*out = (struct span){ walk->rest.bytes, (size_t)len };
	return skip(walk, len);
}

static bool skip_strings(struct walk *walk, uint64_t count)
{
	struct span string;
	for (uint64_t i = 0; i < count; i++)
		if (!take_string(&string, walk))
			return false;
	return true;
}

/** A score as text: a byte of length, of which 253 to 255 are NaN and ∞. */
static bool skip_score(struct walk *walk)
{
	uint64_t len;
	return take_number(&len, walk, 1, true) &&
		(len >= 253 || skip(walk, len));
}

/** Members with a score: as text in old dumps, as 8 bytes in new ones. */
static bool skip_sorted_set(struct walk *walk, bool binary)
{
	uint64_t count;
	if (!take_count(&count, walk))
		return false;
	for (uint64_t i = 0; i < count; i++)
		if (!skip_strings(walk, 1) ||
			!(binary ? skip(walk, 8) : skip_score(walk)))
			return false;
	return true;
}

/** Nodes of a list, each with a byte of container before it. */
static bool skip_quicklist2(struct walk *walk)
{
	uint64_t count, container;
	if (!take_count(&count, walk))
		return false;
	for (uint64_t i = 0; i < count; i++)
		if (!take_count(&container, walk) || !skip_strings(walk, 1))
			return false;
	return true;
}

static bool skip_counted(struct walk *walk, uint64_t strings_each)
{
	uint64_t count;
	return take_count(&count, walk) && count <= walk->rest.len &&
		skip_strings(walk, count * strings_each);
}

/** Steps over a value of a type RDB_TYPE_* that is not a plain string. */
static bool skip_value(struct walk *walk, uint64_t type)
{
	switch (type) {
	case 1:  /* list */
	case 2:  /* set */
	case 14: /* quicklist */
		return skip_counted(walk, 1);
	case 4: /* hash */
		return skip_counted(walk, 2);
	case 3:
	case 5:
		return skip_sorted_set(walk, type == 5);
	case 9:  /* hash as zipmap */
	case 10: /* list as ziplist */
	case 11: /* set as intset */
	case 12: /* sorted set as ziplist */
	case 13: /* hash as ziplist */
	case 16: /* hash as listpack */
	case 17: /* sorted set as listpack */
	case 20: /* set as listpack */
		return skip_strings(walk, 1);
	case 18:
		return skip_quicklist2(walk);
	default:
		return false;
	}
}

static bool is_session_key(struct span key)
{
	for (size_t i = 0; prefixes[i]; i++)
		if (span_starts(key, prefixes[i]) &&
			key.len > strlen(prefixes[i]))
			return true;
	return false;
}

/** One row of the root: the key is a session's id, so it is no map key. */
static bool add_row(struct walk *walk, struct span key, struct span value)
{
	struct value_builder *builder = &walk->builder;
	struct value *row = value_new(builder, VALUE_MAP);
	struct value *names[] = { value_text(builder, "key", 3),
		value_text(builder, "value", 5) };
	struct value *values[] = { value_bytes(builder, key.bytes, key.len),
		value_bytes(builder, value.bytes, value.len) };
	return row && names[0] && names[1] && values[0] && values[1] &&
		value_add(builder, row, names[0], values[0]) &&
		value_add(builder, row, names[1], values[1]) &&
		value_add(builder, walk->out->root, NULL, row);
}

static void add_session(struct walk *walk, struct span key, struct span value)
{
	struct decoded *out = walk->out;
	out->entry_count++;
	if (walk->expires)
		expiry_add(out, walk->expires);
	else
		expiry_add_never(out);
	if (out->root->count >= MAX_ROOT || !add_row(walk, key, value))
		out->truncated = true;
}

static bool take_key(struct walk *walk, uint64_t type)
{
	struct span key, value = { walk->rest.bytes, 0 };
	if (!take_string(&key, walk))
		return false;
	bool whole =
		type == 0 ? take_string(&value, walk) : skip_value(walk, type);
	if (is_session_key(key))
		add_session(walk, key, value);
	walk->expires = 0;
	return whole;
}

static bool take_expiry(struct walk *walk, size_t len)
{
	uint64_t time;
	if (!take_number(&time, walk, len, false))
		return false;
	walk->expires = (int64_t)(len == 8 ? time / 1000 : time);
	return true;
}

static bool skip_counts(struct walk *walk, size_t count)
{
	uint64_t number;
	for (size_t i = 0; i < count; i++)
		if (!take_count(&number, walk))
			return false;
	return true;
}

/** One opcode or key. False when the walk can not go on. */
static bool take_step(struct walk *walk, uint64_t opcode)
{
	switch (opcode) {
	case OP_AUX:
		return skip_strings(walk, 2);
	case OP_FUNCTION:
		return skip_strings(walk, 1);
	case OP_SELECT:
	case OP_IDLE:
		return skip_counts(walk, 1);
	case OP_RESIZE:
		return skip_counts(walk, 2);
	case OP_SLOT_INFO:
		return skip_counts(walk, 3);
	case OP_FREQUENCY:
		return skip(walk, 1);
	case OP_EXPIRES:
		return take_expiry(walk, 4);
	case OP_EXPIRES_MS:
		return take_expiry(walk, 8);
	default:
		return take_key(walk, opcode);
	}
}

/** Walks to the end of the dump; false when it got stuck before. */
static bool walk_dump(struct walk *walk)
{
	uint64_t opcode;
	while (take_number(&opcode, walk, 1, true)) {
		if (opcode == OP_EOF)
			return true;
		if (!take_step(walk, opcode))
			return false;
	}
	return false;
}

/** Counts the prefix where the byte before it can be the key's length. */
static void search_prefix(
	struct decoded *out, struct span rest, const char *prefix)
{
	size_t prefix_len = strlen(prefix);
	const unsigned char *end = rest.bytes + rest.len;
	const unsigned char *at = rest.bytes;
	while ((at = memmem(at, (size_t)(end - at), prefix, prefix_len))) {
		if (at > rest.bytes) {
			unsigned char len = at[-1];
			bool fits = len < 0x40 ? len > prefix_len
					       : (len & 0xc0) == 0x40;
			out->entry_count += fits;
		}
		at += prefix_len;
	}
}

static int decode_redis_rdb(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct walk walk = {
		.out = out,
		.rest = { bytes, len },
		.builder = { out->arena, VALUE_MAX_COUNT },
	};
	(void)err; /* the walk is linear and its result cut */
	if (len < HEADER_LEN || !span_starts(walk.rest, "REDIS") ||
		!span_made_of((struct span){ bytes + 5, 4 }, "0123456789"))
		return 0;
	skip(&walk, HEADER_LEN);
	out->root = value_new(&walk.builder, VALUE_LIST);
	if (!walk_dump(&walk)) {
		out->truncated = true;
		for (size_t i = 0; prefixes[i]; i++)
			search_prefix(out, walk.rest, prefixes[i]);
	}
	if (!out->entry_count)
		return 0;
	out->kind = KIND_SESSIONS;
	out->id = ID_CLEAR;
	return 1;
}

static const char *const kinds[] = { KIND_SESSIONS, NULL };

const struct decoder decoder_redis_rdb = {
	.name = "redis-rdb",
	.summary = "Redis dumps with sessions inside",
	.kinds = kinds,
	.decode = decode_redis_rdb,
};
