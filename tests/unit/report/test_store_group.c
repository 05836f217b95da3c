#include "report/store_group.h"
#include "tests/support/test.h"
#include "tests/unit/report/samples.h"

#include <string.h>

static const struct group *find_group(
	const struct group_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->groups[i].name, name))
			return &list->groups[i];
	fail_msg("no group %s", name);
	return NULL;
}

static void a_store_counts_its_files(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_case(&result);
	group_list_init(&list, &result);
	assert_int_equal(list.count, 4);
	const struct group *store = &list.groups[0];
	assert_string_equal(store->name, "backend/flask_session");
	assert_int_equal(store->kind, GROUP_STORE);
	assert_true(store->is_folder);
	assert_true(store->are_sessions);
	assert_int_equal(store->files, 1474);
	assert_int_equal(store->companions, 2);
	assert_int_equal(store->versions, 1480);
	assert_int_equal(store->live, 212);
	assert_int_equal(store->expired, 1200);
	assert_int_equal(store->never, 62);
	assert_int_equal(store->tracked, 0);
	assert_int_equal(store->in_history, 1476);
	assert_int_equal(store->not_ignored, 1476);
	assert_int_equal(store->last_expiry, SAMPLE_NOW + 212 * 86400);
	assert_int_equal(store->first_expiry, SAMPLE_NOW - 1199 * 86400);
	assert_int_equal(store->decoded, 1474);
	assert_int_equal(store->holding[0], 1474);
	assert_int_equal(store->holding[1], 0);
	assert_int_equal(store->id, ID_HASHED);
	assert_int_equal(store->refs_count, 4);
	assert_string_equal(store->refs[0], "refs/heads/main");
	group_list_clear(&list);
	scan_result_clear(&result);
}

static void a_secret_has_its_places_in_one_group(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_case(&result);
	group_list_init(&list, &result);
	const struct group *group = find_group(&list, "backend/app_server.py");
	assert_int_equal(group->kind, GROUP_SECRET);
	assert_int_equal(group->member_count, 2);
	assert_int_equal(group->files, 2);
	group_list_clear(&list);
	scan_result_clear(&result);
}

static void two_rules_at_one_path_are_one_file(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	sample_finding(&result, &sample_env_rule, ".env", NULL);
	sample_finding(&result, &sample_session_rule, ".env", NULL);
	group_list_init(&list, &result);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.groups[0].files, 1);
	assert_ptr_equal(list.groups[0].worst->rule, &sample_session_rule);
	group_list_clear(&list);
	scan_result_clear(&result);
}

static void a_store_of_companions_alone_counts_them(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	sample_finding(&result, &sample_transient_rule, "s/a", "s");
	sample_finding(&result, &sample_transient_rule, "s/b", "s");
	group_list_init(&list, &result);
	assert_int_equal(list.groups[0].files, 2);
	assert_int_equal(list.groups[0].companions, 0);
	assert_false(list.groups[0].are_sessions);
	group_list_clear(&list);
	scan_result_clear(&result);
}

static void a_store_that_is_a_file_is_no_folder(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	sample_finding(&result, &sample_session_rule, "db.sqlite", "db.sqlite");
	group_list_init(&list, &result);
	assert_false(list.groups[0].is_folder);
	group_list_clear(&list);
	scan_result_clear(&result);
}

static const struct rule counter_rule = {
	.id = "flask-session-counter",
	.severity = SEVERITY_LOW,
	.confidence = CONFIDENCE_CERTAIN,
	.name = "2029240f6d1128be89ddc32729463129",
	.companion = true,
};

static void read_as(struct finding *finding, const struct evidence *evidence)
{
	finding->evidence = evidence;
	finding->state = "unknown";
}

static const struct rule directory_rule = {
	.id = "session-directory",
	.severity = SEVERITY_MEDIUM,
	.confidence = CONFIDENCE_MEDIUM,
	.name = "[0-9a-f]{32}",
	.fallback = true,
};

static void a_counter_is_a_companion_of_sessions_that_were_read(void **state)
{
	(void)state;
	static const struct evidence session = {
		.kind = "session",
		.entry_count = 1,
	};
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	sample_finding(&result, &counter_rule, "s/2029", "s");
	read_as(sample_finding(&result, &sample_session_rule, "s/a", "s"),
		&session);
	sample_finding(&result, &counter_rule, "t/2029", "t");
	group_list_init(&list, &result);
	const struct group *both = find_group(&list, "s");
	assert_int_equal(both->files, 1);
	assert_int_equal(both->companions, 1);
	assert_ptr_equal(both->worst->rule, &sample_session_rule);
	const struct group *alone = find_group(&list, "t");
	assert_int_equal(alone->files, 1);
	assert_int_equal(alone->companions, 0);
	group_list_clear(&list);
	scan_result_clear(&result);
}

/* In a clone without blobs nothing is. */
static void sessions_that_were_not_read_are_no_companions(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	sample_finding(&result, &counter_rule, "s/2029", "s");
	sample_finding(&result, &directory_rule, "s/a", "s");
	sample_finding(&result, &directory_rule, "s/b", "s");
	sample_finding(&result, &directory_rule, "s/c", "s");
	group_list_init(&list, &result);
	assert_int_equal(list.groups[0].files, 3);
	assert_int_equal(list.groups[0].companions, 1);
	assert_false(list.groups[0].are_sessions);
	assert_ptr_equal(list.groups[0].worst->rule, &directory_rule);
	group_list_clear(&list);
	scan_result_clear(&result);
}

static const struct rule_config debug = { .below = 1 };

static const struct rule debug_rule = {
	.id = "debug",
	.title = "Debug mode",
	.config = &debug,
};
static const struct rule domain_rule = {
	.id = "domain",
	.title = "Cookie for all hosts",
	.config = &debug,
};

static void settings_of_a_file_are_told_from_its_path(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	sample_finding(&result, &debug_rule, "app.py", NULL);
	sample_finding(&result, &domain_rule, "app.py", NULL);
	sample_finding(&result, &sample_env_rule, ".env", NULL);
	group_list_init(&list, &result);
	assert_int_equal(list.count, 3);
	assert_false(group_is_setting(find_group(&list, ".env")));
	assert_true(group_is_setting(find_group(&list, "app.py")));
	group_list_clear(&list);
	CLEANUP(freep)
	char *text = sample_report("human", &result,
		&(struct report_opts){ .width = 80, .version = "0.1.0" });
	assert_non_null(strstr(text, "Found 2 settings, 1 other path ("));
	scan_result_clear(&result);
}

static void a_store_adds_up_what_its_files_give_away(void **state)
{
	(void)state;
	static const char *calls[] = { "os.system", "datetime.datetime" };
	static const struct evidence login = {
		.kind = "session",
		.holds = HOLDS_USER_ID | HOLDS_ADMIN,
		.id = ID_CLEAR,
		.calls = calls,
		.call_count = 1,
	};
	static const struct evidence visit = {
		.kind = "session",
		.holds = HOLDS_USER_ID,
		.id = ID_HASHED,
		.calls = calls,
		.call_count = 2,
	};
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	read_as(sample_finding(&result, &sample_session_rule, "s/a", "s"),
		&login);
	read_as(sample_finding(&result, &sample_session_rule, "s/b", "s"),
		&visit);
	sample_finding(&result, &sample_session_rule, "s/c", "s");
	group_list_init(&list, &result);
	const struct group *group = &list.groups[0];
	assert_int_equal(group->decoded, 2);
	assert_int_equal(group->holding[0], 2); /* HOLDS_USER_ID */
	assert_int_equal(group->holding[6], 1); /* HOLDS_ADMIN */
	assert_int_equal(group->id, ID_CLEAR);
	assert_int_equal(group->call_count, 2);
	assert_string_equal(group->calls[0], "os.system");
	assert_string_equal(group->calls[1], "datetime.datetime");
	group_list_clear(&list);
	scan_result_clear(&result);
}

static void exposure_spans_all_members(void **state)
{
	(void)state;
	static const struct commit_info early = { .oid = "1", .time = 1 };
	static const struct commit_info late = { .oid = "2", .time = 9 };
	static const char *many[EXPOSURE_MAX_REFS];
	static char names[EXPOSURE_MAX_REFS][16];
	for (size_t i = 0; i < EXPOSURE_MAX_REFS; i++) {
		snprintf(names[i], sizeof(names[i]), "refs/z/%02zu", i);
		many[i] = names[i];
	}
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	struct finding *a =
		sample_finding(&result, &sample_session_rule, "s/a", "s");
	a->exposure.first = &late;
	a->exposure.removed = &early;
	struct finding *b =
		sample_finding(&result, &sample_session_rule, "s/b", "s");
	b->exposure = (struct exposure){ .first = &early,
		.last = &late,
		.removed = &late,
		.refs = many,
		.refs_listed = EXPOSURE_MAX_REFS,
		.refs_count = 50 };
	group_list_init(&list, &result);
	const struct group *group = &list.groups[0];
	assert_ptr_equal(group->first, &early);
	assert_ptr_equal(group->removed, &late);
	assert_int_equal(group->refs_listed, EXPOSURE_MAX_REFS);
	assert_int_equal(group->refs_count, 50);
	assert_string_equal(group->refs[0], "refs/heads/main");
	assert_string_equal(group->refs[4], "refs/z/00");
	group_list_clear(&list);
	a->at_tip = true;
	group_list_init(&list, &result);
	assert_null(list.groups[0].removed);
	group_list_clear(&list);
	scan_result_clear(&result);
}

static void the_worst_comes_first(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	sample_finding(&result, &sample_env_rule, "a", NULL);
	sample_finding(&result, &sample_key_rule, "z", NULL);
	sample_finding(&result, &sample_session_rule, "s/a", "s");
	sample_finding(&result, &sample_session_rule, "t/a", "t");
	sample_finding(&result, &sample_session_rule, "t/b", "t");
	scan_result_sort(&result);
	group_list_init(&list, &result);
	static const char *const expected[] = { "z", "t", "s", "a" };
	assert_int_equal(list.count, ARRAY_SIZE(expected));
	for (size_t i = 0; i < list.count; i++)
		assert_string_equal(list.groups[i].name, expected[i]);
	group_list_clear(&list);
	scan_result_clear(&result);
}

static void nothing_found_is_no_group(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	group_list_init(&list, &result);
	assert_int_equal(list.count, 0);
	group_list_clear(&list);
	scan_result_clear(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_counts_its_files),
		cmocka_unit_test(a_secret_has_its_places_in_one_group),
		cmocka_unit_test(two_rules_at_one_path_are_one_file),
		cmocka_unit_test(a_store_of_companions_alone_counts_them),
		cmocka_unit_test(a_store_that_is_a_file_is_no_folder),
		cmocka_unit_test(
			a_counter_is_a_companion_of_sessions_that_were_read),
		cmocka_unit_test(sessions_that_were_not_read_are_no_companions),
		cmocka_unit_test(settings_of_a_file_are_told_from_its_path),
		cmocka_unit_test(a_store_adds_up_what_its_files_give_away),
		cmocka_unit_test(exposure_spans_all_members),
		cmocka_unit_test(the_worst_comes_first),
		cmocka_unit_test(nothing_found_is_no_group),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
