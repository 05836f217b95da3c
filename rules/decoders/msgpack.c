/*
 * MessagePack (github.com/msgpack/msgpack, spec.md), in which Flask-Session
 * keeps sessions outside of files. Read here and not by msgpack-c: that
 * allocates what an array's header claims before it has seen an element
 * (4.0.0: 4 GB for five bytes), and offers no bound.
 */
#include "rules/decoders/decoders.h"

#include "base/utf8.h"
#include "rules/decoders/session_hints.h"

#include <assert.h>
#include <string.h>

struct reader {
	struct value_builder builder;
	const unsigned char *bytes;
	size_t len;
	size_t at;
	bool limited;
};

static bool take(struct reader *reader, const unsigned char **out, uint64_t len)
{
	if (len > reader->len - reader->at)
		return false;
	*out = reader->bytes + reader->at;
	reader->at += (size_t)len;
	return true;
}

/** A big-endian unsigned number of `width` bytes. */
static bool take_number(struct reader *reader, uint64_t *out, size_t width)
{
	const unsigned char *bytes;
	if (!take(reader, &bytes, width))
		return false;
	*out = 0;
	for (size_t i = 0; i < width; i++)
		*out = *out << 8 | bytes[i];
	return true;
}

/** Passes a new value on, and notes that the bound was hit where it is NULL. */
static struct value *made(struct reader *reader, struct value *value)
{
	if (!value)
		reader->limited = true;
	return value;
}

static struct value *make(struct reader *reader, enum value_type type)
{
	return made(reader, value_new(&reader->builder, type));
}

static struct value *read_bool(struct reader *reader, bool flag)
{
	struct value *value = make(reader, VALUE_BOOL);
	if (value)
		value->number = flag;
	return value;
}

static struct value *read_unsigned(struct reader *reader, size_t width)
{
	uint64_t number;
	if (!take_number(reader, &number, width))
		return NULL;
	struct value *value = make(reader, VALUE_INT);
	if (!value)
		return NULL;
	value->number = (int64_t)number;
	if (number <= INT64_MAX)
		return value;
	char *text = arena_printf(
		reader->builder.arena, "%llu", (unsigned long long)number);
	value->bytes = (const unsigned char *)text;
	value->len = strlen(text);
	return value;
}

static struct value *read_signed(struct reader *reader, size_t width)
{
	uint64_t number;
	assert(width >= 1 && width <= sizeof(number));
	if (!take_number(reader, &number, width))
		return NULL;
	unsigned shift = 64 - 8 * (unsigned)width;
	return made(reader,
		value_int(
			&reader->builder, (int64_t)(number << shift) >> shift));
}

static struct value *read_float(struct reader *reader, size_t width)
{
	uint64_t number;
	if (!take_number(reader, &number, width))
		return NULL;
	struct value *value = make(reader, VALUE_FLOAT);
	if (!value)
		return NULL;
	if (width == 8) {
		memcpy(&value->real, &number, sizeof(value->real));
		return value;
	}
	uint32_t half = (uint32_t)number;
	float real;
	memcpy(&real, &half, sizeof(real));
	value->real = (double)real;
	return value;
}

static struct value *read_text(struct reader *reader, uint64_t len)
{
	const unsigned char *bytes;
	if (!take(reader, &bytes, len))
		return NULL;
	struct value *value =
		make(reader, utf8_valid(bytes, len) ? VALUE_TEXT : VALUE_BYTES);
	if (value) {
		value->bytes = bytes;
		value->len = (size_t)len;
	}
	return value;
}

static struct value *read_bytes(struct reader *reader, uint64_t len)
{
	const unsigned char *bytes;
	if (!take(reader, &bytes, len))
		return NULL;
	return made(reader, value_bytes(&reader->builder, bytes, (size_t)len));
}

/** A type of the application's own: an object of its number and bytes. */
static struct value *read_extension(struct reader *reader, uint64_t len)
{
	struct value *type = read_signed(reader, 1);
	struct value *bytes = type ? read_bytes(reader, len) : NULL;
	struct value *object = bytes ? make(reader, VALUE_OBJECT) : NULL;
	if (!object)
		return NULL;
	object->name = "extension";
	if (!value_add(&reader->builder, object, NULL, type) ||
		!value_add(&reader->builder, object, NULL, bytes))
		return made(reader, NULL);
	return object;
}

static struct value *read_value(struct reader *reader, unsigned depth);

/** Each element takes a byte at least: a greater count is a lie. */
static struct value *read_list(
	struct reader *reader, uint64_t count, unsigned depth)
{
	if (count > reader->len - reader->at)
		return NULL;
	struct value *list = make(reader, VALUE_LIST);
	for (uint64_t i = 0; list && i < count; i++) {
		struct value *item = read_value(reader, depth);
		if (!item)
			return NULL;
		if (!value_add(&reader->builder, list, NULL, item))
			return made(reader, NULL);
	}
	return list;
}

static struct value *read_map(
	struct reader *reader, uint64_t count, unsigned depth)
{
	if (count > (reader->len - reader->at) / 2)
		return NULL;
	struct value *map = make(reader, VALUE_MAP);
	for (uint64_t i = 0; map && i < count; i++) {
		struct value *key = read_value(reader, depth);
		struct value *item = key ? read_value(reader, depth) : NULL;
		if (!item)
			return NULL;
		if (!value_add(&reader->builder, map, key, item))
			return made(reader, NULL);
	}
	return map;
}

enum family {
	RESERVED,
	NIL,
	FALSE,
	TRUE,
	UNSIGNED,
	SIGNED,
	FLOAT,
	FIXED_EXTENSION,
	BYTES,
	EXTENSION,
	TEXT,
	LIST,
	MAP,
};

/** What the bytes 0xC0 to 0xDF open, and how wide their number or length is. */
static const struct format {
	unsigned char family; /* enum family */
	unsigned char width;
} formats[32] = {
	[0xC0 - 0xC0] = { NIL, 0 },
	[0xC1 - 0xC0] = { RESERVED, 0 },
	[0xC2 - 0xC0] = { FALSE, 0 },
	[0xC3 - 0xC0] = { TRUE, 0 },
	[0xC4 - 0xC0] = { BYTES, 1 },
	[0xC5 - 0xC0] = { BYTES, 2 },
	[0xC6 - 0xC0] = { BYTES, 4 },
	[0xC7 - 0xC0] = { EXTENSION, 1 },
	[0xC8 - 0xC0] = { EXTENSION, 2 },
	[0xC9 - 0xC0] = { EXTENSION, 4 },
	[0xCA - 0xC0] = { FLOAT, 4 },
	[0xCB - 0xC0] = { FLOAT, 8 },
	[0xCC - 0xC0] = { UNSIGNED, 1 },
	[0xCD - 0xC0] = { UNSIGNED, 2 },
	[0xCE - 0xC0] = { UNSIGNED, 4 },
	[0xCF - 0xC0] = { UNSIGNED, 8 },
	[0xD0 - 0xC0] = { SIGNED, 1 },
	[0xD1 - 0xC0] = { SIGNED, 2 },
	[0xD2 - 0xC0] = { SIGNED, 4 },
	[0xD3 - 0xC0] = { SIGNED, 8 },
	[0xD4 - 0xC0] = { FIXED_EXTENSION, 1 },
	[0xD5 - 0xC0] = { FIXED_EXTENSION, 2 },
	[0xD6 - 0xC0] = { FIXED_EXTENSION, 4 },
	[0xD7 - 0xC0] = { FIXED_EXTENSION, 8 },
	[0xD8 - 0xC0] = { FIXED_EXTENSION, 16 },
	[0xD9 - 0xC0] = { TEXT, 1 },
	[0xDA - 0xC0] = { TEXT, 2 },
	[0xDB - 0xC0] = { TEXT, 4 },
	[0xDC - 0xC0] = { LIST, 2 },
	[0xDD - 0xC0] = { LIST, 4 },
	[0xDE - 0xC0] = { MAP, 2 },
	[0xDF - 0xC0] = { MAP, 4 },
};

/** A value whose length is written behind its first byte. */
static struct value *read_counted(
	struct reader *reader, const struct format *format, unsigned depth)
{
	uint64_t count;
	if (!take_number(reader, &count, format->width))
		return NULL;
	switch (format->family) {
	case BYTES:
		return read_bytes(reader, count);
	case EXTENSION:
		return read_extension(reader, count);
	case TEXT:
		return read_text(reader, count);
	case LIST:
		return read_list(reader, count, depth);
	case MAP:
		return read_map(reader, count, depth);
	default:
		return NULL;
	}
}

static struct value *read_format(
	struct reader *reader, const struct format *format, unsigned depth)
{
	switch (format->family) {
	case RESERVED:
		return NULL;
	case NIL:
		return make(reader, VALUE_NULL);
	case FALSE:
	case TRUE:
		return read_bool(reader, format->family == TRUE);
	case UNSIGNED:
		return read_unsigned(reader, format->width);
	case SIGNED:
		return read_signed(reader, format->width);
	case FLOAT:
		return read_float(reader, format->width);
	case FIXED_EXTENSION:
		return read_extension(reader, format->width);
	default:
		return read_counted(reader, format, depth);
	}
}

/** Recursive to VALUE_MAX_DEPTH. NULL: not MessagePack, or a bound was hit. */
static struct value *read_value(struct reader *reader, unsigned depth)
{
	const unsigned char *first;
	if (depth == VALUE_MAX_DEPTH)
		return made(reader, NULL);
	if (!take(reader, &first, 1))
		return NULL;
	if (*first < 0x80)
		return made(reader, value_int(&reader->builder, *first));
	if (*first < 0x90)
		return read_map(reader, *first & 0x0FU, depth + 1);
	if (*first < 0xA0)
		return read_list(reader, *first & 0x0FU, depth + 1);
	if (*first < 0xC0)
		return read_text(reader, *first & 0x1FU);
	if (*first < 0xE0)
		return read_format(reader, &formats[*first - 0xC0], depth + 1);
	return made(
		reader, value_int(&reader->builder, (int64_t)*first - 0x100));
}

/** Scalars are left out: nearly any byte is one. */
static bool opens_container(unsigned char first)
{
	return (first > 0x80 && first < 0xA0 && first != 0x90) ||
		(first >= 0xDC && first <= 0xDF);
}

static int decode(struct decoded *out, const unsigned char *bytes, size_t len,
	struct err *err)
{
	if (!len || !opens_container(bytes[0]))
		return 0;
	struct reader reader = {
		.builder = { .arena = out->arena,
			.values_left = VALUE_MAX_COUNT },
		.bytes = bytes,
		.len = len,
	};
	struct value *root = read_value(&reader, 0);
	if (!root)
		return reader.limited ? err_set(err, ERR_LIMIT,
						"MessagePack too deep or with "
						"too many values")
				      : 0;
	if (reader.at != len)
		return 0;
	out->root = root;
	bool session = root->type == VALUE_MAP && session_keys_confirm(root);
	out->kind = session ? "session" : "msgpack";
	out->entry_count = 1;
	return 1;
}

const struct decoder decoder_msgpack = {
	.name = "msgpack",
	.summary =
		"MessagePack: session of Flask-Session 0.7 and later, or data",
	.kinds = (const char *const[]){ "session", "msgpack", NULL },
	.decode = decode,
};
