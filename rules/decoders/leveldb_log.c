/*
 * Local Storage of a Chromium profile, which is a LevelDB. In its log (.log)
 * keys and values stand in clear and are read as maps; in a table (.ldb) most
 * blocks are compressed, so it is only searched for the keys that a block
 * begins with.
 *
 * Other LevelDBs of a profile are not meant: what tells this one is a key
 * `_<origin>\0<name>` with an http origin (Chromium,
 * components/services/storage/dom_storage/local_storage_impl.cc).
 */
#include "rules/decoders/decoders.h"
#include "rules/decoders/span.h"

#include "base/buf.h"

#include <string.h>

#define KIND_LOCAL_STORAGE "local-storage"

/* leveldb, doc/log_format.md */
#define BLOCK_LEN         32768
#define RECORD_HEADER_LEN 7
#define BATCH_HEADER_LEN  12
#define MAX_BATCH         ((size_t)16 * 1024 * 1024)

/* leveldb, table/format.h: the last 8 bytes of a table. */
static const unsigned char table_magic[8] = { 0x57, 0xfb, 0x80, 0x8b, 0x24,
	0x75, 0x47, 0xdb };

enum record_type { FULL = 1, FIRST = 2, MIDDLE = 3, LAST = 4 };

struct log_reading {
	struct decoded *out;
	struct value_builder builder;
	struct buf batch;
};

static bool take_varint(uint64_t *out, struct span *rest)
{
	*out = 0;
	for (unsigned shift = 0; shift < 63 && rest->len; shift += 7) {
		unsigned char byte = *rest->bytes++;
		rest->len--;
		*out |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

static bool take_slice(struct span *out, struct span *rest)
{
	uint64_t len;
	if (!take_varint(&len, rest) || len > rest->len)
		return false;
	*out = (struct span){ rest->bytes, (size_t)len };
	rest->bytes += len;
	rest->len -= (size_t)len;
	return true;
}

/** The name behind `_<origin>\0`, and the byte that gives its encoding. */
static bool storage_name(struct span *name, struct span key)
{
	struct span origin;
	if (!span_starts(key, "_http://") && !span_starts(key, "_https://"))
		return false;
	if (!span_cut(&origin, &key, '\0') || key.len < 2)
		return false;
	*name = key;
	return true;
}

/** Text without the byte before it: 1 is Latin-1, 0 is UTF-16. */
static struct value *text_value(struct log_reading *reading, struct span text)
{
	if (!text.len)
		return value_text(&reading->builder, "", 0);
	const unsigned char *copy = (const unsigned char *)arena_memdupz(
		reading->builder.arena, text.bytes + 1, text.len - 1);
	if (text.bytes[0] == 1)
		return value_text(&reading->builder, copy, text.len - 1);
	return value_bytes(&reading->builder, copy, text.len - 1);
}

static void add_pair(
	struct log_reading *reading, struct span key, struct span value)
{
	struct span name;
	if (!storage_name(&name, key))
		return;
	reading->out->entry_count++;
	struct value *key_text = text_value(reading, name);
	struct value *content_text = text_value(reading, value);
	if (!key_text || !content_text ||
		!value_add(&reading->builder, reading->out->root, key_text,
			content_text))
		reading->out->truncated = true;
}

/** A batch: sequence number, count, then `1 key value` and `0 key`
 * (leveldb, db/write_batch.cc). False when it is not one. */
static bool read_batch(struct log_reading *reading, struct span batch)
{
	if (batch.len < BATCH_HEADER_LEN)
		return false;
	batch.bytes += BATCH_HEADER_LEN;
	batch.len -= BATCH_HEADER_LEN;
	while (batch.len) {
		struct span key, value;
		unsigned char tag = *batch.bytes++;
		batch.len--;
		if (tag > 1 || !take_slice(&key, &batch))
			return false;
		if (!tag)
			continue;
		if (!take_slice(&value, &batch))
			return false;
		add_pair(reading, key, value);
	}
	return true;
}

/** Joins the fragments of a batch and reads it when it is whole. */
static bool read_record(struct log_reading *reading, int type, struct span data)
{
	if (type == FULL)
		return read_batch(reading, data);
	if (type == FIRST)
		buf_reset(&reading->batch);
	if (buf_add(&reading->batch, data.bytes, data.len) < 0)
		return false;
	struct span batch = { (const unsigned char *)reading->batch.bytes,
		reading->batch.len };
	return type == LAST ? read_batch(reading, batch) : true;
}

/** Reads the records of one block; false when they make no sense. */
static bool read_block(struct log_reading *reading, struct span block)
{
	while (block.len >= RECORD_HEADER_LEN) {
		size_t len = block.bytes[4] | (size_t)block.bytes[5] << 8;
		int type = block.bytes[6];
		struct span data = { block.bytes + RECORD_HEADER_LEN, len };
		if (!type && !len)
			return true; /* room that was laid out beforehand */
		if (type < FULL || type > LAST ||
			len > block.len - RECORD_HEADER_LEN ||
			!read_record(reading, type, data))
			return false;
		block.bytes += RECORD_HEADER_LEN + len;
		block.len -= RECORD_HEADER_LEN + len;
	}
	return true;
}

static void read_log(struct log_reading *reading, struct span file)
{
	while (file.len) {
		size_t len = file.len < BLOCK_LEN ? file.len : BLOCK_LEN;
		struct span block = { file.bytes, len };
		if (!read_block(reading, block)) {
			reading->out->truncated = true;
			return;
		}
		file.bytes += len;
		file.len -= len;
	}
}

static int decode_log(struct decoded *out, struct span file)
{
	struct log_reading reading = {
		.out = out,
		.builder = { out->arena, VALUE_MAX_COUNT },
	};
	buf_init(&reading.batch, MAX_BATCH);
	out->root = value_new(&reading.builder, VALUE_MAP);
	read_log(&reading, file);
	buf_clear(&reading.batch);
	return out->entry_count > 0;
}

/** Counts keys that stand in clear: names follow the origin's NUL. */
static int decode_table(struct decoded *out, struct span file)
{
	static const char *const marks[] = { "_http://", "_https://" };
	const unsigned char *end = file.bytes + file.len;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		const unsigned char *at = file.bytes;
		while ((at = memmem(at, (size_t)(end - at), marks[i],
				strlen(marks[i])))) {
			struct span key = { at, (size_t)(end - at) };
			struct span origin;
			key.len = key.len < 256 ? key.len : 256;
			if (span_cut(&origin, &key, '\0'))
				out->entry_count++;
			at += strlen(marks[i]);
		}
	}
	out->truncated = true;
	return out->entry_count > 0;
}

static int decode_leveldb_log(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct span file = { bytes, len };
	(void)err; /* linear; what is too much is cut */
	int rc;
	if (len >= 48 &&
		!memcmp(bytes + len - sizeof(table_magic), table_magic,
			sizeof(table_magic)))
		rc = decode_table(out, file);
	else
		rc = decode_log(out, file);
	if (!rc)
		return 0;
	out->kind = KIND_LOCAL_STORAGE;
	out->id = ID_CLEAR;
	return 1;
}

static const char *const kinds[] = { KIND_LOCAL_STORAGE, NULL };

const struct decoder decoder_leveldb_log = {
	.name = "leveldb-log",
	.summary = "Local Storage of Chromium profiles",
	.kinds = kinds,
	.decode = decode_leveldb_log,
};
