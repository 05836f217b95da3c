#include "remedy/secret_spans.h"

#include "base/array.h"
#include "base/cleanup.h"
#include "rules/matcher.h"
#include "rules/settings/known.h"
#include "rules/settings/setting.h"
#include "scanner/redact.h"

#include <stdlib.h>
#include <string.h>

/* Another occurrence of so short a value may be a word of its own. */
#define REPEATED_FROM 8

void secret_spans_clear(struct secret_spans *spans)
{
	free(spans->items);
	*spans = (struct secret_spans){ 0 };
}

static void add(struct secret_spans *spans, size_t start, size_t end)
{
	if (start >= end)
		return;
	ARRAY_GROW(spans->items, spans->count, spans->capacity);
	spans->items[spans->count++] = (struct secret_span){ start, end };
}

static int compare_spans(const void *a, const void *b)
{
	const struct secret_span *left = a;
	const struct secret_span *right = b;
	return (left->start > right->start) - (left->start < right->start);
}

static void sort(struct secret_spans *spans)
{
	size_t count = 0;
	if (spans->count)
		qsort(spans->items, spans->count, sizeof(*spans->items),
			compare_spans);
	for (size_t i = 0; i < spans->count; i++) {
		struct secret_span span = spans->items[i];
		struct secret_span *last =
			count ? &spans->items[count - 1] : NULL;
		if (last && span.start <= last->end)
			last->end = last->end > span.end ? last->end : span.end;
		else
			spans->items[count++] = span;
	}
	spans->count = count;
}

/* What rules find */

static int take_match(const struct match *match, void *ctx, struct err *err)
{
	(void)err;
	if (match->rule->pattern)
		add(ctx, match->secret_start, match->secret_end);
	return 0;
}

static void take_rule(size_t rule_index, void *ctx)
{
	struct rule_list *list = ctx;
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = rule_index;
}

static int run_rules(struct secret_spans *out, struct matcher *matcher,
	const char *path, const struct buf *file, struct err *err)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct match_out matches = { take_match, out, &arena };
	const unsigned char *bytes = (const unsigned char *)file->bytes;
	struct rule_list of_path = { 0 };
	matcher_path(matcher, path, strlen(path), take_rule, &of_path);
	int rc =
		matcher_content(matcher, path, bytes, file->len, &matches, err);
	if (rc == 0)
		rc = matcher_rules(matcher, &of_path, path, bytes, file->len,
			&matches, err);
	free(of_path.items);
	return rc;
}

static int find_by_rules(struct secret_spans *out, const struct ruleset *rules,
	const char *path, const struct buf *file, struct err *err)
{
	size_t count = ruleset_count(rules);
	CLEANUP(freep)
	const struct rule **list = xcalloc(count, sizeof(*list));
	CLEANUP(rule_index_freep) struct rule_index *index = NULL;
	CLEANUP(matcher_freep) struct matcher *matcher = NULL;
	for (size_t i = 0; i < count; i++)
		list[i] = ruleset_get(rules, i);
	int rc = rule_index_new(&index, list, count, err);
	if (rc == 0)
		rc = matcher_new(&matcher, index, err);
	return rc < 0 ? rc : run_rules(out, matcher, path, file, err);
}

/* What settings say */

/* Without the quotes around it. */
static void add_value(
	struct secret_spans *out, const char *bytes, size_t start, size_t end)
{
	bool quoted = end - start >= 2 && strchr("\"'`", bytes[start]) &&
		bytes[start] == bytes[end - 1];
	add(out, start + quoted, end - quoted);
}

static void find_by_settings(
	struct secret_spans *out, const char *path, const struct buf *file)
{
	struct settings settings;
	settings_read(
		&settings, path, (const unsigned char *)file->bytes, file->len);
	for (size_t i = 0; i < settings.count; i++) {
		const struct setting *setting = &settings.items[i];
		const struct known_setting *known =
			known_setting_find(setting->framework, setting->key);
		if (known && known->secret &&
			setting->value.type == SETTING_TEXT &&
			*setting->value.text)
			add_value(out, file->bytes, setting->value_start,
				setting->value_end);
	}
	settings_clear(&settings);
}

static void find_again(struct secret_spans *out, const struct buf *file)
{
	size_t count = out->count;
	for (size_t i = 0; i < count; i++) {
		struct secret_span one = out->items[i];
		size_t len = one.end - one.start;
		const char *at = file->bytes;
		const char *end = file->bytes + file->len;
		while (len >= REPEATED_FROM &&
			(at = memmem(at, (size_t)(end - at),
				 file->bytes + one.start, len))) {
			size_t start = (size_t)(at - file->bytes);
			add(out, start, start + len);
			at += len;
		}
	}
}

int secret_spans_find(struct secret_spans *out, const struct ruleset *rules,
	const char *path, const struct buf *file, struct err *err)
{
	*out = (struct secret_spans){ 0 };
	if (!file->len)
		return 0;
	int rc = find_by_rules(out, rules, path, file, err);
	if (rc < 0)
		return rc;
	find_by_settings(out, path, file);
	sort(out);
	find_again(out, file);
	sort(out);
	return 0;
}

bool secret_spans_meet(
	const struct secret_spans *spans, size_t start, size_t end)
{
	for (size_t i = 0; i < spans->count; i++)
		if (spans->items[i].start < end && spans->items[i].end > start)
			return true;
	return false;
}

void secret_spans_add_masked(struct buf *out, const struct secret_spans *spans,
	const struct buf *file, size_t start, size_t end)
{
	const unsigned char *bytes = (const unsigned char *)file->bytes;
	for (size_t i = 0; i < spans->count && start < end; i++) {
		const struct secret_span *span = &spans->items[i];
		if (span->end <= start || span->start >= end)
			continue;
		if (span->start > start)
			buf_add(out, bytes + start, span->start - start);
		redact_add_secret(
			out, bytes + span->start, span->end - span->start);
		start = span->end;
	}
	if (start < end)
		buf_add(out, bytes + start, end - start);
}
