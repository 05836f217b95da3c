#include "rules/rule_index.h"

#include "base/alloc.h"
#include "base/array.h"

#include <stdbool.h>
#include <string.h>

#define DEFAULT_REACH 512

size_t rule_reach(const struct rule *rule)
{
	return rule->reach ? rule->reach : DEFAULT_REACH;
}

size_t rule_reach_before(const struct rule *rule)
{
	return rule->reach_before ? rule->reach_before : rule_reach(rule);
}

bool rule_is_sought(const struct rule *rule)
{
	return rule->keywords && rule->pattern && !rule->config &&
		!(rule_has_path(rule) && rule->decoder);
}

static void add_to(struct rule_list *list, size_t rule)
{
	if (list->count && list->items[list->count - 1] == rule)
		return;
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = rule;
}

void rule_index_free(struct rule_index *index)
{
	if (!index)
		return;
	free(index->rules);
	free(index->decoders);
	path_set_free(index->paths);
	literal_set_free(index->literals);
	free(index->slots);
	free(index->first_slot);
	for (size_t i = 0; i <= UCHAR_MAX; i++)
		free(index->by_first[i].items);
	free(index->always.items);
	free(index);
}

/* A keyword and the rule that has it. */
struct keyword {
	struct literal literal;
	size_t rule;
};

struct keyword_list {
	struct keyword *items;
	size_t count, capacity;
};

static void keyword_list_clear(struct keyword_list *list)
{
	free(list->items);
}

static int compare_literals(const struct literal *a, const struct literal *b)
{
	if (a->ignore_case != b->ignore_case)
		return a->ignore_case - b->ignore_case;
	return strcmp(a->bytes, b->bytes);
}

static int compare_keywords(const void *left, const void *right)
{
	const struct keyword *a = left, *b = right;
	int order = compare_literals(&a->literal, &b->literal);
	return order ? order : (a->rule > b->rule) - (a->rule < b->rule);
}

static void add_keyword(
	struct keyword_list *list, const struct keyword *keyword)
{
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = *keyword;
}

static void add_keywords(
	struct keyword_list *list, size_t index, const struct rule *rule)
{
	for (size_t i = 0; rule->keywords[i]; i++) {
		const char *text = rule->keywords[i];
		const struct keyword keyword = {
			{ text, strlen(text), rule->ignore_case }, index
		};
		add_keyword(list, &keyword);
	}
}

/* One literal for each text that is not the one before, and one slot for each
 * rule that has it, in sorted order. */
static void make_slots(struct rule_index *index, struct literal *literals,
	const struct keyword_list *list)
{
	uint32_t count = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct keyword *keyword = &list->items[i];
		const struct keyword *last = i ? keyword - 1 : NULL;
		if (last && !compare_keywords(last, keyword))
			continue;
		if (!last ||
			compare_literals(&last->literal, &keyword->literal)) {
			index->first_slot[index->literal_count] = count;
			literals[index->literal_count++] = keyword->literal;
		}
		const struct rule *rule = index->rules[keyword->rule];
		index->slots[count++] = (struct keyword_slot){
			.rule = (uint32_t)keyword->rule,
			.len = (uint32_t)keyword->literal.len,
			.of_path = rule_has_path(rule),
			.occurs = rule_has_path(rule) && !rule_is_sought(rule),
		};
		if (index->longest_reach < rule_reach(rule))
			index->longest_reach = rule_reach(rule);
	}
	index->first_slot[index->literal_count] = count;
}

static int compile_keywords(
	struct rule_index *index, struct keyword_list *list, struct err *err)
{
	if (list->count >= UINT32_MAX)
		return err_set(err, ERR_LIMIT, "too many keywords");
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items),
			compare_keywords);
	CLEANUP(freep)
	struct literal *literals = xcalloc(list->count, sizeof(*literals));
	index->slots = xcalloc(list->count, sizeof(*index->slots));
	index->first_slot =
		xcalloc(list->count + 1, sizeof(*index->first_slot));
	make_slots(index, literals, list);
	return literal_set_new(
		&index->literals, literals, index->literal_count, err);
}

static bool begins_with_signature(const struct rule *rule)
{
	for (size_t i = 0; i < rule->signature_count; i++)
		if (rule->signatures[i].offset || !rule->signatures[i].len)
			return false;
	return rule->signature_count;
}

static void add_signatures(
	struct rule_index *index, size_t rule_index, const struct rule *rule)
{
	for (size_t i = 0; i < rule->signature_count; i++) {
		const struct rule_signature *signature = &rule->signatures[i];
		for (unsigned byte = signature->low[0];
			byte <= signature->high[0]; byte++)
			add_to(&index->by_first[byte], rule_index);
	}
}

static int add_rule(struct rule_index *index, struct keyword_list *keywords,
	size_t i, struct err *err)
{
	const struct rule *rule = index->rules[i];
	if (rule->decoder) {
		index->decoders[i] = decoder_find(rule->decoder);
		if (!index->decoders[i])
			return err_set(err, ERR_PARSE,
				"rule %s: there is no decoder '%s'", rule->id,
				rule->decoder);
	}
	if (rule->keywords)
		add_keywords(keywords, i, rule);
	if (rule->keywords || rule_has_path(rule))
		return 0;
	if (!rule_has_content(rule))
		return err_set(err, ERR_PARSE,
			"rule %s: says neither where nor what", rule->id);
	if (begins_with_signature(rule))
		add_signatures(index, i, rule);
	else
		add_to(&index->always, i);
	return 0;
}

int rule_index_new(struct rule_index **out, const struct rule *const *rules,
	size_t count, struct err *err)
{
	CLEANUP(rule_index_freep)
	struct rule_index *index = xcalloc(1, sizeof(*index));
	CLEANUP(keyword_list_clear) struct keyword_list keywords = { 0 };
	index->count = count;
	index->rules = xcalloc(count, sizeof(*index->rules));
	index->decoders = xcalloc(count, sizeof(*index->decoders));
	for (size_t i = 0; i < count; i++) {
		index->rules[i] = rules[i];
		int rc = add_rule(index, &keywords, i, err);
		if (rc < 0)
			return rc;
	}
	int rc = path_set_new(&index->paths, rules, count, err);
	if (rc == 0)
		rc = compile_keywords(index, &keywords, err);
	if (rc < 0)
		return rc;
	*out = STEAL(index);
	return 0;
}
