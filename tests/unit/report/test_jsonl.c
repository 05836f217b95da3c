#include "report/finding_json.h"
#include "rules/encoded/encoding.h"
#include "scanner/holder_kind.h"
#include "tests/support/test.h"
#include "tests/unit/report/samples.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct report_opts opts = { .version = "0.1.0" };

#define HEADER                                                              \
	"{\"type\":\"header\",\"format\":1,\"version\":\"0.1.0\","          \
	"\"rules_digest\":\"" A32 A32 "\",\"tips_digest\":\"" B32 B32 "\"," \
	"\"sources\":[\"index\",\"history\"]}\n"
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B32 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C40 "cccccccccccccccccccccccccccccccccccccccc"
#define D32 "dddddddddddddddddddddddddddddddd"
#define COUNTS                                                             \
	"\"paths\":2310,\"excluded\":0,\"blobs\":5678,\"bytes\":12900000," \
	"\"commits\":1234,"

static void an_empty_report_is_a_header_and_a_summary(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	assert_string_equal(text,
		HEADER
		"{\"type\":\"summary\",\"findings\":0,"
		"\"by_severity\":{},\"suppressed\":0,\"unsure\":0," COUNTS
		"\"skipped\":{},\"complete\":true}\n");
	scan_result_clear(&result);
}

static void a_finding_has_all_fields_in_order(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	struct finding *finding =
		sample_finding(&result, &sample_session_rule, "s/\xFF", "s");
	static const char *keys[] = { "user_id" };
	static const char *calls[] = { "os.system" };
	const struct evidence evidence = { .decoder = "cachelib",
		.kind = "session",
		.keys = keys,
		.key_count = 1,
		.holds = HOLDS_USER_ID,
		.expiry = EXPIRY_AT,
		.expires_at = 0,
		.id = ID_HASHED,
		.entry_count = 1,
		.calls = calls,
		.call_count = 1 };
	finding->evidence = &evidence;
	finding->state = "expired";
	finding->ignored = UNKNOWN;
	finding->excerpt = "k\xE2\x80\xA6";
	finding->region = (struct region){ 1, 2, 3, 4, 5, 6 };
	finding->exposure.refs_listed = 1;
	static const char *logs[] = { "HEAD@{3}" };
	finding->exposure.logs = logs;
	finding->exposure.logs_listed = 1;
	finding->exposure.logs_count = 2;
	finding->exposure.tip_of = 1U << HOLDER_TAG;
	struct skipped *skipped =
		scan_result_add_skipped(&result, SKIP_SHALLOW);
	memset(skipped->object, '1', OID_HEX_SIZE);
	scan_result_sort(&result);
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	assert_string_equal(text,
		HEADER
		"{\"type\":\"finding\",\"rule\":\"flask-session-file\","
		"\"pack\":\"flask-session\",\"severity\":\"high\","
		"\"confidence\":\"certain\","
		"\"message\":\"Flask-Session session file\","
		"\"path\":\"s/\xEF\xBF\xBD\",\"path_base64\":\"cy//\","
		"\"store\":\"s\",\"places\":[\"history\"],"
		"\"tracked\":false,\"ignored\":null,\"at_tip\":false,"
		"\"blob\":\"" C40 "\",\"versions\":1,"
		"\"region\":{\"start_line\":1,\"start_column\":2,"
		"\"end_line\":3,\"end_column\":4,\"start_byte\":5,"
		"\"end_byte\":6},"
		"\"exposure\":{\"first_commit\":"
		"\"1a2b3c4d5e6f708192a3b4c5d6e7f80912345678\","
		"\"first_author\":\"Ada Example\","
		"\"first_date\":\"2024-01-02T03:04:05Z\",\"last_commit\":"
		"\"5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80\","
		"\"removed_commit\":"
		"\"5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80\","
		"\"refs\":[\"refs/heads/main\"],\"refs_count\":4,"
		"\"reflogs\":[\"HEAD@{3}\"],\"reflogs_count\":2,\"tip_of\":[\"tag\"],"
		"\"reachable_by\":[\"branch\",\"tag\"]},"
		"\"excerpt\":\"k\xE2\x80\xA6\",\"secret_id\":null,"
		"\"fingerprint\":\"" D32 "\","
		"\"evidence\":{\"decoder\":\"cachelib\",\"kind\":\"session\","
		"\"variant\":null,\"keys\":[\"user_id\"],"
		"\"keys_truncated\":false,\"holds\":[\"user-id\"],"
		"\"entries\":1,\"expires\":\"1970-01-01T00:00:00Z\","
		"\"state\":\"expired\",\"id\":\"hashed\","
		"\"calls\":[\"os.system\"]},\"links\":[],"
		"\"remedy\":{\"gitignore\":\"/s/\",\"untrack\":true,"
		"\"advice\":\"Revoke the sessions: empty the store and rotate "
		"SECRET_KEY, so that no cookie that was issued is valid.\"}}\n"
		"{\"type\":\"skipped\",\"reason\":\"shallow\",\"object\":"
		"\"1111111111111111111111111111111111111111\","
		"\"path\":null}\n"
		"{\"type\":\"summary\",\"findings\":1,"
		"\"by_severity\":{\"high\":1},\"suppressed\":0,\"unsure\":0," COUNTS
		"\"skipped\":{\"shallow\":1},\"complete\":false}\n");
	scan_result_clear(&result);
}

static void a_secret_says_why_it_is_believed(void **state)
{
	(void)state;
	static const char *const why[] = { "named KEY", "with id beside it" };
	const struct finding_part part = { "id", { 1, 2, 1, 4, 1, 4 } };
	const struct finding_belief belief = { why, 2, &part, 1 };
	struct scan_result result;
	sample_empty(&result);
	struct finding *finding =
		sample_finding(&result, &sample_key_rule, "app.py", NULL);
	finding->belief = &belief;
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	assert_non_null(strstr(text,
		"\"evidence\":{\"decoder\":null,"
		"\"why\":[\"named KEY\",\"with id beside it\"],"
		"\"parts\":[{\"title\":\"id\",\"region\":{"
		"\"start_line\":1,\"start_column\":2,\"end_line\":1,"
		"\"end_column\":4,\"start_byte\":1,\"end_byte\":4}}]},"));
	scan_result_clear(&result);
}

static void a_member_of_an_archive_is_named_beside_the_file(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	struct finding *finding =
		sample_finding(&result, &sample_key_rule, "a.zip", NULL);
	finding->nested = "a.zip!dir/\xFF.env";
	finding->inner = "dir/\xFF.env";
	finding->inner_region = (struct region){ 1, 2, 3, 4, 5, 6 };
	finding->encodings =
		encodings_add(encodings_add(0, ENCODING_ZIP), ENCODING_BASE64);
	struct skipped *skipped =
		scan_result_add_skipped(&result, SKIP_UNSUPPORTED);
	skipped->inner = "b.txt";
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	assert_non_null(strstr(text,
		"\"path\":\"a.zip\",\"inner\":\"dir/\xEF\xBF\xBD.env\","
		"\"inner_base64\":\"ZGlyL/8uZW52\",\"store\":null"));
	assert_non_null(strstr(
		text, "\"region\":null,\"inner_region\":{\"start_line\":1,"));
	assert_non_null(strstr(text,
		"\"evidence\":{\"decoder\":null,"
		"\"encoding\":[\"zip\",\"base64\"]},"));
	assert_non_null(strstr(text, "\"path\":null,\"inner\":\"b.txt\"}"));
	scan_result_clear(&result);
}

static void links_name_the_other_finding(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	struct finding *finding =
		sample_finding(&result, &sample_key_rule, "app.py", NULL);
	const struct finding_link links[] = {
		{ .relation = "signed-by", .scheme = "flask" },
		{ .relation = "signs",
			.scheme = "django",
			.rule = "r",
			.path = "a\xFF",
			.fingerprint = "f",
			.since = finding->exposure.first },
	};
	finding->links = links;
	finding->link_count = ARRAY_SIZE(links);
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	assert_non_null(strstr(text,
		"\"links\":[{\"relation\":\"signed-by\","
		"\"scheme\":\"flask\",\"rule\":null,\"path\":null,"
		"\"fingerprint\":null,\"since_commit\":null,"
		"\"since_date\":null},"
		"{\"relation\":\"signs\",\"scheme\":\"django\","
		"\"rule\":\"r\",\"path\":\"a\xEF\xBF\xBD\","
		"\"path_base64\":\"Yf8=\",\"fingerprint\":\"f\","
		"\"since_commit\":"
		"\"1a2b3c4d5e6f708192a3b4c5d6e7f80912345678\","
		"\"since_date\":\"2024-01-02T03:04:05Z\"}],"));
	scan_result_clear(&result);
}

static void a_finding_outside_history_has_nulls(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	struct finding *finding =
		sample_finding(&result, &sample_key_rule, "app.py", NULL);
	finding->exposure = (struct exposure){ 0 };
	finding->blob[0] = '\0';
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	assert_non_null(strstr(text,
		"\"exposure\":{\"first_commit\":null,\"first_author\":null,"
		"\"first_date\":null,\"last_commit\":null,"
		"\"removed_commit\":null,\"refs\":[],\"refs_count\":0,"
		"\"reflogs\":[],\"reflogs_count\":0,\"tip_of\":[],\"reachable_by\":[]},"));
	assert_non_null(strstr(text, "\"store\":null"));
	assert_non_null(strstr(text, "\"blob\":null"));
	assert_non_null(strstr(text, "\"region\":null"));
	assert_non_null(strstr(text, "\"evidence\":null"));
	assert_non_null(strstr(text, "\"gitignore\":null"));
	scan_result_clear(&result);
}

static void json_holds_the_objects_of_jsonl(void **state)
{
	(void)state;
	struct scan_result result;
	sample_case(&result);
	CLEANUP(freep) char *lines = sample_report("jsonl", &result, &opts);
	CLEANUP(freep) char *array = sample_report("json", &result, &opts);
	json_error_t error;
	json_t *root = json_loads(array, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		fail_msg("%s", error.text);
	size_t count = 0;
	for (char *line = lines; *line;) {
		size_t len = strcspn(line, "\n");
		json_t *object =
			json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
		assert_non_null(object);
		assert_true(json_equal(object, json_array_get(root, count++)));
		json_decref(object);
		line += len + 1;
	}
	assert_int_equal(count, json_array_size(root));
	assert_int_equal(count, result.finding_count + 4);
	json_decref(root);
	scan_result_clear(&result);
}

static void a_full_disk_is_an_error(void **state)
{
	(void)state;
	struct scan_result result;
	sample_case(&result);
	for (size_t i = 0; reporters[i]; i++) {
		struct err err = { 0 };
		FILE *full = fopen("/dev/full", "w");
		if (!full)
			skip();
		int rc = reporters[i]->write(full, &result, &opts, &err);
		assert_int_equal(rc, ERR_IO);
		fclose(full);
	}
	scan_result_clear(&result);
}

static void a_format_is_found_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; reporters[i]; i++)
		assert_ptr_equal(
			reporter_find(reporters[i]->name), reporters[i]);
	assert_null(reporter_find("xml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_says_why_it_is_believed),
		cmocka_unit_test(an_empty_report_is_a_header_and_a_summary),
		cmocka_unit_test(a_finding_has_all_fields_in_order),
		cmocka_unit_test(
			a_member_of_an_archive_is_named_beside_the_file),
		cmocka_unit_test(links_name_the_other_finding),
		cmocka_unit_test(a_finding_outside_history_has_nulls),
		cmocka_unit_test(json_holds_the_objects_of_jsonl),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(a_format_is_found_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
