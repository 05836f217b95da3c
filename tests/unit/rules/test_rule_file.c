#include "rules/rule_file.h"

#include "base/cleanup.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

/* Nine lines that make a rule; a row adds the tenth. */
#define RULE                    \
	"version: 1\n"          \
	"rules:\n"              \
	"  - id: a\n"           \
	"    title: T\n"        \
	"    severity: low\n"   \
	"    confidence: low\n" \
	"    why: W\n"          \
	"    path: x\n"         \
	"    examples: { match: [{ path: x }], nomatch: [{ path: y }] }\n"

/* The same without a path. */
#define CONTENT_RULE            \
	"version: 1\n"          \
	"rules:\n"              \
	"  - id: a\n"           \
	"    title: T\n"        \
	"    severity: low\n"   \
	"    confidence: low\n" \
	"    why: W\n"          \
	"    examples: { match: [{ content: x }], nomatch: [{ path: y }] }\n"

/* A rule of settings. */
#define CONFIG(tests)                    \
	CONTENT_RULE "    keywords: x\n" \
		     "    config: { " tests " }\n"

struct mistake {
	const char *name;
	const char *text;
	const char *message;
};

static const struct mistake mistakes[] = {
	{ "an empty file", "", "f.yml:1:1: missing 'version: 1'" },
	{ "comments alone", "# x\n", "f.yml:1:1: missing 'version: 1'" },
	{ "no version", "rules: []\n", "f.yml:1:1: missing 'version: 1'" },
	{ "another version", "version: 2\n", "f.yml:1:10: version must be 1" },
	{ "nothing in it", "version: 1\n",
		"f.yml:1:1: missing 'rules' or 'disable'" },
	{ "no map", "- a\n", "f.yml:1:1: a rule file must be a map" },
	{ "a misspelt key at the top", "version: 1\nrule: []\n",
		"f.yml:2:1: unknown key 'rule'; did you mean 'rules'?" },
	{ "rules that are no list", "version: 1\nrules: x\n",
		"f.yml:2:8: rules must be a list with items" },
	{ "a rule that is no map", "version: 1\nrules:\n  - x\n",
		"f.yml:3:5: a rule must be a map" },
	{ "a bad pack", "version: 1\npack: A b\ndisable: x\n",
		"f.yml:2:7: id 'A b' may have a-z, 0-9 and inner '-' alone" },

	{ "a class of characters that is none",
		CONTENT_RULE "    keywords: x\n    pattern: x\n"
			     "    requires: [digit, uper]\n",
		"f.yml:11:23: unknown class 'uper'; did you mean 'upper'?" },
	{ "a look-alike that is none",
		CONTENT_RULE "    keywords: x\n    pattern: x\n"
			     "    unlike: uid\n",
		"f.yml:11:13: unknown class 'uid'; did you mean 'uuid'?" },
	{ "a checksum that is none",
		CONTENT_RULE "    keywords: x\n    pattern: x\n"
			     "    checksum: gihub\n",
		"f.yml:11:15: unknown checksum 'gihub'; did you mean "
		"'github'?" },
	{ "a part without a title",
		CONTENT_RULE "    keywords: x\n    pattern: x\n"
			     "    with: { pattern: y, within: 3 }\n",
		"f.yml:11:11: with needs 'title', 'pattern' and 'within'" },
	{ "a part that is absent and optional",
		CONTENT_RULE "    keywords: x\n    pattern: x\n"
			     "    with: { title: t, pattern: y, within: 3,\n"
			     "      optional: true, absent: true }\n",
		"f.yml:11:11: what is 'absent' cannot be 'optional'" },
	{ "a part on no line",
		CONTENT_RULE "    keywords: x\n    pattern: x\n"
			     "    with: { title: t, pattern: y, within: 0 }\n",
		"f.yml:11:43: within must be a number from 1 to 100" },
	{ "a checksum of no secret",
		CONTENT_RULE "    keywords: x\n    checksum: github\n",
		"f.yml:3:5: 'requires', 'unlike', 'placeholders', "
		"'checksum' and 'with' need 'pattern'" },

	{ "YAML that is not closed", "version: 1\nrules: [\n",
		"f.yml:3:1: flow sequence without a closing bracket" },
	{ "a key that stands twice", RULE "    path: y\n",
		"f.yml:10:5: key 'path' stands twice" },
	{ "an anchor", RULE "    name: &x y\n",
		"f.yml:10:14: anchors are not allowed" },
	{ "an alias", RULE "    name: *x\n",
		"f.yml:10:12: aliases are not allowed" },
	{ "a tag", RULE "    name: !!str y\n",
		"f.yml:10:17: tags are not allowed" },
	{ "a second document", "version: 1\n---\nversion: 1\n",
		"f.yml:2:1: a second document" },
	{ "a key that is a list", "? [a]\n: b\n",
		"f.yml:1:3: a key must be text" },
	{ "bytes that are no UTF-8", "version: 1\n# \xc3(\n",
		"f.yml:2:3: not valid UTF-8" },
	{ "a control character", "version: 1\n# \x1b[1m\n",
		"f.yml:2:3: control character U+001B" },

	{ "a setting without framework", CONFIG("key: DEBUG, is: true"),
		"f.yml:10:13: missing 'in'" },
	{ "an unknown framework", CONFIG("in: flsk, key: DEBUG, is: true"),
		"f.yml:10:19: unknown framework 'flsk'; did you mean 'flask'?" },
	{ "an unknown setting", CONFIG("in: flask, key: DEBGU, is: true"),
		"f.yml:10:31: unknown setting 'DEBGU'; did you mean 'DEBUG'?" },
	{ "an attribute's name for a setting",
		CONFIG("in: flask, key: [DEBUG, secret_key], is: true"),
		"f.yml:10:39: unknown setting 'secret_key'" },
	{ "a setting without a test", CONFIG("in: flask, key: DEBUG"),
		"f.yml:10:13: config tests nothing" },
	{ "a word that is no value", CONFIG("in: flask, key: DEBUG, is: on"),
		"f.yml:10:42: is takes true, false, none and whole numbers; "
		"for other values there is 'text'" },
	{ "an amount without number",
		CONFIG("in: flask, key: DEBUG, above: days"),
		"f.yml:10:45: above must be a whole number, or one of "
		"seconds, minutes, hours or days, as '31 days'" },
	{ "an amount of another unit",
		CONFIG("in: flask, key: DEBUG, below: 3 weeks"),
		"f.yml:10:45: below must be a whole number, or one of "
		"seconds, minutes, hours or days, as '31 days'" },
	{ "a mode that is not octal",
		CONFIG("in: flask, key: DEBUG, mode_beyond: 0680"),
		"f.yml:10:51: mode_beyond must be an octal mode, as 0600" },
	{ "a place that is not known",
		CONFIG("in: flask, key: DEBUG, inside: home"),
		"f.yml:10:46: inside must be 'tree'" },
	{ "a setting with a pattern",
		CONFIG("in: flask, key: DEBUG, is: true") "    pattern: x\n",
		"f.yml:3:5: 'config' stands without 'pattern', 'decoder' and "
		"'signature'" },
	{ "a setting without keywords",
		RULE "    config: { in: flask, key: DEBUG, is: true }\n",
		"f.yml:3:5: 'config' needs 'keywords'" },
	{ "a value to recommend without a setting", RULE "    recommend: x\n",
		"f.yml:3:5: 'recommend' needs 'config'" },
	{ "a weakness that is no number", RULE "    cwe: CWE-1\n",
		"f.yml:10:10: must be a number" },

	{ "a change that is not known",
		RULE "    tolerates: { prefx: because }\n",
		"f.yml:10:18: unknown change 'prefx'; did you mean 'prefix'?" },
	{ "a change without a reason", RULE "    tolerates: { prefix: }\n",
		"f.yml:10:18: prefix is empty" },

	{ "a misspelt key", RULE "    patern: x\n",
		"f.yml:10:5: unknown key 'patern'; did you mean 'pattern'?" },
	{ "a key like no other", RULE "    zzzzzz: x\n",
		"f.yml:10:5: unknown key 'zzzzzz'" },
	{ "a key with an escape sequence", RULE "    \"\\e[1m\": x\n",
		"f.yml:10:5: unknown key '?[1m'" },
	{ "a map for a text", RULE "    name: { a: b }\n",
		"f.yml:10:11: name must be text" },
	{ "a map for a list", RULE "    keywords: { a: b }\n",
		"f.yml:10:15: keywords must be text or a list" },
	{ "an empty text", RULE "    name:\n", "f.yml:10:5: name is empty" },
	{ "an empty list", RULE "    keywords: []\n",
		"f.yml:10:15: keywords must be text or a list" },
	{ "an empty item", RULE "    keywords: [a, '']\n",
		"f.yml:10:19: keywords is empty" },
	{ "a NUL in a keyword", RULE "    keywords: \"a\\0b\"\n",
		"f.yml:10:15: keywords holds a NUL" },
	{ "no boolean", RULE "    fallback: yes\n",
		"f.yml:10:15: fallback must be true or false" },
	{ "a companion of no store", RULE "    companion: true\n",
		"f.yml:3:5: 'companion' needs 'store'" },
	{ "an unknown role", RULE "    role: signing-keys\n",
		"f.yml:10:11: unknown role 'signing-keys'; did you mean "
		"'signing-key'?" },
	{ "a role without a secret", RULE "    role: signing-key\n",
		"f.yml:3:5: this 'role' needs 'pattern'" },
	{ "an unknown subject of a decoder",
		RULE "    decoder: { name: pickle, of: line }\n",
		"f.yml:10:34: unknown subject 'line'" },
	{ "an unknown context",
		RULE
		"    grades: [{ when: { context: doc }, severity: low }]\n",
		"f.yml:10:33: unknown context 'doc'; did you mean 'docs'?" },
	{ "no number", RULE "    reach: 1k\n",
		"f.yml:10:12: reach must be a number from 1 to 65536" },
	{ "a number too large", RULE "    reach: 4294967297\n",
		"f.yml:10:12: reach must be a number from 1 to 65536" },
	{ "entropy over eight bits", RULE "    entropy: 8.001\n",
		"f.yml:10:14: entropy must be a number over 0 and up to 8, "
		"with at most three decimals" },
	{ "a title of two lines",
		"version: 1\nrules:\n  - title: |\n"
		"      a\n      b\n",
		"f.yml:4:1: must be one line" },
	{ "a title that turns text around",
		"version: 1\nrules:\n  - title: \"a\\u202eb\"\n",
		"f.yml:3:12: holds a character that may not be shown" },
	{ "an id in capitals", "version: 1\nrules:\n  - id: Abc\n",
		"f.yml:3:9: id 'Abc' may have a-z, 0-9 and inner '-' alone" },
	{ "an id that starts with a hyphen", "version: 1\nrules:\n  - id: -a\n",
		"f.yml:3:9: id '-a' may have a-z, 0-9 and inner '-' alone" },
	{ "an id twice in a file",
		RULE "  - id: a\n    title: T\n    severity: low\n"
		     "    confidence: low\n    why: W\n    path: x\n"
		     "    examples: { match: [{ path: x }], "
		     "nomatch: [{ path: y }] }\n",
		"f.yml:10:9: id 'a' is taken in line 3" },
	{ "a misspelt severity", "version: 1\nrules:\n  - severity: hihg\n",
		"f.yml:3:15: unknown severity 'hihg'; did you mean 'high'?" },
	{ "an unknown confidence",
		"version: 1\nrules:\n  - confidence: absolute\n",
		"f.yml:3:17: unknown confidence 'absolute'" },
	{ "a glob that negates", RULE "    except: ['*.md', '!x']\n",
		"f.yml:10:22: a glob may not start with '!': use 'except'" },
	{ "a glob with an open bracket", RULE "    except: 'a[bc'\n",
		"f.yml:10:13: glob has '[' without ']'" },
	{ "a glob that ends with a backslash", RULE "    except: 'a\\'\n",
		"f.yml:10:13: glob ends with a backslash" },
	{ "a sibling with a slash", RULE "    except_siblings: a/b\n",
		"f.yml:10:22: a name may not hold a slash" },
	{ "a bad pattern", RULE "    name: 'ab(c'\n",
		"f.yml:10:16: bad pattern: missing closing parenthesis" },
	{ "a bad pattern behind a wide character",
		RULE "    name: '\xc3\xbc(c'\n",
		"f.yml:10:15: bad pattern: missing closing parenthesis" },
	{ "a bad pattern with escapes in YAML", RULE "    name: \"\\x61(\"\n",
		"f.yml:10:11: bad pattern: missing closing parenthesis" },
	{ "a bad pattern in a list", RULE "    except_values: [a, '[']\n",
		"f.yml:10:26: bad pattern: missing terminating ] for "
		"character class" },
	{ "a bad signature", RULE "    signature: '53 5'\n",
		"f.yml:10:16: bad signature: each part is '5a', '30-39', "
		"'?\?' or '@16'" },
	{ "an unknown decoder", RULE "    decoder: nonesuch\n",
		"f.yml:10:14: unknown decoder 'nonesuch'" },
	{ "a decoder without name", RULE "    decoder: { kind: x }\n",
		"f.yml:10:14: missing 'name'" },
	{ "a grade without condition", RULE "    grades: [{ severity: low }]\n",
		"f.yml:10:14: missing 'when'" },
	{ "a grade that changes nothing",
		RULE "    grades: [{ when: { state: live } }]\n",
		"f.yml:10:14: missing 'severity' or 'confidence'" },
	{ "a grade for an unknown state",
		RULE "    grades: [{ when: { state: dead }, severity: low }]\n",
		"f.yml:10:31: unknown state 'dead'" },
	{ "a grade for an unknown content",
		RULE "    grades: [{ when: { holds: userid }, "
		     "severity: low }]\n",
		"f.yml:10:31: unknown content 'userid'; did you mean "
		"'user-id'?" },
	{ "a grade for an unknown exposure",
		RULE "    grades: [{ when: { id: clera }, severity: low }]\n",
		"f.yml:10:28: unknown id exposure 'clera'; did you mean "
		"'clear'?" },
	{ "a grade of an unknown severity",
		RULE "    grades: [{ when: { state: live }, severity: x }]\n",
		"f.yml:10:49: unknown severity 'x'" },
	{ "an unknown remedy", RULE "    remedy: { untrak: true }\n",
		"f.yml:10:15: unknown key 'untrak'; did you mean 'untrack'?" },
	{ "an unknown placeholder",
		RULE "    remedy: { gitignore: '/{dir}/' }\n",
		"f.yml:10:26: only {store}, {path} and {name} are filled in" },

	{ "no id", "version: 1\nrules:\n  - title: T\n",
		"f.yml:3:5: missing 'id'" },
	{ "no condition", CONTENT_RULE,
		"f.yml:3:5: no condition: give 'path', 'name', 'keywords' or "
		"'signature'" },
	{ "a pattern on every byte", CONTENT_RULE "    pattern: x\n",
		"f.yml:3:5: a rule without 'path' or 'name' needs 'keywords' "
		"or 'signature', or it would read every byte" },
	{ "a remedy of files without path",
		CONTENT_RULE
		"    keywords: x\n"
		"    remedy: { untrack: true, whole_file: true }\n",
		"f.yml:3:5: 'whole_file' needs 'path' or 'name'" },
	{ "exceptions without path",
		CONTENT_RULE "    keywords: x\n    except: y\n",
		"f.yml:3:5: 'except' needs 'path' or 'name'" },
	{ "entropy without pattern", RULE "    entropy: 3\n",
		"f.yml:3:5: 'entropy' needs 'pattern'" },
	{ "reach before without reach", RULE "    reach_before: 9\n",
		"f.yml:3:5: 'reach_before' needs 'reach'" },
	{ "reach before beyond reach",
		RULE "    keywords: x\n    pattern: x\n    reach: 8\n"
		     "    reach_before: 9\n",
		"f.yml:3:5: 'reach_before' is more than 'reach'" },
	{ "reach without keywords", RULE "    pattern: x\n    reach: 9\n",
		"f.yml:3:5: 'reach' needs 'keywords' and 'pattern'" },
	{ "grades without decoder",
		RULE "    grades: [{ when: { state: live }, severity: low }]\n",
		"f.yml:3:5: 'grades' needs 'decoder'" },
	{ "no match example",
		"version: 1\nrules:\n  - id: a\n    title: T\n"
		"    severity: low\n    confidence: low\n    why: W\n"
		"    path: x\n    examples: { nomatch: [{ path: y }] }\n",
		"f.yml:3:5: needs an example under 'match'" },
	{ "no nomatch example",
		"version: 1\nrules:\n  - id: a\n    title: T\n"
		"    severity: low\n    confidence: low\n    why: W\n"
		"    path: x\n    examples: { match: [{ path: y }] }\n",
		"f.yml:3:5: needs an example under 'nomatch'" },
	{ "an example of two contents",
		"version: 1\nrules:\n  - examples:\n      match:\n"
		"        - { content: a, content_hex: '00' }\n",
		"f.yml:5:11: an example has one content" },
	{ "an example of bad hex",
		"version: 1\nrules:\n  - examples:\n      match:\n"
		"        - content_hex: '0'\n",
		"f.yml:5:24: content_hex is not pairs of hex digits" },
	{ "an example of bad base64",
		"version: 1\nrules:\n  - examples:\n      match:\n"
		"        - content_base64: '!'\n",
		"f.yml:5:27: content_base64 is not base64" },
	{ "an example with a leading slash",
		"version: 1\nrules:\n  - examples:\n      match:\n"
		"        - path: /a\n",
		"f.yml:5:17: paths are relative to the repository" },

	{ "an entry with both id and extend",
		"version: 1\nrules:\n  - extend: a\n    id: b\n",
		"f.yml:3:5: an entry has either 'id' or 'extend'" },
	{ "an override of nothing", "version: 1\nrules:\n  - override: a\n",
		"f.yml:3:5: override changes nothing" },
	{ "a bad value in an override",
		"version: 1\nrules:\n  - override: a\n    severity: x\n",
		"f.yml:4:15: unknown severity 'x'" },
};

static void a_mistake_is_named_with_its_place(void **state)
{
	const struct mistake *row = *state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_file file;
	struct err err = { 0 };
	assert_err(rule_file_parse(&file, &arena, "f.yml", row->text,
			   strlen(row->text), &err),
		ERR_PARSE, &err);
	assert_string_equal(err.msg, row->message);
}

static void depth_is_bounded(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_file file;
	struct err err = { 0 };
	char text[64];
	memset(text, '[', sizeof(text));
	assert_err(rule_file_parse(
			   &file, &arena, "f.yml", text, sizeof(text), &err),
		ERR_PARSE, &err);
	assert_string_equal(err.msg, "f.yml:1:17: more than 16 levels deep");
}

static void size_is_bounded(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_file file;
	struct err err = { 0 };
	size_t len = YAML_MAX_BYTES + 1;
	char *text = arena_alloc(&arena, len);
	memset(text, '#', len);
	assert_err(rule_file_parse(&file, &arena, "f.yml", text, len, &err),
		ERR_PARSE, &err);
	assert_string_equal(err.msg, "f.yml:1:1: larger than 1048576 bytes");
}

static void words_stay_words(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_file file;
	struct err err = { 0 };
	const char text[] = RULE "    keywords: [no, 1.0, null, 0x10]\n";
	assert_ok(rule_file_parse(
			  &file, &arena, "f.yml", text, sizeof(text) - 1, &err),
		&err);
	assert_string_equal(file.rules[0].keywords[0], "no");
	assert_string_equal(file.rules[0].keywords[1], "1.0");
	assert_string_equal(file.rules[0].keywords[2], "null");
	assert_string_equal(file.rules[0].keywords[3], "0x10");
	assert_null(file.rules[0].keywords[4]);
}

static void json_is_a_rule_file(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_file file;
	struct err err = { 0 };
	const char text[] = "{\"version\": 1, \"disable\": [\"a-*\"]}";
	assert_ok(rule_file_parse(
			  &file, &arena, "f.yml", text, sizeof(text) - 1, &err),
		&err);
	assert_int_equal(file.disable_count, 1);
	assert_string_equal(file.disables[0].glob, "a-*");
}

static void braces_are_dropped_from_example_text(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_file file;
	struct err err = { 0 };
	const char text[] = "version: 1\nrules:\n  - id: a\n    title: T\n"
			    "    severity: low\n    confidence: low\n"
			    "    why: W\n    keywords: x\n    examples:\n"
			    "      match: [{ content: 'a{}b{ }{}' }]\n"
			    "      nomatch: [{ content_hex: '7b7D' }]\n";
	assert_ok(rule_file_parse(
			  &file, &arena, "f.yml", text, sizeof(text) - 1, &err),
		&err);
	const struct rule_example *examples = file.rules[0].examples;
	assert_int_equal(examples[0].content_len, 5);
	assert_memory_equal(examples[0].content, "ab{ }", 5);
	assert_int_equal(examples[0].line, 10);
	assert_int_equal(examples[1].content_len, 2);
	assert_memory_equal(examples[1].content, "{}", 2);
	assert_false(examples[1].match);
}

static void a_block_pattern_ends_without_its_line_break(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_file file;
	struct err err = { 0 };
	const char text[] = RULE "    name: |\n      a'b\n"
				 "    pattern: \"c\\n\"\n";
	assert_ok(rule_file_parse(
			  &file, &arena, "f.yml", text, sizeof(text) - 1, &err),
		&err);
	assert_string_equal(file.rules[0].name, "a'b");
	assert_string_equal(file.rules[0].pattern, "c\n");
}

int main(void)
{
	struct CMUnitTest rows[sizeof(mistakes) / sizeof(mistakes[0])];
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++)
		rows[i] = (struct CMUnitTest){
			.name = mistakes[i].name,
			.test_func = a_mistake_is_named_with_its_place,
			.initial_state = (void *)(uintptr_t)&mistakes[i],
		};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(size_is_bounded),
		cmocka_unit_test(words_stay_words),
		cmocka_unit_test(json_is_a_rule_file),
		cmocka_unit_test(braces_are_dropped_from_example_text),
		cmocka_unit_test(a_block_pattern_ends_without_its_line_break),
	};
	int failed = cmocka_run_group_tests(rows, NULL, NULL);
	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
