#include "base/alloc.h"
#include "scanner/index_file.h"
#include "tests/support/index_writer.h"
#include "tests/support/test.h"

#include <string.h>

#define INTENT_TO_ADD 0x2000
#define ID            "12345678901234567890"

static const struct index_row rows[] = {
	{ "a", 0100644, 0, 1, 0 },
	{ "dir/b", 0100755, 0, 2, 0 },
	{ "dir/conflict", 0100644, 1, 3, 0 },
	{ "dir/conflict", 0100644, 2, 4, 0 },
	{ "dir/sub/link", 0120000, 0, 5, 0 },
	{ "dir/sub/meant", 0100644, 0, 6, INTENT_TO_ADD },
	{ "z", 0160000, 0, 7, 0 },
};

static const char tree[] = "\0"
			   "-1 1\n"
			   "dir\0"
			   "5 1\n" ID "sub\0"
			   "2 0\n" ID;

static void write_whole(struct buf *out, unsigned version)
{
	buf_init(out, 0);
	index_write(out, version, rows, ARRAY_SIZE(rows));
	index_write_extension(out, "TREE", tree, sizeof(tree) - 1);
	index_write_extension(out, "XTRA", "whatever", 8);
	index_write_end(out);
}

static int parse(
	struct index_file *out, const struct buf *bytes, struct err *err)
{
	return index_file_parse(
		out, (const unsigned char *)bytes->bytes, bytes->len, err);
}

struct seen {
	unsigned version;
	size_t count;
	int pass; /* answered to the first entry */
};

static int expect_row(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	struct seen *seen = ctx;
	const struct index_row *row = &rows[seen->count];
	assert_string_equal(entry->path, row->path);
	assert_int_equal(entry->path_len, strlen(row->path));
	assert_int_equal(entry->mode, row->mode);
	assert_int_equal(entry->stage, row->stage);
	assert_int_equal(entry->oid.bytes[0], row->id);
	assert_int_equal(entry->oid.bytes[OID_SIZE - 1], row->id);
	assert_int_equal(
		entry->intent_to_add, seen->version > 2 && row->more_flags);
	seen->count += seen->count ? 1 : 1 + (size_t)seen->pass;
	return seen->count == 1 + (size_t)seen->pass ? seen->pass : 0;
}

static void every_version_is_read(void **state)
{
	(void)state;
	for (unsigned version = 2; version <= 4; version++) {
		struct err err = { 0 };
		CLEANUP(buf_clear) struct buf bytes;
		CLEANUP(index_file_clear) struct index_file index = { 0 };
		write_whole(&bytes, version);
		assert_ok(parse(&index, &bytes, &err), &err);
		assert_int_equal(index.count, ARRAY_SIZE(rows));
		struct seen seen = { .version = version };
		assert_ok(
			index_file_each(&index, expect_row, &seen, &err), &err);
		assert_int_equal(seen.count, ARRAY_SIZE(rows));
	}
}

static void entries_can_be_passed_over(void **state)
{
	(void)state;
	for (unsigned version = 2; version <= 4; version++) {
		struct err err = { 0 };
		CLEANUP(buf_clear) struct buf bytes;
		CLEANUP(index_file_clear) struct index_file index = { 0 };
		write_whole(&bytes, version);
		assert_ok(parse(&index, &bytes, &err), &err);
		struct seen seen = { .version = version, .pass = 4 };
		assert_ok(
			index_file_each(&index, expect_row, &seen, &err), &err);
		assert_int_equal(seen.count, ARRAY_SIZE(rows));
	}
}

static void the_cache_tree_tells_folders(void **state)
{
	(void)state;
	struct err err = { 0 };
	CLEANUP(buf_clear) struct buf bytes;
	CLEANUP(index_file_clear) struct index_file index = { 0 };
	write_whole(&bytes, 2);
	assert_ok(parse(&index, &bytes, &err), &err);
	const struct cache_tree *known = &index.cache_tree;
	assert_int_equal(known->count, 3);
	assert_null(known->nodes[0].oid);
	const struct cache_tree_node *dir =
		cache_tree_child(known, &known->nodes[0], "dir", 3);
	assert_non_null(dir);
	assert_int_equal(dir->entry_count, 5);
	assert_memory_equal(dir->oid, ID, OID_SIZE);
	const struct cache_tree_node *sub =
		cache_tree_child(known, dir, "sub", 3);
	assert_non_null(sub);
	assert_int_equal(sub->entry_count, 2);
	assert_null(cache_tree_child(known, dir, "su", 2));
	assert_null(cache_tree_child(known, sub, "sub", 3));
	assert_null(cache_tree_child(known, NULL, "dir", 3));
}

static int take_any(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	size_t *total = ctx;
	*total += strlen(entry->path) + entry->path_len;
	return 0;
}

/** Whatever the answer is, nothing outside of the bytes is read: they lie in
 * memory of their own, whose end ASan knows. */
static void read_all(const char *bytes, size_t len)
{
	struct err err = { 0 };
	CLEANUP(freep) unsigned char *copy = xmalloc(len);
	memcpy(copy, bytes, len);
	CLEANUP(index_file_clear) struct index_file index = { 0 };
	size_t total = 0;
	if (index_file_parse(&index, copy, len, &err) == 0)
		(void)!index_file_each(&index, take_any, &total, &err);
}

static void every_truncation_is_survived(void **state)
{
	(void)state;
	for (unsigned version = 2; version <= 4; version++) {
		CLEANUP(buf_clear) struct buf bytes;
		write_whole(&bytes, version);
		for (size_t len = 0; len < bytes.len; len++)
			read_all(bytes.bytes, len);
	}
}

static void every_flipped_byte_is_survived(void **state)
{
	(void)state;
	static const unsigned char masks[] = { 0x01, 0x40, 0x80, 0xff };
	for (unsigned version = 2; version <= 4; version++) {
		CLEANUP(buf_clear) struct buf bytes;
		write_whole(&bytes, version);
		for (size_t at = 0; at < bytes.len * ARRAY_SIZE(masks); at++) {
			char *byte = &bytes.bytes[at / ARRAY_SIZE(masks)];
			char whole = *byte;
			*byte = (char)(whole ^ masks[at % ARRAY_SIZE(masks)]);
			read_all(bytes.bytes, bytes.len);
			*byte = whole;
		}
	}
}

static int parse_with(const char *extension, struct err *err)
{
	CLEANUP(buf_clear) struct buf bytes;
	CLEANUP(index_file_clear) struct index_file index = { 0 };
	buf_init(&bytes, 0);
	index_write(&bytes, 2, rows, 2);
	index_write_extension(&bytes, extension, ID, OID_SIZE);
	index_write_end(&bytes);
	return parse(&index, &bytes, err);
}

static void what_must_be_understood_is_refused(void **state)
{
	(void)state;
	struct err err = { 0 };
	assert_ok(parse_with("ABCD", &err), &err);
	assert_err(parse_with("abcd", &err), ERR_UNSUPPORTED, &err);
	assert_err(parse_with("link", &err), ERR_UNSUPPORTED, &err);
	assert_non_null(strstr(err.msg, "split"));
	assert_err(parse_with("sdir", &err), ERR_UNSUPPORTED, &err);
	assert_non_null(strstr(err.msg, "sparse"));
}

static void other_versions_are_refused(void **state)
{
	(void)state;
	struct err err = { 0 };
	for (unsigned version = 0; version < 8; version++) {
		CLEANUP(buf_clear) struct buf bytes;
		CLEANUP(index_file_clear) struct index_file index = { 0 };
		buf_init(&bytes, 0);
		index_write(&bytes, version, rows, 1);
		index_write_end(&bytes);
		bool known = version >= 2 && version <= 4;
		assert_int_equal(parse(&index, &bytes, &err),
			known ? 0 : ERR_UNSUPPORTED);
	}
}

static void paths_longer_than_their_field_are_read(void **state)
{
	(void)state;
	static const size_t lens[] = { 0xffe, 0xfff, 0x1000, 0x3000 };
	for (size_t i = 0; i < ARRAY_SIZE(lens) * 3; i++) {
		struct err err = { 0 };
		CLEANUP(freep) char *path = xcalloc(lens[i / 3] + 1, 1);
		memset(path, 'x', lens[i / 3]);
		const struct index_row row = { path, 0100644, 0, 1, 0 };
		CLEANUP(buf_clear) struct buf bytes;
		CLEANUP(index_file_clear) struct index_file index = { 0 };
		buf_init(&bytes, 0);
		index_write(&bytes, 2 + (unsigned)i % 3, &row, 1);
		index_write_end(&bytes);
		assert_ok(parse(&index, &bytes, &err), &err);
		size_t total = 0;
		assert_ok(
			index_file_each(&index, take_any, &total, &err), &err);
		assert_int_equal(total, 2 * lens[i / 3]);
	}
}

static void an_absent_index_has_no_entries(void **state)
{
	(void)state;
	struct err err = { 0 };
	CLEANUP(index_file_clear) struct index_file index;
	assert_ok(index_file_open(&index, "/nonexistent/index", &err), &err);
	size_t total = 0;
	assert_ok(index_file_each(&index, take_any, &total, &err), &err);
	assert_int_equal(total, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_version_is_read),
		cmocka_unit_test(entries_can_be_passed_over),
		cmocka_unit_test(the_cache_tree_tells_folders),
		cmocka_unit_test(every_truncation_is_survived),
		cmocka_unit_test(every_flipped_byte_is_survived),
		cmocka_unit_test(what_must_be_understood_is_refused),
		cmocka_unit_test(other_versions_are_refused),
		cmocka_unit_test(paths_longer_than_their_field_are_read),
		cmocka_unit_test(an_absent_index_has_no_entries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
