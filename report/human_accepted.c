#include "report/human_accepted.h"

#include "report/text_escape.h"

#define INDENT      2
#define FEW_EXPIRED 5
#define NAME_WIDTH  50

/* By enum suppressed_by; each reads behind "3". */
static const char *const means[] = {
	[SUPPRESSED_BASELINE] = "by the baseline",
	[SUPPRESSED_COMMENT] = "by comments beside them",
	[SUPPRESSED_GITLEAKS] = "by .gitleaksignore",
};

static void put_counts(
	const struct page *page, const struct scan_result *result)
{
	size_t counts[ARRAY_SIZE(means)] = { 0 };
	for (size_t i = 0; i < result->finding_count; i++)
		if (!finding_counts(&result->findings[i]))
			counts[result->findings[i].suppressed.by]++;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = SUPPRESSED_BASELINE; i < ARRAY_SIZE(means); i++) {
		if (!counts[i])
			continue;
		buf_add_text(
			&text, text.len ? ", " : "Accepted, and not counted: ");
		add_number(&text, counts[i]);
		buf_printf(&text, " %s", means[i]);
	}
	if (text.len)
		page_wrap(page, 0, INDENT, text.bytes);
}

/* "app.py:12  until 2026-01-01 (ann@example.com)" */
static void put_expired(const struct page *page, const struct finding *finding)
{
	const struct suppression *was = &finding->suppressed;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add_path(&text, finding_name(finding), page->opts->utf8);
	text_shorten(&text, NAME_WIDTH, page->opts->utf8);
	if (finding_line(finding))
		buf_printf(&text, ":%zu", finding_line(finding));
	buf_printf(&text, " %s, until %s", finding->rule->id, was->expires);
	if (was->owner) {
		CLEANUP(buf_clear) struct buf owner;
		buf_init(&owner, 0);
		text_add(&owner, was->owner, page->opts->utf8);
		text_shorten(&owner, NAME_WIDTH, page->opts->utf8);
		buf_printf(&text, " (%s)", owner.bytes);
	}
	page_wrap(page, INDENT, INDENT + 2, text.bytes);
}

void human_accepted(const struct page *page, const struct scan_result *result)
{
	put_counts(page, result);
	size_t count = 0;
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		if (!finding->suppressed.expired)
			continue;
		if (!count)
			page_wrap(page, 0, INDENT,
				"Accepted once, and counted again since the "
				"day has passed:");
		if (count++ < FEW_EXPIRED || page->opts->verbosity > 0)
			put_expired(page, finding);
	}
	if (count <= FEW_EXPIRED || page->opts->verbosity > 0)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "... and ");
	add_number(&text, count - FEW_EXPIRED);
	buf_add_text(&text, " more (-v shows all)");
	page_line(page, INDENT, text.bytes);
}
