/* Pointers of Git LFS, and texts that are close but none. */
#include "scanner/lfs_pointer.h"

#include "base/cleanup.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

struct pointer_row {
	const char *name;
	const char *text;
	bool is_pointer;
	uint64_t size;
};

#define ID   "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
#define SPEC "version https://git-lfs.github.com/spec/v1\n"

static const struct pointer_row rows[] = {
	{ "a_pointer", SPEC "oid sha256:" ID "\nsize 1\n", true, 1 },
	{ "a_pointer_with_extensions",
		SPEC "ext-0-foo sha256:" ID "\noid sha256:" ID "\nsize 12\n",
		true, 12 },
	{ "a_size_that_ends_the_text", SPEC "oid sha256:" ID "\nsize 345", true,
		345 },
	{ "nothing", "", false, 0 },
	{ "another_text", "version 1\noid sha256:" ID "\nsize 1\n", false, 0 },
	{ "no_id", SPEC "size 1\n", false, 0 },
	{ "no_size", SPEC "oid sha256:" ID "\n", false, 0 },
	{ "a_size_that_is_none", SPEC "oid sha256:" ID "\nsize x\n", false, 0 },
	{ "a_size_beyond_64_bits",
		SPEC "oid sha256:" ID "\nsize 99999999999999999999\n", false,
		0 },
	{ "an_id_that_is_cut", SPEC "oid sha256:4d7a\nsize 1\n", false, 0 },
	{ "an_id_that_ends_the_text", SPEC "size 1\noid sha256:" ID, false, 0 },
	{ "an_id_that_goes_on", SPEC "oid sha256:" ID "0\nsize 1\n", false, 0 },
	{ "an_id_in_capitals", SPEC "oid sha256:AB" ID "\nsize 1\n", false, 0 },
};

static void a_pointer_is_told_by_its_lines(void **state)
{
	const struct pointer_row *row = *state;
	struct lfs_pointer pointer;
	size_t len = strlen(row->text);
	unsigned char *text = malloc(len + !len);
	assert_non_null(text);
	memcpy(text, row->text, len);
	bool is_pointer = lfs_pointer_parse(&pointer, text, len);
	free(text);
	assert_int_equal(is_pointer, row->is_pointer);
	if (!is_pointer)
		return;
	assert_string_equal(pointer.oid, ID);
	assert_int_equal(pointer.size, row->size);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = a_pointer_is_told_by_its_lines,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
