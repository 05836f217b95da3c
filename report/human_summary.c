#include "report/human_summary.h"

#include "report/host_rule.h"
#include "report/human_accepted.h"
#include "report/text_escape.h"

#include <string.h>

#define INDENT     2
#define OID_SHOWN  10
#define NAME_WIDTH 50

static void flush(
	const struct page *page, size_t indent, size_t hang, struct buf *text)
{
	if (text->len)
		page_wrap(page, indent, hang, text->bytes);
	buf_reset(text);
}

/* Appends "3 noun", a comma before it where there was another. */
static void add_part(
	struct buf *out, const char *before, size_t count, const char *noun)
{
	if (!count)
		return;
	buf_add_text(out, before);
	add_counted(out, count, noun);
}

static void add_severities(struct buf *out, const struct group_list *list)
{
	size_t counts[SEVERITY_CRITICAL + 1] = { 0 };
	for (size_t i = 0; i < list->count; i++)
		counts[list->groups[i].worst->severity]++;
	const char *before = " (";
	for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--) {
		if (!counts[i])
			continue;
		buf_add_text(out, before);
		add_number(out, counts[i]);
		buf_printf(out, " %s", severity_name(i));
		before = ", ";
	}
	buf_add_text(out, ")");
}

static void put_found(const struct page *page, const struct group_list *list)
{
	size_t counts[GROUP_PATH + 1] = { 0 };
	size_t files = 0;
	size_t settings = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct group *group = &list->groups[i];
		counts[group->kind]++;
		if (group->kind == GROUP_STORE)
			files += group->files + group->companions;
		settings += group_is_setting(group);
	}
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "Found ");
	size_t start = text.len;
	add_part(&text, "", counts[GROUP_STORE], "session store");
	add_part(&text, " with ", files, "file");
	add_part(&text, text.len > start ? ", " : "", counts[GROUP_SECRET],
		"secret");
	add_part(&text, text.len > start ? ", " : "", settings, "setting");
	add_part(&text, text.len > start ? ", " : "",
		counts[GROUP_PATH] - settings, "other path");
	add_severities(&text, list);
	flush(page, 0, INDENT, &text);
}

/* By enum skip_reason; each reads behind "3 objects". */
static const char *const skip_words[] = {
	[SKIP_TOO_LARGE] = "larger than --max-blob-size",
	[SKIP_CORRUPT] = "damaged",
	[SKIP_MISSING] = "missing from the repository",
	[SKIP_LIMIT] = "cut short by a limit on work, depth or size",
	[SKIP_TIMEOUT] = "cut short for want of time (--timeout)",
	[SKIP_LFS_POINTER] = "kept elsewhere by Git LFS",
	[SKIP_SUBMODULE] = "in a repository of its own, as a submodule",
	[SKIP_SHALLOW] = "at the edge of a shallow clone",
	[SKIP_UNSUPPORTED] = "of a kind that is not supported",
	[SKIP_NOTHING] = "to look at",
};

/* Path, else object, and the detail of one that was skipped. */
static void add_example(
	const struct page *page, struct buf *out, const struct skipped *skipped)
{
	CLEANUP(buf_clear) struct buf name;
	buf_init(&name, 0);
	if (skipped->path && *skipped->path)
		text_add_path(&name, skipped->path, page->opts->utf8);
	else
		buf_printf(&name, "%.*s", OID_SHOWN, skipped->object);
	text_shorten(&name, NAME_WIDTH, page->opts->utf8);
	buf_add(out, name.bytes, name.len);
	if (!skipped->detail)
		return;
	/* no brackets in brackets, and none around what stands alone */
	bool bracketed = name.len && !strchr(skipped->detail, '(');
	buf_add_text(out, bracketed ? " (" : name.len ? ": " : "");
	text_add(out, skipped->detail, page->opts->utf8);
	buf_add_text(out, bracketed ? ")" : "");
}

static void put_reason(
	const struct page *page, const struct skipped *of_reason, size_t count)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "- ");
	if (of_reason->reason == SKIP_NOTHING)
		buf_add_text(&text, "no object");
	else
		add_counted(&text, count, "object");
	buf_printf(&text, " %s: ", skip_words[of_reason->reason]);
	add_example(page, &text, of_reason);
	if (count > 1)
		buf_add_text(&text, ", ...");
	flush(page, INDENT, INDENT + 2, &text);
	if (page->opts->verbosity < 1)
		return;
	for (size_t i = 1; i < count; i++) {
		add_example(page, &text, &of_reason[i]);
		flush(page, INDENT + 2, INDENT + 4, &text);
	}
}

/* The reasons of one class; `skipped` is sorted by reason. */
static void put_reasons(const struct page *page,
	const struct scan_result *result, bool incomplete)
{
	size_t at = 0;
	while (at < result->skipped_count) {
		const struct skipped *first = &result->skipped[at];
		size_t count = 1;
		while (at + count < result->skipped_count &&
			first[count].reason == first->reason)
			count++;
		if (skip_is_incomplete(first->reason) == incomplete)
			put_reason(page, first, count);
		at += count;
	}
}

static void put_skipped(
	const struct page *page, const struct scan_result *result)
{
	bool outside = false;
	for (size_t i = 0; i < result->skipped_count; i++)
		if (!skip_is_incomplete(result->skipped[i].reason))
			outside = true;
	if (!result->complete) {
		page_styled(page, STYLE_YELLOW, "Not looked at, but should be");
		fputs(":\n", page->out);
		put_reasons(page, result, true);
	}
	if (!outside)
		return;
	fputs("Not part of this repository:\n", page->out);
	put_reasons(page, result, false);
}

static void put_nothing_found(
	const struct page *page, const struct scan_result *result)
{
	if (result->complete) {
		page_styled(page, STYLE_GREEN, "Nothing found");
		fputs(".\n", page->out);
		return;
	}
	page_styled(page, STYLE_YELLOW,
		"Nothing found, but this is NOT a "
		"clean bill");
	fputs(": not all was looked at.\n", page->out);
}

void human_summary(const struct page *page, const struct group_list *list,
	const struct scan_result *result)
{
	if (list->count)
		put_found(page, list);
	else
		put_nothing_found(page, result);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "Looked at ");
	add_looked_at(&text, result);
	flush(page, 0, INDENT, &text);
	if (result->unsure) {
		add_counted(&text, result->unsure, "finding");
		buf_add_text(&text,
			" of lower confidence left out (--min-confidence)");
		flush(page, 0, INDENT, &text);
	}
	human_accepted(page, result);
	put_skipped(page, result);
}
