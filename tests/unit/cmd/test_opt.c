#include "base/buf.h"
#include "cmd/opt.h"
#include "tests/support/test.h"

#include <string.h>

#define MAX_ARGS 8

struct fields {
	bool flag;
	bool no_builtin;
	unsigned bits;
	const char *text;
	const char *when;
	struct opt_list list;
	uint64_t number;
	int count;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt table[] = {
	{ OPT_GROUP, 0, NULL, 0, 0, NULL, "A heading" },
	{ OPT_FLAG, 'f', "progress", FIELD(flag), 0, NULL, "a flag" },
	{ OPT_FLAG, 0, "no-builtin-rules", FIELD(no_builtin), 0, NULL, "x" },
	{ OPT_BITS, 'i', "index", FIELD(bits), 1, NULL, "a bit" },
	{ OPT_BITS, 0, "history", FIELD(bits), 6, NULL, "two bits" },
	{ OPT_TEXT, 'o', "output", FIELD(text), 0, "<file>", "a text" },
	{ OPT_TEXT, 0, "color", FIELD(when), 0, "[=<when>]", "optional" },
	{ OPT_LIST, 'l', "rules", FIELD(list), 0, "<path>", "a list" },
	{ OPT_NUMBER, 'n', "number", FIELD(number), 0, "<n>", "a number" },
	{ OPT_TEXT, 0, "store", FIELD(text), 0, "<file>", "two rows:" },
	{ OPT_FLAG, 0, "no-store", FIELD(no_builtin), 0, NULL, "and none" },
	{ OPT_COUNT, 'v', "verbose", FIELD(count), 1, NULL, "more" },
	{ OPT_COUNT, 'q', "quiet", FIELD(count), -1, NULL, "less" },
	{ 0 },
};

static const struct opt_spec spec = { .usage = "x", .opts = table };
static const struct opt_spec stopping = {
	.usage = "x",
	.opts = table,
	.stop_at_word = true,
};

/* What is left of a parse, as text: words, then the fields that are set. */
static void describe(struct buf *out, const struct fields *fields, int words,
	char *const *argv)
{
	for (int i = 0; i < words; i++)
		buf_printf(out, "%s ", argv[i]);
	buf_add_text(out, "|");
	if (fields->flag)
		buf_add_text(out, " flag");
	if (fields->no_builtin)
		buf_add_text(out, " no_builtin");
	if (fields->bits)
		buf_printf(out, " bits=%u", fields->bits);
	if (fields->text)
		buf_printf(out, " text=%s", fields->text);
	if (fields->when)
		buf_printf(out, " when=%s", fields->when);
	for (size_t i = 0; i < fields->list.count; i++)
		buf_printf(out, " list=%s", fields->list.items[i]);
	if (fields->number)
		buf_printf(out, " number=%ju", (uintmax_t)fields->number);
	if (fields->count)
		buf_printf(out, " count=%d", fields->count);
}

struct row {
	const char *name;
	const char *args[MAX_ARGS];
	const char *result;  /* of describe(), or */
	const char *message; /* of the error */
	int expected;        /* a special return value, or 0 */
	const struct opt_spec *spec;
};

static const struct row rows[] = {
	{ "nothing", { NULL }, .result = "|" },
	{ "words stay in order", { "a", "-f", "b" }, .result = "a b | flag" },
	{ "a lone dash is a word", { "-", "-f" }, .result = "- | flag" },
	{ "two dashes end the options", { "a", "--", "-f", "--" },
		.result = "a -f -- |" },
	{ "end-of-options does too", { "--end-of-options", "-f" },
		.result = "-f |" },
	{ "a value may look like an option", { "-o", "--" },
		.result = "| text=--" },
	{ "long flag", { "--progress" }, .result = "| flag" },
	{ "no- clears a flag", { "-f", "--no-progress" }, .result = "|" },
	{ "a flag with no- in its name", { "--no-builtin-rules" },
		.result = "| no_builtin" },
	{ "is cleared without it", { "--no-builtin-rules", "--builtin-rules" },
		.result = "|" },
	{ "last one wins", { "--no-progress", "--progress" },
		.result = "| flag" },
	{ "bits add up", { "-i", "--history" }, .result = "| bits=7" },
	{ "no- clears its bits alone", { "-i", "--history", "--no-history" },
		.result = "| bits=1" },
	{ "text behind an equals sign", { "--output=a=b" },
		.result = "| text=a=b" },
	{ "an empty value is a value", { "--output=" }, .result = "| text=" },
	{ "text as the next word", { "--output", "-f" },
		.result = "| text=-f" },
	{ "text stuck to the letter", { "-ofile" }, .result = "| text=file" },
	{ "no- forgets a text", { "-ofile", "--no-output" }, .result = "|" },
	{ "its own name goes before the negation of another",
		{ "--store=a", "--no-store" },
		.result = "| no_builtin text=a" },
	{ "a name goes before the negation of its own negation",
		{ "--no-store", "--store=a" },
		.result = "| no_builtin text=a" },
	{ "optional value left out", { "--color", "always" },
		.result = "always | when=" },
	{ "optional value given", { "--color=always" },
		.result = "| when=always" },
	{ "lists grow", { "-la", "--rules", "b", "--rules=c" },
		.result = "| list=a list=b list=c" },
	{ "no- empties a list", { "-la", "--no-rules", "-lb" },
		.result = "| list=b" },
	{ "bundle", { "-fvvi" }, .result = "| flag bits=1 count=2" },
	{ "bundle with a value", { "-vofile" },
		.result = "| text=file count=1" },
	{ "counts go both ways", { "-v", "-v", "-q" }, .result = "| count=1" },
	{ "no- resets a count", { "-vv", "--no-verbose" }, .result = "|" },
	{ "unique prefix", { "--prog", "--out=x" }, .result = "| flag text=x" },
	{ "unique prefix of a no- form", { "-f", "--no-prog" }, .result = "|" },
	{ "number", { "-n", "12" }, .result = "| number=12" },
	{ "kibi", { "-n2k" }, .result = "| number=2048" },
	{ "mebi", { "-n3M" }, .result = "| number=3145728" },
	{ "gibi", { "--number=1g" }, .result = "| number=1073741824" },
	{ "largest number", { "-n18446744073709551615" },
		.result = "| number=18446744073709551615" },
	{ "stops at the first word", { "-f", "scan", "-f", "--x" },
		.result = "scan -f --x | flag", .spec = &stopping },

	{ "help", { "--help" }, .expected = OPT_HELP_ASKED },
	{ "short help", { "a", "-h" }, .expected = OPT_HELP_ASKED },
	{ "help as a value is a value", { "-o", "-h" }, .result = "| text=-h" },

	{ "number too large", { "-n18446744073709551616" },
		.message = "option '-n' expects a number, optionally with a "
			   "suffix k, m or g" },
	{ "suffix overflows", { "--number=18014398509481984k" },
		.message = "option '--number' expects a number, optionally "
			   "with a suffix k, m or g" },
	{ "negative number", { "-n", "-1" },
		.message = "option '-n' expects a number, optionally with a "
			   "suffix k, m or g" },
	{ "suffix alone", { "-nk" },
		.message = "option '-n' expects a number, optionally with a "
			   "suffix k, m or g" },
	{ "two suffixes", { "-n1kk" },
		.message = "option '-n' expects a number, optionally with a "
			   "suffix k, m or g" },
	{ "unknown letter", { "-x" }, .message = "unknown option '-x'" },
	{ "unknown letter in a bundle", { "-fx" },
		.message = "unknown option '-x'" },
	{ "unknown name", { "--nonsense=1" },
		.message = "unknown option '--nonsense'" },
	{ "a slip is corrected", { "--proggres" },
		.message = "unknown option '--proggres'; did you mean "
			   "'--progress'?" },
	{ "equals sign alone", { "--=x" }, .message = "unknown option '--'" },
	{ "a flag takes no value", { "--progress=yes" },
		.message = "option '--progress' takes no value" },
	{ "no- takes no value", { "--no-output=x" },
		.message = "option '--no-output' takes no value" },
	{ "value is missing", { "--output" },
		.message = "option '--output' requires a value" },
	{ "value of a letter is missing", { "-o" },
		.message = "option '-o' requires a value" },
	{ "prefix of two", { "--n" },
		.message = "ambiguous option '--n': '--no-builtin-rules' or "
			   "'--no-store'" },
};

static void parse_row(void **state)
{
	const struct row *row = *state;
	struct fields fields = { 0 };
	struct err err = { 0 };
	char *argv[MAX_ARGS + 1] = { 0 };
	int argc = 0;
	for (; argc < MAX_ARGS && row->args[argc]; argc++)
		argv[argc] = (char *)(uintptr_t)row->args[argc];

	int words = opt_parse(
		&fields, row->spec ? row->spec : &spec, argc, argv, &err);
	if (row->message) {
		assert_int_equal(words, ERR_USAGE);
		assert_string_equal(err.msg, row->message);
	} else if (row->expected) {
		assert_int_equal(words, row->expected);
	} else {
		assert_ok(words, &err);
		CLEANUP(buf_clear) struct buf seen;
		buf_init(&seen, 0);
		describe(&seen, &fields, words, argv);
		assert_string_equal(seen.bytes, row->result);
	}
	opt_list_clear(&fields.list);
}

static void an_endless_name_is_cut_in_the_message(void **state)
{
	(void)state;
	char name[400];
	memset(name, '-', 2);
	memset(name + 2, 'x', sizeof(name) - 3);
	name[sizeof(name) - 1] = '\0';
	char *argv[] = { name, NULL };
	struct fields fields = { 0 };
	struct err err = { 0 };
	assert_int_equal(opt_parse(&fields, &spec, 1, argv, &err), ERR_USAGE);
	assert_true(strlen(err.msg) < 120);
}

static void a_list_ends_with_null(void **state)
{
	(void)state;
	char arg[] = "-lx";
	char *argv[40];
	for (size_t i = 0; i < ARRAY_SIZE(argv); i++)
		argv[i] = arg;
	struct fields fields = { 0 };
	struct err err = { 0 };
	assert_int_equal(
		opt_parse(&fields, &spec, ARRAY_SIZE(argv), argv, &err), 0);
	assert_int_equal(fields.list.count, ARRAY_SIZE(argv));
	assert_null(fields.list.items[fields.list.count]);
	opt_list_clear(&fields.list);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2];
	size_t count = ARRAY_SIZE(rows);
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = parse_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		an_endless_name_is_cut_in_the_message);
	tests[count] =
		(struct CMUnitTest)cmocka_unit_test(a_list_ends_with_null);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
