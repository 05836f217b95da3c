/* What git hands to hooks: lines of refs, messages; and its version. */
#include "base/buf.h"
#include "cmd/git_version.h"
#include "cmd/hook_message.h"
#include "cmd/hook_refs.h"
#include "tests/support/test.h"

#include <string.h>

#define A    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ZERO "0000000000000000000000000000000000000000"
#define LONG A "aaaaaaaaaaaaaaaaaaaaaaaa"

typedef int read_lines(struct hook_range *range, const char *text, size_t len,
	struct err *err);

struct row {
	const char *name;
	read_lines *read;
	const char *text;
	int rc;
	size_t tips, cuts;
};

static const struct row rows[] = {
	{ "nothing_is_pushed", hook_range_add_pushed, "", 0, 0, 0 },
	{ "push_of_a_change", hook_range_add_pushed,
		"refs/heads/x " A " refs/heads/x " B "\n", 0, 1, 1 },
	{ "push_of_a_new_branch", hook_range_add_pushed,
		"refs/heads/x " A " refs/heads/x " ZERO "\n", 0, 1, 0 },
	{ "push_of_a_deletion", hook_range_add_pushed,
		"(delete) " ZERO " refs/heads/x " B "\n", 0, 0, 1 },
	{ "local_name_with_blanks", hook_range_add_pushed,
		"@{1 week ago} " A " refs/heads/x " B "\n", 0, 1, 1 },
	{ "several_and_no_last_newline", hook_range_add_pushed,
		"a " A " refs/heads/a " ZERO "\nb " B " refs/heads/b " ZERO, 0,
		2, 0 },
	{ "push_line_too_short", hook_range_add_pushed, A " refs/x " B "\n",
		ERR_PARSE, 0, 0 },
	{ "push_of_no_id", hook_range_add_pushed, "a b refs/x " B "\n",
		ERR_PARSE, 0, 0 },
	{ "push_of_sha256", hook_range_add_pushed,
		"a " LONG " refs/x " LONG "\n", ERR_UNSUPPORTED, 0, 0 },
	{ "empty_line", hook_range_add_pushed, "\n", ERR_PARSE, 0, 0 },
	{ "received", hook_range_add_received, A " " B " refs/heads/x\n", 0, 1,
		0 },
	{ "received_deletion", hook_range_add_received,
		A " " ZERO " refs/heads/x\n", 0, 0, 0 },
	{ "received_creation", hook_range_add_received,
		ZERO " " B " refs/heads/x\n", 0, 1, 0 },
	{ "received_too_long", hook_range_add_received,
		A " " B " refs/heads/x y\n", ERR_PARSE, 0, 0 },
	{ "received_too_short", hook_range_add_received, A " " B "\n",
		ERR_PARSE, 0, 0 },
};

static void row_is_as_stated(void **state)
{
	const struct row *row = *state;
	CLEANUP(hook_range_clear) struct hook_range range = { 0 };
	struct err err = { 0 };
	int rc = row->read(&range, row->text, strlen(row->text), &err);
	assert_int_equal(rc, row->rc);
	if (rc < 0) {
		assert_non_null(strstr(err.msg, "standard input, line 1"));
		return;
	}
	assert_int_equal(range.tips.count, row->tips);
	assert_int_equal(range.cuts.count, row->cuts);
}

static void the_new_value_is_the_tip(void **state)
{
	(void)state;
	CLEANUP(hook_range_clear) struct hook_range range = { 0 };
	struct err err = { 0 };
	char hex[OID_HEX_SIZE + 1];
	assert_ok(hook_range_add_update(&range, B, &err), &err);
	oid_to_hex(hex, &range.tips.items[0]);
	assert_string_equal(hex, B);
	static const char line[] = "x " B " refs/heads/x " A "\n";
	assert_ok(
		hook_range_add_pushed(&range, line, strlen(line), &err), &err);
	oid_to_hex(hex, &range.tips.items[1]);
	assert_string_equal(hex, B);
}

#define SCISSORS " ------------------------ >8 ------------------------"

#define CUT       "#" SCISSORS "\n# Do not touch\n"
#define FILE_HEAD "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n"
#define CHANGE    FILE_HEAD "@@ -1,2 +1 @@ f()\n-MARK\n kept\n"

/* `cut`: the part that the file loses. */
static void a_message_ends_at_the_change_alone(void **state)
{
	(void)state;
	static const struct {
		const char *kept, *cut;
	} messages[] = {
		{ "", "" },
		{ "one\n", "" },
		{ "# comment\n", "" },
		{ "one\n", CUT CHANGE },
		{ "one\n", CUT CHANGE "\\ No newline at end of file\n" },
		{ "one\n", CUT FILE_HEAD "@@ -1,9 +1,9 @@\n \n\n-a\n+b" },
		{ "one\n", CUT CHANGE FILE_HEAD "@@ -0,0 +1 @@\n+# new\n" },
		{ "one\n",
			CUT "diff --git a/x b/x\nold mode 100644\n"
			    "new mode 100755\n" },
		{ "one\n", ";" SCISSORS "\r\n; Do not touch\n" CHANGE },
		{ "", "#" SCISSORS "\n" CHANGE },
		{ "",
			CUT CHANGE "------------------------------------------"
				   "--------\n# not staged:\n" CHANGE },
		/* a text that only has the line, or something behind it */
		{ "one\n#" SCISSORS "\nMARK\n", "" },
		{ "#" SCISSORS, "" },
		{ CUT, "" },
		{ CUT "\n" CHANGE, "" },
		{ CUT "MARK\n" CHANGE, "" },
		{ CUT CHANGE "MARK\n", "" },
		{ CUT CHANGE "# Please enter a message\n", "" },
		{ CUT CHANGE "# comment\nMARK\n" CHANGE, "" },
		{ CUT FILE_HEAD "@@ -1,2 +1 @@\n-a\nMARK\n", "" },
		{ CUT FILE_HEAD "@@ -1 +1,MARK @@\n-a\n+b\n", "" },
		{ CUT "MARK\n" CUT CHANGE, "" },
		{ "one\n" SCISSORS "\n" CHANGE, "" },
		{ "one # " SCISSORS "\n" CHANGE, "" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		CLEANUP(buf_clear) struct buf text;
		buf_init(&text, 0);
		buf_printf(&text, "%s%s", messages[i].kept, messages[i].cut);
		assert_int_equal(hook_message_len(text.bytes, text.len, true),
			strlen(messages[i].kept));
		assert_int_equal(hook_message_len(text.bytes, text.len, false),
			text.len);
	}
}

static void versions_of_git_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned major, minor;
		bool has_hooks;
	} versions[] = {
		{ "git version 2.39.5\n", 2, 39, false },
		{ "git version 2.53.0\n", 2, 53, false },
		{ "git version 2.54.0.rc1.12.gabc\n", 2, 54, true },
		{ "git version 2.54 (Apple Git-1)\n", 2, 54, true },
		{ "git version 3.0.0\n", 3, 0, true },
		{ "git version\n", 0, 0, false },
		{ "hg 9.9.9\n", 0, 0, false },
		{ "git version x.99\n", 0, 0, false },
		{ "", 0, 0, false },
	};
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		struct git_version version =
			git_version_parse(versions[i].text);
		assert_int_equal(version.major, versions[i].major);
		assert_int_equal(version.minor, versions[i].minor);
		assert_int_equal(
			git_has_config_hooks(version), versions[i].has_hooks);
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(the_new_value_is_the_tip),
		cmocka_unit_test(a_message_ends_at_the_change_alone),
		cmocka_unit_test(versions_of_git_are_read),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(others)];
	size_t count = 0;
	for (; count < ARRAY_SIZE(rows); count++)
		tests[count] = (struct CMUnitTest){
			.name = rows[count].name,
			.test_func = row_is_as_stated,
			.initial_state = (void *)(uintptr_t)&rows[count],
		};
	memcpy(tests + count, others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
