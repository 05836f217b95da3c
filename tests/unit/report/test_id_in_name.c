#include "report/id_in_name.h"

#include "tests/support/test.h"

struct row {
	const char *name, *path, *shown;
};

static void row_is_shown(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_path_without_id(&text, row->path);
	assert_string_equal(text.bytes, row->shown);
}

static struct row rows[] = {
	{ "a PHP session keeps its prefix",
		"tmp/sess_ugqv1crb7papiei85jivm0pfag",
		"tmp/sess_ugqv...(26 characters)" },
	{ "sixteen characters are an id", "0123456789abcdef",
		"0123...(16 characters)" },
	{ "fifteen are a name", "0123456789abcde", "0123456789abcde" },
	{ "an ending stays", "sessions/aB3-xY9zaB3-xY9zaB3-xY9z.json",
		"sessions/aB3-...(24 characters).json" },
	{ "folders stay", "0123456789abcdef0123/a", "0123456789abcdef0123/a" },
	{ "bytes of no id stay", "\xff b", "\xff b" },
};

#define MD5 "2029240f6d1128be89ddc32729463129"

struct judged {
	const char *id, *path;
	bool untrack;
	int exposure; /* -1: nothing was decoded */
	bool names;
};

static void session_files_name_ids_unless_a_decoder_knows(void **state)
{
	(void)state;
	static const struct judged judged[] = {
		{ "php-session-file", MD5, true, ID_CLEAR, true },
		{ "php-session-name", "sess_" MD5, true, -1, true },
		{ "laravel-session-file", MD5, true, ID_KEYED, true },
		{ "flask-session-file", MD5, true, ID_HASHED, false },
		{ "flask-session-counter", MD5, true, ID_UNKNOWN, false },
		{ "session-directory", "a/" MD5, true, -1, false },
		{ "flask-session-cookie", MD5, false, ID_CLEAR, false },
		{ "private-key", "sess_" MD5, true, -1, false },
	};
	for (size_t i = 0; i < ARRAY_SIZE(judged); i++) {
		const struct rule rule = {
			.id = judged[i].id,
			.untrack = judged[i].untrack,
		};
		const struct evidence evidence = { .id = judged[i].exposure };
		const struct finding finding = {
			.rule = &rule,
			.path = judged[i].path,
			.evidence = judged[i].exposure < 0 ? NULL : &evidence,
		};
		assert_int_equal(finding_names_id(&finding), judged[i].names);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1] = {
		cmocka_unit_test(session_files_name_ids_unless_a_decoder_knows),
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i + 1] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_is_shown,
			.initial_state = &rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
