#include "report/csv.h"
#include "tests/support/test.h"

#include <stdlib.h>

struct row {
	const char *name;
	const char *text;
	const char *as_text;
	const char *as_path;
};

static const struct row rows[] = {
	{ "plain_text", "a b", "a b", "a b" },
	{ "nothing", NULL, "", "" },
	{ "a_comma", "a,b", "\"a,b\"", "\"a,b\"" },
	{ "quotes_are_doubled", "a\"b", "\"a\"\"b\"", "\"\"\"a\\\"\"b\"\"\"" },
	{ "a_formula", "=1+1", "\"'=1+1\"", "\"'=1+1\"" },
	{ "a_minus", "-rf", "\"'-rf\"", "\"'-rf\"" },
	{ "a_plus_inside", "1+1", "1+1", "1+1" },
	{ "an_at", "@x", "\"'@x\"", "\"'@x\"" },
	{ "a_newline", "a\nb", "a\\nb", "\"\"\"a\\nb\"\"\"" },
	{ "invalid_utf8", "\xFF", "\\377", "\"\"\"\\377\"\"\"" },
};

static void a_cell_is_what_a_spreadsheet_shows(void **state)
{
	const struct row *row = *state;
	char *text = NULL;
	char expected[128];
	size_t len = 0;
	struct csv_row csv = { .out = open_memstream(&text, &len) };
	csv_put_text(&csv, row->text);
	csv_put_path(&csv, row->text);
	csv_end_row(&csv);
	fclose(csv.out);
	snprintf(expected, sizeof(expected), "%s,%s\r\n", row->as_text,
		row->as_path);
	assert_string_equal(text, expected);
	free(text);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(*rows)];
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = a_cell_is_what_a_spreadsheet_shows,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
