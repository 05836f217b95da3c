#include "base/arena.h"
#include "rules/assignment.h"
#include "rules/pattern.h"
#include "tests/support/test.h"

#include <stdint.h>
#include <string.h>

#define VALUE "0123456789abcdef"

struct row {
	const char *name; /* of the test */
	const char *text;
	bool fits;
};

#define FITS(name, text)         \
	{                        \
		name, text, true \
	}
#define NONE(name, text)          \
	{                         \
		name, text, false \
	}

static const struct row rows[] = {
	FITS("shell", "export ACME_API_KEY=" VALUE),
	FITS("shell_quoted", "ACME_API_KEY='" VALUE "'"),
	FITS("shell_default", "${ACME_API_KEY:-" VALUE "}"),
	FITS("shell_option", "acme --acme-api-key " VALUE),
	FITS("header", "-H \"Acme-Api-Key: " VALUE "\""),
	FITS("header_with_scheme", "acme-api-key: Bearer " VALUE),
	FITS("dockerfile", "ENV ACME_API_KEY " VALUE),
	FITS("properties", "acme.api.key=" VALUE),
	FITS("ini", "acme_api_key = " VALUE),
	FITS("yaml", "  acme_api_key: " VALUE " # production"),
	FITS("yaml_nested", "acme:\n  region: eu\n  api_key: \"" VALUE "\""),
	FITS("kubernetes", "- name: ACME_API_KEY\n  value: \"" VALUE "\""),
	FITS("json", "{\"acmeApiKey\": \"" VALUE "\"}"),
	FITS("json_in_a_string", "{\\\"acmeApiKey\\\": \\\"" VALUE "\\\"}"),
	FITS("json_pair",
		"{\"name\": \"ACME_API_KEY\", \"value\": \"" VALUE "\"}"),
	FITS("toml", "[acme]\napi_key = \"" VALUE "\""),
	FITS("xml_element", "<acmeApiKey>" VALUE "</acmeApiKey>"),
	FITS("xml_attribute", "<add key=\"AcmeApiKey\" value=\"" VALUE "\" />"),
	FITS("android", "<string name=\"acme_api_key\">" VALUE "</string>"),
	FITS("plist", "<key>AcmeApiKey</key>\n\t<string>" VALUE "</string>"),
	FITS("url", "https://acme.example/?acme_api_key=" VALUE "&page=2"),
	FITS("c", "#define ACME_API_KEY \"" VALUE "\""),
	FITS("csharp", "string acmeApiKey = @\"" VALUE "\";"),
	FITS("dart",
		"fromEnvironment('ACME_API_KEY', defaultValue: '" VALUE "')"),
	FITS("go", "acmeAPIKey := \"" VALUE "\""),
	FITS("java_setter", "client.setAcmeApiKey(\"" VALUE "\");"),
	FITS("javascript", "const acmeApiKey = `" VALUE "`;"),
	FITS("javascript_default", "process.env.ACME_API_KEY || '" VALUE "'"),
	FITS("kotlin", "val acmeApiKey: String? = \"" VALUE "\""),
	FITS("objective_c", "NSString *acmeApiKey = @\"" VALUE "\";"),
	FITS("php", "'acme_api_key' => env('ACME', '" VALUE "'),"),
	FITS("php_define", "define('ACME_API_KEY', '" VALUE "');"),
	FITS("python_default", "os.getenv(\"ACME_API_KEY\", \"" VALUE "\")"),
	FITS("python_item", "os.environ[\"ACME_API_KEY\"] = \"" VALUE "\""),
	FITS("python_or", "getenv('ACME_API_KEY') or '" VALUE "'"),
	FITS("python_argument", "Acme(region='eu', api_key='" VALUE "')"),
	FITS("ruby", "config[:acme_api_key] ||= '" VALUE "'"),
	FITS("rust", "const ACME_API_KEY: &'static str = \"" VALUE "\";"),
	FITS("terraform", "acme_api_key = \"" VALUE "\""),
	FITS("typescript", "acmeApiKey?: string = \"" VALUE "\""),
	FITS("name_with_more_words", "MY_ACME_API_KEY_PROD=" VALUE),

	NONE("another_name", "apex_api_key=" VALUE),
	NONE("no_value", "acme_api_key="),
	NONE("shorter_value", "acme_api_key=0123456789abcde"),
	NONE("longer_value_like_a_prefix", "acme_api_key=b" VALUE),
	NONE("longer_value", "acme_api_key=" VALUE "0"),
	NONE("value_that_goes_on", "acme_api_key=" VALUE "-0"),
	NONE("value_in_base64", "acme_api_key=" VALUE "=="),
	NONE("name_of_a_file", "acme_api_key=" VALUE ".png"),
	NONE("value_in_upper_case", "acme_api_key=0123456789ABCDEF"),
	NONE("value_behind_another", "acme_api_key=load(), id=" VALUE),
	NONE("name_too_far_away",
		"acme: a gap of more bytes than are looked at between the two words, "
		"api_key=" VALUE),
};

static void row_holds(void **state)
{
	const struct row *row = *state;
	static const char *const names[] = { "acme api key", "acme ... api key",
		"php env", NULL };
	CLEANUP(freep) char *text = NULL;
	CLEANUP(pattern_freep) struct pattern *pattern = NULL;
	CLEANUP(pattern_state_freep) struct pattern_state *search = NULL;
	struct pattern_span span;
	struct err err = { 0 };
	text = assignment_pattern(names, "[0-9a-f]{16}");
	assert_ok(pattern_new(&pattern, text, 0, &err), &err);
	assert_ok(pattern_state_new(&search, &err), &err);
	size_t len = strlen(row->text);
	int rc = pattern_search(&span, pattern, search,
		(const unsigned char *)row->text, len, 0, len);
	assert_int_equal(rc, row->fits);
	if (!row->fits)
		return;
	assert_int_equal(span.group_end - span.group_start, strlen(VALUE));
	assert_memory_equal(row->text + span.group_start, VALUE, strlen(VALUE));
}

static void names_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool good;
	} names[] = {
		{ "acme", true },
		{ "acme2 api key", true },
		{ "acme ... api key", true },
		{ "", false },
		{ " acme", false },
		{ "acme ", false },
		{ "acme  key", false },
		{ "Acme", false },
		{ "acme_key", false },
		{ "... key", false },
		{ "acme ...", false },
		{ "acme ... ... key", false },
		{ "acme.key", false },
	};
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct err err = { 0 };
	const struct rule_reader reader = {
		.arena = &arena,
		.file = "f.yml",
		.err = &err,
	};
	const struct yaml_node node = { .line = 1, .column = 1 };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int rc = assignment_check_name(&reader, &node, names[i].name);
		assert_int_equal(rc, names[i].good ? 0 : ERR_PARSE);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_holds,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] =
		(struct CMUnitTest)cmocka_unit_test(names_are_checked);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
