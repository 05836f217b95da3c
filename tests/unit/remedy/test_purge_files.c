#include "remedy/purge_files.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct path_row {
	const char *name;
	const char *path;
	bool exact;
	const char *line;
};

static const struct path_row path_rows[] = {
	{ "a_plain_path_is_literal", "a/b", false, "literal:a/b\n" },
	{ "spaces_stay", " a ", false, "literal: a \n" },
	{ "a_comment_sign_is_no_comment", "#a", false, "literal:#a\n" },
	{ "a_prefix_is_no_prefix", "glob:*", false, "literal:glob:*\n" },
	{ "an_arrow_is_escaped", "a==>b", false,
		"regex:^a\\x3d\\x3d\\x3eb(/|\\Z)\n" },
	{ "a_newline_is_escaped", "a\nb", false, "regex:^a\\x0ab(/|\\Z)\n" },
	{ "a_cr_is_escaped", "a\r", false, "regex:^a\\x0d(/|\\Z)\n" },
	{ "an_exact_path_ends_where_it_ends", "a.b", true,
		"regex:^a\\x2eb\\Z\n" },
	{ "a_folder_goes_with_all_in_it", "a/", false, "literal:a/\n" },
	{ "an_odd_folder_too", "a\n/", false, "regex:^a\\x0a/\n" },
	{ "bytes_that_are_no_text_stay", "\xff", false, "literal:\xff\n" },
};

static void a_path_becomes_a_line(void **state)
{
	const struct path_row *row = *state;
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	purge_add_path_line(&out, row->path, row->exact);
	assert_string_equal(out.bytes, row->line);
}

struct value_row {
	const char *name;
	const char *bytes;
	size_t start, end; /* the secret in it; 0, 0: all of it */
	const char *line;
};

static const struct value_row value_rows[] = {
	{ "a_value_is_literal", "abc", 0, 0, "literal:abc==>***REMOVED***\n" },
	{ "what_stands_around_a_short_one_stays", "K='x'", 3, 4,
		"literal:K='x'==>K='***REMOVED***'\n" },
	{ "a_prefix_is_no_prefix", "regex:x", 0, 0,
		"literal:regex:x==>***REMOVED***\n" },
	{ "an_arrow_is_escaped", "a==>b", 0, 0,
		"regex:a\\x3d\\x3d\\x3eb==>***REMOVED***\n" },
	{ "a_newline_is_escaped", "a\nb", 0, 0,
		"regex:a\\x0ab==>***REMOVED***\n" },
	{ "an_arrow_around_it_is_escaped_on_both_sides", "==>x\\", 3, 4,
		"regex:\\x3d\\x3d\\x3ex\\x5c==>\\075\\075\\076***REMOVED***"
		"\\\\\n" },
};

static void a_value_becomes_a_line(void **state)
{
	const struct value_row *row = *state;
	CLEANUP(buf_clear) struct buf out;
	CLEANUP(freep) char *bytes = strdup(row->bytes);
	struct purge_value value = {
		.bytes = (unsigned char *)bytes,
		.len = strlen(bytes),
		.secret_start = row->start,
		.secret_end = row->end ? row->end : strlen(bytes),
	};
	buf_init(&out, 0);
	purge_add_value_line(&out, &value);
	assert_string_equal(out.bytes, row->line);
}

/* A target path is marked by a "!" before it. */
struct fold_row {
	const char *name;
	const char *paths[8];
	const char *lines;
};

static const struct fold_row fold_rows[] = {
	{ "no_path_is_no_line", { "a", "b" }, "" },
	{ "a_file_is_a_line", { "!a/b", "c" }, "literal:a/b\n" },
	{ "a_folder_of_targets_is_a_line", { "!a/b", "!a/c", "d" },
		"literal:a/\n" },
	{ "a_folder_with_another_file_is_not", { "!a/b", "!a/c", "a/d" },
		"literal:a/b\nliteral:a/c\n" },
	{ "the_highest_folder_is_taken", { "!a/b/c", "!a/d/e", "f" },
		"literal:a/\n" },
	{ "a_folder_inside_a_mixed_one", { "a/x", "!a/b/c", "!a/b/d" },
		"literal:a/b/\n" },
	{ "a_neighbour_in_the_order_is_no_child",
		{ "!a/b", "!a/c", "a-b", "a.c", "a0" }, "literal:a/\n" },
	{ "a_file_that_was_a_folder_is_exact", { "!a/b", "a/b/c" },
		"regex:^a/b\\Z\n" },
	{ "a_file_that_was_a_folder_of_targets_is_not",
		{ "!a/b", "!a/b/c", "d" }, "literal:a/\n" },
};

static void folders_are_folded(void **state)
{
	const struct fold_row *row = *state;
	CLEANUP(purge_target_clear) struct purge_target target = { 0 };
	CLEANUP(path_table_clear) struct path_table paths = { 0 };
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	for (size_t i = 0; i < 8 && row->paths[i]; i++) {
		bool is_target = *row->paths[i] == '!';
		const char *path = row->paths[i] + is_target;
		path_table_add(&paths, path, strlen(path));
		if (is_target)
			purge_target_add_path(&target, path);
	}
	purge_target_sort(&target);
	purge_add_path_lines(&out, &target, &paths);
	assert_string_equal(out.bytes ? out.bytes : "", row->lines);
}

/** A folder of its own for each test. */
static int make_folder(void **state)
{
	static const char name[] = "/tmp/test-purge-files.XXXXXX";
	*state = strdup(name);
	return mkdtemp(*state) ? 0 : -1;
}

static int remove_folder(void **state)
{
	rmdir(*state);
	free(*state);
	return 0;
}

static void files_are_for_their_owner_and_are_not_overwritten(void **state)
{
	CLEANUP(purge_target_clear) struct purge_target target = { 0 };
	struct purge_values values = { 0 };
	struct changes changes = { 0 };
	struct purge_files files;
	struct purge_files again;
	struct err err = { 0 };
	struct stat st;
	purge_target_add_path(&target, "a");
	assert_ok(purge_files_write(
			  &files, *state, &target, &changes, &values, &err),
		&err);
	assert_null(files.blobs);
	assert_null(files.replacements);
	assert_int_equal(stat(files.paths, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_err(purge_files_write(
			   &again, *state, &target, &changes, &values, &err),
		ERR_IO, &err);
	assert_int_equal(access(files.paths, F_OK), 0);
	purge_files_remove(&files);
}

static void a_temporary_folder_goes_with_its_files(void **state)
{
	(void)state;
	CLEANUP(purge_target_clear) struct purge_target target = { 0 };
	struct purge_values values = { 0 };
	struct changes changes = { 0 };
	struct purge_files files;
	struct err err = { 0 };
	struct stat st;
	purge_target_add_path(&target, "a");
	assert_ok(purge_files_write(
			  &files, NULL, &target, &changes, &values, &err),
		&err);
	CLEANUP(freep) char *folder = strdup(files.folder);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	purge_files_remove(&files);
	assert_int_not_equal(access(folder, F_OK), 0);
}

static void only_what_is_needed_is_asked_for(void **state)
{
	(void)state;
	char blobs[] = "/b";
	struct purge_files files = { .blobs = blobs };
	const char *words[PURGE_MAX_WORDS];
	purge_files_command(words, &files);
	static const char *const expected[] = { "--force", "--replace-refs",
		"delete-no-add", "--strip-blobs-with-ids", "/b" };
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(words[i], expected[i]);
	assert_null(words[ARRAY_SIZE(expected)]);
}

#define ADD_ROWS(rows, function)                                          \
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)                     \
		tests[count++] = (struct CMUnitTest)                      \
		{                                                         \
			.name = (rows)[i].name, .test_func = (function),  \
			.initial_state = (void *)(uintptr_t) & (rows)[i], \
		}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test_setup_teardown(
			files_are_for_their_owner_and_are_not_overwritten,
			make_folder, remove_folder),
		cmocka_unit_test(a_temporary_folder_goes_with_its_files),
		cmocka_unit_test(only_what_is_needed_is_asked_for),
	};
	struct CMUnitTest tests[ARRAY_SIZE(path_rows) + ARRAY_SIZE(value_rows) +
		ARRAY_SIZE(fold_rows) + ARRAY_SIZE(others)];
	size_t count = 0;
	ADD_ROWS(path_rows, a_path_becomes_a_line);
	ADD_ROWS(value_rows, a_value_becomes_a_line);
	ADD_ROWS(fold_rows, folders_are_folded);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		tests[count++] = others[i];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
