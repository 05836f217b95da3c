#include "report/host_rule.h"

#include "base/alloc.h"
#include "report/group_words.h"
#include "report/page.h"
#include "report/places.h"
#include "report/text_escape.h"

#include <stdlib.h>
#include <string.h>

static int compare_rules(const void *left, const void *right)
{
	return strcmp((*(const struct rule *const *)left)->id,
		(*(const struct rule *const *)right)->id);
}

/* Findings are sorted by rule, so equal ones are neighbours. */
void rule_table_init(struct rule_table *table, const struct scan_result *result)
{
	table->items = xcalloc(result->finding_count, sizeof(*table->items));
	table->count = 0;
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct rule *rule = result->findings[i].rule;
		if (!table->count || table->items[table->count - 1] != rule)
			table->items[table->count++] = rule;
	}
}

void rule_table_clear(struct rule_table *table)
{
	free(table->items);
	*table = (struct rule_table){ 0 };
}

size_t rule_table_find(const struct rule_table *table, const struct rule *rule)
{
	const struct rule **found = bsearch(&rule, table->items, table->count,
		sizeof(const struct rule *), compare_rules);
	return found ? (size_t)(found - table->items) : 0;
}

const char *rule_url(const struct rule *rule)
{
	for (size_t i = 0; rule->references && rule->references[i]; i++)
		if (!strncmp(rule->references[i], "https://", 8) ||
			!strncmp(rule->references[i], "http://", 7))
			return rule->references[i];
	return NULL;
}

void add_rule_help(struct buf *out, const struct rule *rule)
{
	text_add_prose(
		out, rule->why && *rule->why ? rule->why : rule_title(rule));
	if (rule->advice) {
		buf_add_byte(out, ' ');
		text_add_prose(out, rule->advice);
	}
}

const char *rule_cwe(const struct rule *rule, size_t at)
{
	if (rule->cwe && rule->cwe[0]) {
		for (size_t i = 0; i < at; i++)
			if (!rule->cwe[i])
				return NULL;
		return rule->cwe[at];
	}
	if (at)
		return NULL;
	return rule->pattern ? "798" : "538";
}

const char *severity_score(int severity)
{
	static const char *const scores[] = {
		[SEVERITY_INFO] = "0.1",
		[SEVERITY_LOW] = "2.0",
		[SEVERITY_MEDIUM] = "5.5",
		[SEVERITY_HIGH] = "8.0",
		[SEVERITY_CRITICAL] = "9.5",
	};
	return scores[severity];
}

const char *rule_precision(int confidence)
{
	static const char *const words[] = {
		[CONFIDENCE_LOW] = "low",
		[CONFIDENCE_MEDIUM] = "medium",
		[CONFIDENCE_HIGH] = "high",
		[CONFIDENCE_CERTAIN] = "very-high",
	};
	return words[confidence];
}

void add_cut(struct buf *out, const char *text, size_t most)
{
	size_t len = strlen(text);
	if (len > most)
		len = most;
	/* a byte of the form 10xxxxxx continues a character */
	while (text[len] && len && ((unsigned char)text[len] & 0xC0U) == 0x80)
		len--;
	buf_add(out, text, len);
}

void add_looked_at(struct buf *out, const struct scan_result *result)
{
	add_places(out, result->sources, ", ");
	buf_add_text(out, ": ");
	if (result->commits) {
		add_counted(out, result->commits, "commit");
		buf_add_text(out, ", ");
	}
	add_counted(out, result->paths, "path");
	if (result->excluded) {
		buf_add_text(out, " (without ");
		add_number(out, result->excluded);
		buf_add_text(out, " that .hygiene.yml excludes)");
	}
	buf_add_text(out, ", ");
	add_counted(out, result->blobs, "blob");
	buf_add_text(out, ", ");
	add_size(out, result->bytes);
}

void add_left_out(struct buf *out, const struct scan_result *result)
{
	size_t accepted = 0;
	for (size_t i = 0; i < result->finding_count; i++)
		accepted += !finding_counts(&result->findings[i]);
	if (accepted)
		buf_printf(out, "%zu accepted before", accepted);
	if (result->unsure)
		buf_printf(out, "%s%zu of lower confidence",
			accepted ? ", " : "", result->unsure);
}

void add_incomplete(struct buf *out, const struct scan_result *result)
{
	size_t counts[SKIP_REASON_COUNT] = { 0 };
	if (result->complete)
		return;
	for (size_t i = 0; i < result->skipped_count; i++)
		counts[result->skipped[i].reason]++;
	buf_add_text(out,
		"Not everything could be looked at, so what is not "
		"reported may be there still: ");
	const char *before = "";
	for (int i = 0; i < SKIP_REASON_COUNT; i++) {
		if (!counts[i] || !skip_is_incomplete(i))
			continue;
		buf_add_text(out, before);
		add_counted(out, counts[i], "object");
		buf_printf(out, " %s", skip_reason_name(i));
		before = ", ";
	}
}
