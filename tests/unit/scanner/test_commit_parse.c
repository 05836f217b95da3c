#include "scanner/commit_parse.h"
#include "scanner/objects/objects.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#define HEX_A "0123456789012345678901234567890123456789"
#define HEX_B "abcdefabcdefabcdefabcdefabcdefabcdefabcd"

static bool parse(struct commit_header *commit, const char *text)
{
	return commit_parse(commit, (const unsigned char *)text, strlen(text));
}

static void a_merge_has_all_its_parents(void **state)
{
	(void)state;
	struct commit_header commit;
	assert_true(parse(&commit,
		"tree " HEX_A "\nparent " HEX_B "\nparent " HEX_A
		"\nauthor Ada L <a@b> 1700000000 +0130\n"
		"committer Bob <b@c> 1700000001 -0800\n\nparent " HEX_B "\n"));
	assert_int_equal(commit.parent_count, 2);
	char hex[OID_HEX_SIZE + 1];
	struct oid parent;
	commit_parent(&parent, &commit, 1);
	oid_to_hex(hex, &parent);
	assert_string_equal(hex, HEX_A);
	assert_int_equal(commit.author.time, 1700000000);
	assert_int_equal(commit.author.offset_minutes, 90);
	assert_int_equal(commit.committer.offset_minutes, -480);
	assert_int_equal(commit.author.name_len, 5);
	assert_memory_equal(commit.author.name, "Ada L", 5);
}

struct odd_signature {
	const char *line;
	size_t name_len;
	int64_t time;
	int offset_minutes;
};

/* Lines that real histories hold; git accepts all of them. */
static const struct odd_signature odd_signatures[] = {
	{ "Ada <a@b> 1700000000", 3, 1700000000, 0 },
	{ "Ada <a@b>", 3, 0, 0 },
	{ "Ada", 3, 0, 0 },
	{ "<a@b> 5 +0000", 0, 5, 0 },
	{ "A <x> y> 7 +0100", 1, 7, 60 },
	{ "A <x> -3600 +0000", 1, -3600, 0 },
	{ "A <x> 99999999999999999999999 +9999", 1, 999999999999999,
		99 * 60 + 99 },
	{ "A <x> words +01", 1, 0, 0 },
};

static void odd_signatures_are_read_as_far_as_they_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(odd_signatures); i++) {
		const struct odd_signature *row = &odd_signatures[i];
		char text[256];
		snprintf(text, sizeof(text), "tree " HEX_A "\nauthor %s\n\n",
			row->line);
		struct commit_header commit;
		assert_true(parse(&commit, text));
		assert_int_equal(commit.author.name_len, row->name_len);
		assert_int_equal(commit.author.time, row->time);
		assert_int_equal(
			commit.author.offset_minutes, row->offset_minutes);
	}
}

static void what_has_no_tree_line_is_no_commit(void **state)
{
	(void)state;
	struct commit_header commit;
	assert_false(parse(&commit, ""));
	assert_false(parse(&commit, "tree " HEX_A)); /* cut */
	assert_false(parse(&commit,
		"tree x123456789012345678901234567890123"
		"4567890\n"));
	assert_false(parse(&commit, "parent " HEX_A "\n"));
}

static void a_tag_names_object_and_type(void **state)
{
	(void)state;
	struct oid oid;
	int type;
	static const char tag[] = "object " HEX_B "\ntype tree\ntag x\n";
	assert_true(tag_parse(
		&oid, &type, (const unsigned char *)tag, strlen(tag)));
	assert_int_equal(type, OBJECT_TREE);
	static const char bad[] = "object " HEX_B "\ntype trees\n";
	assert_false(tag_parse(
		&oid, &type, (const unsigned char *)bad, strlen(bad)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_merge_has_all_its_parents),
		cmocka_unit_test(odd_signatures_are_read_as_far_as_they_go),
		cmocka_unit_test(what_has_no_tree_line_is_no_commit),
		cmocka_unit_test(a_tag_names_object_and_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
