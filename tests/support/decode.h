/*
 * Tests of decoders as tables: a row is a sample file or some bytes, and what
 * the decoder must say of it.
 */
#ifndef TESTS_SUPPORT_DECODE_H
#define TESTS_SUPPORT_DECODE_H

#include "base/buf.h"
#include "base/file.h"
#include "rules/decoder.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

/** Bytes of a literal that may hold NULs, for the fields of a row. */
#define BYTES(literal) .bytes = (literal), .len = sizeof(literal) - 1

struct decode_row {
	const char *name;
	const char *sample; /* below tests/data/samples, or NULL: */
	const char *bytes;
	size_t len;
	const char *path; /* NULL: the sample's */

	const char *kind;  /* NULL: refused */
	const char *keys;  /* names of the root's text keys, "a,b" */
	const char *calls; /* NULL: none */
	int64_t expires_at;
	int expiry;
	int id;
	size_t entry_count; /* 0: 1 is expected */
};

/** A row and the decoder it is for: a test's initial state. */
struct decode_case {
	const struct decoder *decoder;
	const struct decode_row *row;
};

static inline void load_sample(struct buf *out, const char *sample)
{
	struct err err = { 0 };
	char path[1024];
	snprintf(path, sizeof(path), "%s/samples/%s", TEST_DATA, sample);
	buf_init(out, (size_t)16 << 20);
	assert_ok(file_read(out, path, 0, &err), &err);
}

static inline void join_keys(char *out, size_t size, const struct value *root)
{
	out[0] = '\0';
	size_t used = 0;
	for (size_t i = 0; root && i < root->count && used < size; i++) {
		const struct value *key = root->items[i].key;
		if (key && key->bytes)
			used += (size_t)snprintf(out + used, size - used,
				"%s%.*s", used ? "," : "", (int)key->len,
				(const char *)key->bytes);
	}
}

static inline void join_calls(
	char *out, size_t size, const struct decoded *decoded)
{
	out[0] = '\0';
	size_t used = 0;
	for (size_t i = 0; i < decoded->call_count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
			used ? "," : "", decoded->calls[i]);
}

static inline void check_row(
	const struct decode_row *row, const struct decoded *decoded)
{
	char text[4096];
	assert_string_equal(decoded->kind, row->kind);
	join_keys(text, sizeof(text), decoded->root);
	if (row->keys)
		assert_string_equal(text, row->keys);
	join_calls(text, sizeof(text), decoded);
	assert_string_equal(text, row->calls ? row->calls : "");
	assert_int_equal(decoded->expiry, row->expiry);
	if (row->expiry == EXPIRY_AT)
		assert_int_equal(decoded->expires_at, row->expires_at);
	assert_int_equal(decoded->id, row->id);
	assert_int_equal(
		decoded->entry_count, row->entry_count ? row->entry_count : 1);
	assert_false(decoded->truncated);
}

static inline void row_is_decoded(void **state)
{
	const struct decode_case *test = *state;
	const struct decode_row *row = test->row;
	struct buf content;
	buf_init(&content, 0);
	if (row->sample)
		load_sample(&content, row->sample);
	else
		assert_int_equal(buf_add(&content, row->bytes, row->len), 0);
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena };
	decoded.path = row->path ? row->path : row->sample;
	int rc = test->decoder->decode(&decoded,
		(const unsigned char *)content.bytes, content.len, &err);
	assert_int_equal(rc, row->kind ? 1 : 0);
	if (rc == 1)
		check_row(row, &decoded);
	arena_clear(&arena);
	buf_clear(&content);
}

#define DECODE_MAX_TESTS 64

/** Runs a test for each row, and then the further tests. */
static inline int run_decode_rows(const struct decoder *decoder,
	const struct decode_row *rows, size_t row_count,
	const struct CMUnitTest *more, size_t more_count)
{
	struct CMUnitTest tests[DECODE_MAX_TESTS];
	struct decode_case cases[DECODE_MAX_TESTS];
	size_t count = 0;
	for (size_t i = 0; i < row_count && i < DECODE_MAX_TESTS; i++) {
		cases[i] = (struct decode_case){ decoder, &rows[i] };
		tests[count++] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_is_decoded,
			.initial_state = &cases[i],
		};
	}
	for (size_t i = 0; i < more_count && count < DECODE_MAX_TESTS; i++)
		tests[count++] = more[i];
	if (count != row_count + more_count)
		return 1; /* DECODE_MAX_TESTS is too small */
	return _cmocka_run_group_tests(decoder->name, tests, count, NULL, NULL);
}

#endif
