/* The table of published keys and the rule that finds them are one list. */
#include "rules/signing/published.h"

#include "base/buf.h"
#include "rules/matcher.h"
#include "rules/rule_index.h"
#include "rules/ruleset.h"
#include "tests/support/test.h"

#include <string.h>

static int count_match(const struct match *match, void *ctx, struct err *err)
{
	size_t *count = ctx;
	(void)match;
	(void)err;
	++*count;
	return 0;
}

/* `SECRET_KEY = '…'` as Python's repr() writes the bytes. */
static void write_assignment(struct buf *out, const struct key_form *key)
{
	buf_add_text(out, "SECRET_KEY = '");
	for (size_t i = 0; i < key->len; i++) {
		unsigned char byte = key->bytes[i];
		if (byte == '\n')
			buf_add_text(out, "\\n");
		else if (byte < 0x20 || byte >= 0x7f)
			buf_printf(out, "\\x%02x", byte);
		else
			buf_add_byte(out, byte);
	}
	buf_add_text(out, "'\n");
}

static void the_rule_finds_every_key_of_the_table(void **state)
{
	(void)state;
	static const char *const select[] = { "session-key-published", NULL };
	const struct ruleset_opts opts = { .select = select };
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	CLEANUP(rule_index_freep) struct rule_index *index = NULL;
	CLEANUP(matcher_freep) struct matcher *matcher = NULL;
	struct err err = { 0 };
	assert_ok(ruleset_new(&ruleset, &opts, &err), &err);
	const struct rule *rule = ruleset_get(ruleset, 0);
	assert_ok(rule_index_new(&index, &rule, 1, &err), &err);
	assert_ok(matcher_new(&matcher, index, &err), &err);
	for (size_t i = 0; i < published_key_count; i++) {
		CLEANUP(arena_clear) struct arena arena = { 0 };
		CLEANUP(buf_clear) struct buf text;
		size_t count = 0;
		const struct match_out out = { count_match, &count, &arena };
		buf_init(&text, 0);
		write_assignment(&text, &published_keys[i]);
		assert_ok(matcher_content(matcher, NULL,
				  (const unsigned char *)text.bytes, text.len,
				  &out, &err),
			&err);
		if (count != 1)
			fail_msg("key %zu is not found: %s", i, text.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rule_finds_every_key_of_the_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
