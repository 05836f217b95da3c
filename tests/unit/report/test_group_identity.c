#include "report/group_identity.h"
#include "tests/support/test.h"
#include "tests/unit/report/samples.h"

#include <string.h>

/** The identity of the only group of the result. */
static void identity_of(char out[33], struct scan_result *result)
{
	struct group_list list;
	scan_result_sort(result);
	group_list_init(&list, result);
	assert_int_equal(list.count, 1);
	group_fingerprint(out, &list.groups[0]);
	group_list_clear(&list);
	scan_result_clear(result);
}

static void a_store_is_known_by_its_folder(void **state)
{
	(void)state;
	struct scan_result result;
	char before[33];
	char after[33];
	sample_empty(&result);
	sample_finding(&result, &sample_session_rule, "a/s/1", "a/s");
	identity_of(before, &result);
	sample_empty(&result);
	sample_finding(&result, &sample_session_rule, "a/s/2", "a/s")
		->severity = SEVERITY_CRITICAL;
	sample_finding(&result, &sample_transient_rule, "a/s/3", "a/s");
	identity_of(after, &result);
	assert_string_equal(before, after);
	sample_empty(&result);
	sample_finding(&result, &sample_session_rule, "b/s/1", "b/s");
	identity_of(after, &result);
	assert_string_not_equal(before, after);
}

static void a_secret_is_known_wherever_it_stands(void **state)
{
	(void)state;
	struct scan_result result;
	char before[33];
	char after[33];
	sample_empty(&result);
	memset(sample_finding(&result, &sample_key_rule, "a.py", NULL)
			->secret_id,
		'e', 32);
	identity_of(before, &result);
	sample_empty(&result);
	memset(sample_finding(&result, &sample_key_rule, "b.py", NULL)
			->secret_id,
		'e', 32);
	identity_of(after, &result);
	assert_string_equal(before, after);
}

static void the_spot_is_a_file_that_is_there(void **state)
{
	(void)state;
	struct scan_result result;
	struct group_list list;
	sample_empty(&result);
	sample_finding(&result, &sample_session_rule, "s/1", "s");
	sample_finding(&result, &sample_session_rule, "s/2", "s")->at_tip =
		true;
	scan_result_sort(&result);
	group_list_init(&list, &result);
	assert_string_equal(group_spot(&list.groups[0])->path, "s/2");
	group_list_clear(&list);
	scan_result_clear(&result);
}

static void uris_are_percent_encoded(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{ "a/b-c_d.e~f", "a/b-c_d.e~f" },
		{ "c:/x y?#%", "c%3A/x%20y%3F%23%25" },
		{ "\xC3\xA9", "%C3%A9" },
		{ "\xFF", "%EF%BF%BD" },
		{ "", ".git/objects/cc/cccccccccccccccccccccccccccccccccccccc" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct finding finding = { .path = rows[i][0] };
		CLEANUP(buf_clear) struct buf uri;
		buf_init(&uri, 0);
		memset(finding.blob, 'c', OID_HEX_SIZE);
		add_host_uri(&uri, &finding);
		assert_string_equal(uri.bytes, rows[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_is_known_by_its_folder),
		cmocka_unit_test(a_secret_is_known_wherever_it_stands),
		cmocka_unit_test(the_spot_is_a_file_that_is_there),
		cmocka_unit_test(uris_are_percent_encoded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
