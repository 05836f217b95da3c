/* The table that rules_gen made from a file equals the file. */
#include "base/cleanup.h"
#include "rules/rule_merge.h"
#include "rules/ruleset.h"
#include "tests/support/test.h"

#include <string.h>

static void assert_text(const char *a, const char *b)
{
	if (!a || !b)
		assert_ptr_equal(a, b);
	else
		assert_string_equal(a, b);
}

static void assert_texts(const char *const *a, const char *const *b)
{
	if (!a || !b) {
		assert_ptr_equal(a, b);
		return;
	}
	size_t i = 0;
	for (; a[i] && b[i]; i++)
		assert_string_equal(a[i], b[i]);
	assert_ptr_equal(a[i], b[i]);
}

static void assert_signatures(const struct rule *a, const struct rule *b)
{
	assert_int_equal(a->signature_count, b->signature_count);
	for (size_t i = 0; i < a->signature_count; i++) {
		const struct rule_signature *x = &a->signatures[i];
		const struct rule_signature *y = &b->signatures[i];
		assert_int_equal(x->offset, y->offset);
		assert_int_equal(x->len, y->len);
		assert_memory_equal(x->low, y->low, x->len);
		assert_memory_equal(x->high, y->high, x->len);
	}
}

static void assert_examples(const struct rule *a, const struct rule *b)
{
	assert_int_equal(a->example_count, b->example_count);
	for (size_t i = 0; i < a->example_count; i++) {
		const struct rule_example *x = &a->examples[i];
		const struct rule_example *y = &b->examples[i];
		assert_int_equal(x->match, y->match);
		assert_text(x->path, y->path);
		assert_int_equal(!x->content, !y->content);
		assert_int_equal(x->content_len, y->content_len);
		if (x->content)
			assert_memory_equal(
				x->content, y->content, x->content_len);
		assert_text(x->file, y->file);
		assert_int_equal(x->line, y->line);
	}
}

static void assert_config(const struct rule *a, const struct rule *b)
{
	const struct rule_config *x = a->config;
	const struct rule_config *y = b->config;
	assert_int_equal(!x, !y);
	if (!x || !y)
		return;
	assert_int_equal(x->framework, y->framework);
	assert_texts(x->keys, y->keys);
	assert_texts(x->is, y->is);
	assert_texts(x->text, y->text);
	assert_texts(x->not_text, y->not_text);
	assert_int_equal(x->above, y->above);
	assert_int_equal(x->below, y->below);
	assert_int_equal(x->has_above, y->has_above);
	assert_int_equal(x->has_below, y->has_below);
	assert_int_equal(x->mode, y->mode);
	assert_int_equal(x->inside_tree, y->inside_tree);
	assert_int_equal(x->literal, y->literal);
	assert_int_equal(x->unset, y->unset);
}

static void assert_withs(const struct rule *a, const struct rule *b)
{
	assert_int_equal(a->with_count, b->with_count);
	for (size_t i = 0; i < a->with_count; i++) {
		assert_text(a->with[i].title, b->with[i].title);
		assert_text(a->with[i].pattern, b->with[i].pattern);
		assert_int_equal(a->with[i].lines, b->with[i].lines);
		assert_int_equal(a->with[i].optional, b->with[i].optional);
		assert_int_equal(a->with[i].absent, b->with[i].absent);
		assert_int_equal(a->with[i].same, b->with[i].same);
	}
}

static void assert_rule(const struct rule *a, const struct rule *b)
{
	assert_text(a->id, b->id);
	assert_text(a->pack, b->pack);
	assert_text(a->title, b->title);
	assert_text(a->why, b->why);
	assert_int_equal(a->severity, b->severity);
	assert_int_equal(a->confidence, b->confidence);
	assert_texts(a->paths, b->paths);
	assert_texts(a->except_paths, b->except_paths);
	assert_texts(a->except_siblings, b->except_siblings);
	assert_text(a->name, b->name);
	assert_texts(a->keywords, b->keywords);
	assert_int_equal(a->ignore_case, b->ignore_case);
	assert_texts(a->assigned_to, b->assigned_to);
	assert_text(a->pattern, b->pattern);
	assert_int_equal(a->reach, b->reach);
	assert_int_equal(a->reach_before, b->reach_before);
	assert_signatures(a, b);
	assert_text(a->decoder, b->decoder);
	assert_texts(a->decoder_kinds, b->decoder_kinds);
	assert_true(a->entropy >= b->entropy && a->entropy <= b->entropy);
	assert_texts(a->except_values, b->except_values);
	assert_int_equal(a->requires, b->requires);
	assert_int_equal(a->unlike, b->unlike);
	assert_int_equal(a->placeholders, b->placeholders);
	assert_text(a->checksum, b->checksum);
	assert_withs(a, b);
	assert_config(a, b);
	assert_text(a->recommend, b->recommend);
	assert_texts(a->cwe, b->cwe);
	assert_int_equal(a->fallback, b->fallback);
	assert_int_equal(a->companion, b->companion);
	assert_int_equal(a->decode_secret, b->decode_secret);
	assert_int_equal(a->role, b->role);
	assert_int_equal(a->grade_count, b->grade_count);
	assert_text(a->store, b->store);
	assert_text(a->gitignore, b->gitignore);
	assert_int_equal(a->untrack, b->untrack);
	assert_int_equal(a->whole_file, b->whole_file);
	assert_text(a->advice, b->advice);
	assert_texts(a->references, b->references);
	for (int i = 0; i < RULE_MUTATION_COUNT; i++)
		assert_text(a->tolerates[i], b->tolerates[i]);
	assert_examples(a, b);
	assert_text(a->file, b->file);
	assert_int_equal(a->line, b->line);
}

static void the_table_equals_the_file(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	CLEANUP(rule_merge_clear) struct rule_merge merge;
	struct err err = { 0 };
	rule_merge_init(&merge, &arena);
	assert_ok(rule_merge_add_path(&merge, RULE_FILE, &err), &err);
	assert_ok(rule_merge_finish(&merge, &err), &err);
	assert_int_equal(builtin_rule_count, merge.count);
	for (size_t i = 0; i < merge.count; i++)
		assert_rule(&builtin_rules[i], &merge.rules[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_equals_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
