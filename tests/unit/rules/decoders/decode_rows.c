#include "tests/unit/rules/decoders/decode_rows.h"

#include "base/alloc.h"
#include "base/file.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLES TEST_DATA "/samples/"

void decode_sample(struct buf *out, const char *sample)
{
	struct err err = { 0 };
	char path[1024];
	snprintf(path, sizeof(path), "%s%s", SAMPLES, sample);
	buf_init(out, (size_t)64 * 1024 * 1024);
	assert_ok(file_read(out, path, 0, &err), &err);
}

static void add_names(struct buf *out, const struct value *map)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct value *key = map->items[i].key;
		if (!key)
			continue;
		buf_printf(out, "%s%.*s", out->len ? " " : "", (int)key->len,
			key->bytes ? (const char *)key->bytes : "#");
	}
}

static void check_keys(const struct value *root, const char *expected)
{
	CLEANUP(buf_clear) struct buf names;
	buf_init(&names, 0);
	buf_add_text(&names, "");
	if (root && root->type == VALUE_LIST && root->count)
		root = root->items[0].value;
	if (root)
		add_names(&names, root);
	assert_string_equal(names.bytes ? names.bytes : "", expected);
}

static void check_calls(const struct decoded *decoded, const char *expected)
{
	CLEANUP(buf_clear) struct buf calls;
	buf_init(&calls, 0);
	buf_add_text(&calls, "");
	for (size_t i = 0; i < decoded->call_count; i++)
		buf_printf(&calls, "%s%s", i ? " " : "", decoded->calls[i]);
	assert_string_equal(
		calls.bytes ? calls.bytes : "", expected ? expected : "");
}

static void check_result(
	const struct decode_row *row, const struct decoded *decoded)
{
	assert_string_equal(decoded->kind, row->kind);
	assert_int_equal(decoded->entry_count, row->entries);
	assert_int_equal(decoded->expiry, row->expiry);
	assert_int_equal(decoded->expires_at, row->expires_at);
	assert_int_equal(decoded->id, row->id);
	check_keys(decoded->root, row->keys ? row->keys : "");
	check_calls(decoded, row->calls);
}

/** The row's bytes in a block of just their size: a read past them shows. */
static unsigned char *row_bytes(size_t *len, const struct decode_row *row)
{
	CLEANUP(buf_clear) struct buf buf;
	buf_init(&buf, 0);
	if (row->sample)
		decode_sample(&buf, row->sample);
	else
		buf_add(&buf, row->text,
			row->len ? row->len : strlen(row->text));
	*len = buf.len;
	unsigned char *bytes = xmalloc(buf.len);
	if (buf.len)
		memcpy(bytes, buf.bytes, buf.len);
	return bytes;
}

void decode_row_check(
	const struct decoder *decoder, const struct decode_row *row)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct err err = { 0 };
	size_t len;
	CLEANUP(freep) unsigned char *bytes = row_bytes(&len, row);
	struct decoded decoded = {
		.arena = &arena,
		.path = row->path ? row->path : row->sample,
	};
	int rc = decoder->decode(&decoded, bytes, len, &err);
	if (rc < 0)
		fail_msg("%s: %s", row->name, err.msg);
	if (rc == 1 && !row->kind)
		fail_msg("%s: accepted as %s", row->name, decoded.kind);
	if (rc == 0 && row->kind)
		fail_msg("%s: refused", row->name);
	if (rc == 1)
		check_result(row, &decoded);
}

/** What one cmocka test gets as its state. */
struct row_test {
	const struct decoder *decoder;
	const struct decode_row *row;
};

static void run_row(void **state)
{
	const struct row_test *test = *state;
	decode_row_check(test->decoder, test->row);
}

int decode_rows_run(const struct decoder *decoder,
	const struct decode_row *rows, size_t count)
{
	CLEANUP(freep)
	struct CMUnitTest *tests = xcalloc(count, sizeof(*tests));
	CLEANUP(freep)
	struct row_test *states = xcalloc(count, sizeof(*states));
	for (size_t i = 0; i < count; i++) {
		states[i] = (struct row_test){ decoder, &rows[i] };
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = run_row,
			.initial_state = &states[i],
		};
	}
	return _cmocka_run_group_tests(decoder->name, tests, count, NULL, NULL);
}
