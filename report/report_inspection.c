/* The report of `inspect` for a person: a few facts, then the tree. */
#include "report/report_inspection.h"

#include "report/iso_date.h"
#include "report/page.h"
#include "report/reporters.h"
#include "report/text_escape.h"
#include "report/words.h"

#define INDENT     2
#define HANG       14 /* behind the longest label */
#define MANY_CALLS 20

/* "  label    text"; clears the text for the next one. */
static void put_fact(
	const struct page *page, const char *label, struct buf *text)
{
	if (text->len)
		page_labelled(page, INDENT, HANG, label, text->bytes);
	buf_reset(text);
}

static void put_format(const struct page *page, const struct evidence *evidence)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%s", evidence->kind);
	if (evidence->variant)
		buf_printf(&text, ", %s", evidence->variant);
	buf_printf(&text, " (decoder %s)", evidence->decoder);
	put_fact(page, "format", &text);
	if (evidence->entry_count > 1) {
		add_number(&text, evidence->entry_count);
		buf_add_text(&text, " sessions, cookies or rows");
		put_fact(page, "entries", &text);
	}
}

static void put_expiry(
	const struct page *page, const struct inspection *inspection)
{
	const struct evidence *evidence = inspection->evidence;
	char date[ISO_DATE_SIZE];
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (evidence->expiry == EXPIRY_NEVER)
		buf_add_text(&text, "never");
	if (evidence->expiry == EXPIRY_AT) {
		iso_date(date, evidence->expires_at);
		buf_printf(&text, "%s: %s", date,
			evidence->expires_at > inspection->now ? "still valid"
							       : "expired");
	}
	put_fact(page, "expires", &text);
}

static void put_exposed(
	const struct page *page, const struct evidence *evidence)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	const char *id = words_of_id(evidence->id);
	if (id)
		buf_add_text(&text, id);
	put_fact(page, "session id", &text);
	for (unsigned bit = 1; words_of_holds(bit); bit <<= 1)
		if (evidence->holds & bit)
			buf_printf(&text, "%s%s", text.len ? ", " : "",
				words_of_holds(bit));
	put_fact(page, "inside", &text);
	if (evidence->call_count)
		buf_add_text(&text, "would call ");
	add_calls(
		page, &text, evidence->calls, evidence->call_count, MANY_CALLS);
	put_fact(page, "loading it", &text);
}

static const char *verdict_words(const struct inspection *inspection)
{
	switch (inspection->identity->verdict) {
	case VERDICT_SESSION:
		return inspection->evidence->id == ID_CREDENTIAL
			? "a credential"
			: "session data";
	case VERDICT_LIKELY:
		return "may be session data, or other data in the same format";
	case VERDICT_COMPANION:
		return "belongs to a session store, and holds no session";
	default:
		return "no session data that I know";
	}
}

static void put_head(
	const struct page *page, const struct inspection *inspection)
{
	const struct identity *identity = inspection->identity;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add_path(&text, inspection->name, page->opts->utf8);
	text_shorten(&text, page->width - 1, page->opts->utf8);
	page_styled(page, STYLE_BOLD, text.bytes);
	fputs("\n", page->out);
	buf_reset(&text);
	buf_add_text(&text, verdict_words(inspection));
	if (!identity->decoder)
		buf_printf(&text, "; it is %s", identity->looks_like);
	if (identity->cookie) {
		buf_add_text(&text, ", in the cookie ");
		text_add_path(&text, identity->cookie, page->opts->utf8);
	}
	put_fact(page, "is", &text);
	add_size(&text, inspection->len);
	if (*inspection->blob)
		buf_printf(&text, ", blob %s", inspection->blob);
	put_fact(page, "size", &text);
}

static void put_bounds(const struct page *page, const struct identity *identity)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (identity->decoder && identity->decoded.truncated)
		buf_add_text(&text, "not all was read: more may be inside");
	put_fact(page, "note", &text);
	if (identity->verdict < VERDICT_LIKELY && identity->limited)
		buf_add_text(&text,
			"a decoder gave up at a bound on size or depth: this "
			"may be session data all the same");
	put_fact(page, "note", &text);
}

int report_inspection(FILE *out, const struct inspection *inspection,
	const struct report_opts *opts, const struct value_opts *values,
	struct err *err)
{
	const struct identity *identity = inspection->identity;
	struct page page;
	page_init(&page, out, opts);
	put_head(&page, inspection);
	if (inspection->evidence) {
		put_format(&page, inspection->evidence);
		put_expiry(&page, inspection);
		put_exposed(&page, inspection->evidence);
	}
	put_bounds(&page, identity);
	if (opts->verbosity >= 0 && identity->decoded.root) {
		fputc('\n', out);
		report_value(&page, identity->decoded.root, values);
	}
	return report_finish(out, err);
}
