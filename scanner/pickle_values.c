#include "scanner/pickle_values.h"

#include "base/array.h"
#include "base/buf.h"
#include "rules/decoder.h"
#include "rules/decoders/pickle.h"
#include "rules/encoded/encoding.h"
#include "scanner/json_text.h"

#include <string.h>

/* The opcode PROTO (pickletools.py), which protocols from 2 on begin with. */
#define PROTO          0x80
#define FIRST_PROTOCOL 2
#define LAST_PROTOCOL  5

/* Bytes that are looked at and written of one file: so many for each of its own
 * and more. A long text can stand in many places, too. */
#define TEXT_RATIO      4
#define TEXT_FREE_BYTES ((size_t)64 << 10)

struct writing {
	struct buf *out;
	size_t bytes_left; /* of texts that may still be looked at */
	bool has_text;
};

bool pickle_values_are(const unsigned char *bytes, size_t len)
{
	return len > 2 && bytes[0] == PROTO && bytes[1] >= FIRST_PROTOCOL &&
		bytes[1] <= LAST_PROTOCOL;
}

static void add_value(
	struct writing *writing, struct value *value, unsigned depth);

static void add_scalar(struct writing *writing, const struct value *value)
{
	bool text = value && value_is_bytes(value) &&
		value->len <= writing->bytes_left;
	if (text) {
		writing->bytes_left -= value->len;
		text = json_text_is(value->bytes, value->len);
	}
	if (text)
		json_text_add(writing->out, value->bytes, value->len);
	else
		buf_add_text(writing->out, "null");
	writing->has_text = writing->has_text || text;
}

/* The values of a list, the pairs of a map, the state of an object. One and
 * the same value can stand in many places, and in itself: it is written at the
 * first one, and is empty from then on. */
static void add_items(
	struct writing *writing, struct value *value, unsigned depth)
{
	struct buf *out = writing->out;
	size_t count = value->count;
	bool pairs = count && value->items[0].key;
	value->count = 0;
	buf_add_byte(out, pairs ? '{' : '[');
	for (size_t i = 0; i < count && !out->failed; i++) {
		const struct value_item *item = &value->items[i];
		if (i)
			buf_add_byte(out, ',');
		if (pairs) {
			add_scalar(writing, item->key);
			buf_add_byte(out, ':');
		}
		add_value(writing, item->value, depth + 1);
	}
	buf_add_byte(out, pairs ? '}' : ']');
}

static void add_value(
	struct writing *writing, struct value *value, unsigned depth)
{
	if (value && value_is_tree(value) && depth < VALUE_MAX_DEPTH)
		add_items(writing, value, depth);
	else
		add_scalar(writing, value);
}

static int push(struct buf *text, struct archive_bounds *bounds,
	archive_sink *sink, void *ctx, struct err *err)
{
	const struct archive_member member = {
		.name = "pickle",
		.status = MEMBER_WHOLE,
		.encoding = ENCODING_PICKLE,
		.bytes = (const unsigned char *)text->bytes,
		.len = text->len,
	};
	bounds->bytes -= text->len;
	bounds->members--;
	return sink(&member, ctx, err);
}

/* True for what a decoder tells as a store of sessions or cookies: not each of
 * its values once more. */
static bool is_store(const unsigned char *bytes, size_t len)
{
	static const char *const names[] = { "cachelib", "pickle" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CLEANUP(arena_clear) struct arena arena = { 0 };
		struct decoded decoded = { .arena = &arena };
		struct err unread;
		const struct decoder *decoder = decoder_find(names[i]);
		if (decoder->decode(&decoded, bytes, len, &unread) == 1 &&
			strcmp(decoded.kind, "pickle") != 0)
			return true;
	}
	return false;
}

/* Writes all pickles in a row, as far as the values are read and fit. */
static void write_pickles(
	struct writing *writing, const unsigned char *bytes, size_t len)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct value_builder builder = { &arena, VALUE_MAX_COUNT };
	struct pickle pickle;
	struct err unread;
	while (!writing->out->failed && pickle_values_are(bytes, len) &&
		pickle_read(&pickle, &builder, bytes, len, &unread) == 1) {
		add_value(writing, pickle.root, 0);
		buf_add_byte(writing->out, '\n');
		if (pickle.truncated)
			return;
		bytes += pickle.consumed;
		len -= pickle.consumed;
	}
}

int pickle_values_each(const unsigned char *bytes, size_t len,
	struct archive_bounds *bounds, archive_sink *sink, void *ctx,
	struct err *err)
{
	CLEANUP(buf_clear) struct buf text;
	size_t most = TEXT_FREE_BYTES + len * TEXT_RATIO;
	struct writing writing = { .out = &text, .bytes_left = most };
	buf_init(&text, most < bounds->bytes ? most : bounds->bytes);
	if (!archive_bounds_are_met(bounds) && !is_store(bytes, len))
		write_pickles(&writing, bytes, len);
	return writing.has_text ? push(&text, bounds, sink, ctx, err) : 0;
}
