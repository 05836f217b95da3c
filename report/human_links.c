#include "report/human_links.h"

#include "report/iso_date.h"
#include "report/text_escape.h"

#include <string.h>

#define INDENT    10
#define HANG      12
#define FEW_LINKS 3
#define MANY      1000

static void add_other(
	struct buf *out, const struct finding_link *link, bool utf8)
{
	if (*link->path)
		text_add_path(out, link->path, utf8);
	if (link->line)
		buf_printf(out, ":%zu", link->line);
}

static void add_since(struct buf *out, const struct finding_link *link)
{
	char date[ISO_DATE_SIZE];
	if (!link->since)
		return;
	iso_date(date, link->since->time);
	buf_printf(out, ", both public since %.*s", ISO_DAY_LEN, date);
}

/* The other one is a text where it has a line, else a file as a whole. */
const char *link_words(const struct finding_link *link)
{
	if (!strcmp(link->relation, "signs"))
		return link->line ? "signs the cookie in "
				  : "signs the session in ";
	if (!strcmp(link->relation, "signed-by"))
		return "signed by the key in ";
	return link->line ? "the session of the cookie in "
			  : "the id of the session in ";
}

void add_link(struct buf *out, const struct finding_link *link, bool utf8)
{
	if (!link->path) {
		buf_add_text(
			out, "signed by a published key: anybody can forge it");
		return;
	}
	buf_add_text(out, link_words(link));
	add_other(out, link, utf8);
	add_since(out, link);
}

static void put_link(const struct page *page, const struct finding_link *link)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_link(&text, link, page->opts->utf8);
	page_wrap(page, INDENT, HANG, text.bytes);
}

/* Members of a group of one secret have the same links. */
const struct finding *most_linked(const struct group *group)
{
	const struct finding *best = group->members[0];
	for (size_t i = 1; i < group->member_count; i++)
		if (group->members[i]->link_count > best->link_count)
			best = group->members[i];
	return best;
}

/* Those of a store are of its files, so each file's are told. */
static size_t put_member(
	const struct page *page, const struct finding *member, size_t most)
{
	size_t count = 0;
	for (; count < member->link_count && count < most; count++)
		put_link(page, &member->links[count]);
	return count;
}

void human_links(const struct page *page, const struct group *group)
{
	size_t most = page->opts->verbosity > 0 ? MANY : FEW_LINKS;
	size_t all = 0;
	size_t shown = 0;
	if (group->kind == GROUP_STORE) {
		for (size_t i = 0; i < group->member_count; i++) {
			all += group->members[i]->link_count;
			shown += put_member(
				page, group->members[i], most - shown);
		}
	} else {
		const struct finding *member = most_linked(group);
		all = member->link_count;
		shown = put_member(page, member, most);
	}
	if (all == shown)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "and ");
	add_counted(&text, all - shown, "more link");
	page_wrap(page, INDENT, HANG, text.bytes);
}
