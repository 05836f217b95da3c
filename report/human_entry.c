#include "report/human_entry.h"

#include "report/group_words.h"
#include "report/hold_words.h"
#include "report/human_links.h"
#include "report/text_escape.h"
#include "report/words.h"
#include "rules/encoded/encoding.h"

#include <ctype.h>
#include <string.h>

#define INDENT     10 /* below the path */
#define HANG       12
#define NAME_WIDTH 40 /* columns of an author, a ref, a key */
#define FEW_PLACES 3
#define FEW_REFS   1
#define MANY       1000 /* lines of -v for one group */

static void flush(const struct page *page, struct buf *text)
{
	if (text->len)
		page_wrap(page, INDENT, HANG, text->bytes);
	buf_reset(text);
}

static enum style severity_style(int severity)
{
	if (severity >= SEVERITY_HIGH)
		return STYLE_RED;
	return severity == SEVERITY_MEDIUM ? STYLE_YELLOW : STYLE_DIM;
}

static void put_severity(const struct page *page, int severity)
{
	char word[INDENT + 1];
	snprintf(word, sizeof(word), "%-*s", INDENT - 2,
		severity_name(severity));
	for (char *at = word; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	page_styled(page, severity_style(severity), word);
	fputs("  ", page->out);
}

/* "CRITICAL  path/  title", the title below where it does not fit. */
static void put_head(const struct page *page, const struct group *group)
{
	CLEANUP(buf_clear) struct buf label;
	buf_init(&label, 0);
	CLEANUP(buf_clear) struct buf title;
	buf_init(&title, 0);
	group_add_label(&label, group, page->opts->utf8);
	text_shorten(&label, page->width - INDENT, page->opts->utf8);
	text_add(&title, group->worst->rule->title, page->opts->utf8);
	put_severity(page, group->worst->severity);
	page_styled(page, STYLE_BOLD, label.bytes);
	size_t used = INDENT + text_width(label.bytes, label.len) + 2;
	if (!title.len) {
		fputc('\n', page->out);
	} else if (used + text_width(title.bytes, title.len) <= page->width) {
		fprintf(page->out, "  %s\n", title.bytes);
	} else {
		fputc('\n', page->out);
		flush(page, &title);
	}
}

static void put_counts(const struct page *page, const struct group *group,
	const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	group_add_counts(&text, group, result);
	flush(page, &text);
}

static void put_states(const struct page *page, const struct group *group)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	group_add_states(&text, group);
	flush(page, &text);
}

/* Why a secret is taken for one, and how sure that is. */
static void put_belief(const struct page *page, const struct group *group)
{
	const struct finding_belief *belief = group->worst->belief;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (!belief)
		return;
	buf_printf(&text,
		"confidence %s: ", confidence_name(group->worst->confidence));
	for (size_t i = 0; i < belief->why_count; i++) {
		buf_add_text(&text, i ? ", " : "");
		text_add(&text, belief->why[i], page->opts->utf8);
	}
	flush(page, &text);
}

/* What a load of the files would call: pickle, PHP, Java run code. */
static void put_calls(const struct page *page, const struct group *group)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (!group->call_count)
		return;
	buf_printf(&text, "loading %s would call ",
		group->files == 1 ? "it" : "them");
	add_calls(page, &text, group->calls, group->call_count, FEW_PLACES);
	flush(page, &text);
}

static void put_id(const struct page *page, const struct group *group)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	const char *words = words_of_id(group->id);
	if (!words)
		return;
	buf_printf(&text, "session id %s", words);
	flush(page, &text);
}

static void put_content(const struct page *page, const struct group *group)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	group_add_holdings(&text, group);
	flush(page, &text);
	const struct evidence *evidence = group->worst->evidence;
	if (page->opts->verbosity < 1 || !evidence || !evidence->key_count)
		return;
	buf_add_text(&text, "keys:");
	for (size_t i = 0; i < evidence->key_count; i++) {
		buf_add_text(&text, " ");
		add_name(page, &text, evidence->keys[i], NAME_WIDTH);
	}
	flush(page, &text);
}

/* "encoded: zip, base64", the outermost first. */
static void put_encodings(const struct page *page, const struct group *group)
{
	uint32_t encodings = group->worst->encodings;
	if (!encodings)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (unsigned i = 0; i < encodings_count(encodings); i++)
		buf_printf(&text, "%s%s", i ? ", " : "encoded: ",
			encoding_name(encodings_at(encodings, i)));
	flush(page, &text);
}

/* "path:12  excerpt" for secrets, the paths of a store at -v. */
static void put_place(const struct page *page, const struct finding *finding)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	bool message = add_message(&text, finding);
	if (!message && *finding->path)
		text_add_path(&text, finding_name(finding), page->opts->utf8);
	else if (!message)
		buf_printf(&text, "blob %.*s", GROUP_OID_SHOWN, finding->blob);
	text_shorten(&text, page->width - HANG - 8, page->opts->utf8);
	if (finding_line(finding) && !message)
		buf_printf(&text, ":%zu", finding_line(finding));
	page_line(page, INDENT, text.bytes);
}

static void put_excerpt(const struct page *page, const char *excerpt)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add(&text, excerpt, page->opts->utf8);
	if (text.len)
		page_wrap(page, HANG, HANG, text.bytes);
}

static void put_places(const struct page *page, const struct group *group)
{
	bool all = page->opts->verbosity > 0;
	bool content = finding_line(group->worst) != 0;
	if (!all && !content)
		return;
	size_t most = all ? MANY : FEW_PLACES;
	for (size_t i = 0; i < group->member_count && i < most; i++) {
		const struct finding *member = group->members[i];
		put_place(page, member);
		if (member->excerpt && (all || !i))
			put_excerpt(page, member->excerpt);
	}
	if (group->member_count <= most)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "and ");
	add_counted(&text, group->member_count - most, "more place");
	flush(page, &text);
}

static void put_commit(const struct page *page, const char *what,
	const struct commit_info *commit)
{
	if (!commit)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%-8s", what);
	add_day(&text, commit->time);
	buf_printf(&text, "  %.*s  ", GROUP_OID_SHOWN, commit->oid);
	if (commit->author)
		add_name(page, &text, commit->author,
			page->width - INDENT - text.len);
	page_line(page, INDENT, text.bytes);
}

static void put_commits(const struct page *page, const struct group *group)
{
	if (group->is_cut)
		page_line(page, INDENT,
			"added   not known: not all older commits were read");
	put_commit(page, "added", group->first);
	const struct commit_info *end =
		group->removed ? group->removed : group->last;
	bool is_first =
		group->first && end && !strcmp(end->oid, group->first->oid);
	if ((group->first || group->is_cut) && !is_first)
		put_commit(page, group->removed ? "removed" : "changed", end);
}

static void add_ref_name(struct buf *out, const char *ref, const void *ctx)
{
	add_name(ctx, out, ref, NAME_WIDTH);
}

static void put_refs(const struct page *page, const struct group *group)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	size_t most = page->opts->verbosity > 0 ? EXPOSURE_MAX_REFS : FEW_REFS;
	add_holders(&text, group, most, add_ref_name, page);
	flush(page, &text);
}

static void put_ignored(const struct page *page, const struct group *group)
{
	const struct rule *rule = finding_remedy(group->worst);
	size_t all = group->files + group->companions;
	if (!group->not_ignored || (!rule->untrack && !rule->gitignore))
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "git does not ignore ");
	if (group->not_ignored == all) {
		buf_add_text(&text, all == 1 ? "it" : "them");
	} else {
		add_number(&text, group->not_ignored);
		buf_add_text(&text, " of them");
	}
	flush(page, &text);
}

void human_entry(const struct page *page, const struct group *group,
	const struct scan_result *result)
{
	put_head(page, group);
	if (page->opts->verbosity < 0)
		return;
	put_counts(page, group, result);
	put_states(page, group);
	put_content(page, group);
	put_id(page, group);
	put_belief(page, group);
	put_encodings(page, group);
	put_calls(page, group);
	human_links(page, group);
	put_places(page, group);
	put_commits(page, group);
	put_refs(page, group);
	put_ignored(page, group);
}
