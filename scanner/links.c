#include "scanner/links.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

void links_clear(struct links *links)
{
	free(links->items);
	*links = (struct links){ 0 };
}

/* The later of two commits; NULL when one of them is not known. */
static const struct commit_info *later(
	const struct commit_info *a, const struct commit_info *b)
{
	if (!a || !b)
		return NULL;
	return b->time > a->time ? b : a;
}

static struct finding_link *append(
	struct links *links, size_t from, const char *scheme)
{
	ARRAY_GROW(links->items, links->count, links->capacity);
	struct collected_link *next = &links->items[links->count++];
	*next = (struct collected_link){
		.from = from,
		.link = { .scheme = scheme },
	};
	return &next->link;
}

static void append_to(struct links *links, const struct scan_result *result,
	const char *scheme, size_t from, const char *relation, size_t to)
{
	const struct finding *self = &result->findings[from];
	const struct finding *other = &result->findings[to];
	struct finding_link *link = append(links, from, scheme);
	link->relation = relation;
	link->rule = other->rule->id;
	link->path = other->path;
	link->fingerprint = other->fingerprint;
	link->line = other->region.start_line;
	link->since = later(self->exposure.first, other->exposure.first);
}

bool links_add(struct links *links, const struct scan_result *result,
	const char *scheme, size_t from, const char *relation, size_t to,
	const char *relation_back)
{
	if (links->count + 2 > LINKS_MAX)
		return false;
	append_to(links, result, scheme, from, relation, to);
	append_to(links, result, scheme, to, relation_back, from);
	return true;
}

bool links_add_published(struct links *links, const struct scan_result *result,
	const char *scheme, size_t from)
{
	if (links->count == LINKS_MAX)
		return false;
	struct finding_link *link = append(links, from, scheme);
	link->relation = "signed-by";
	link->since = result->findings[from].exposure.first;
	return true;
}

static int compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int compare_links(const void *left, const void *right)
{
	const struct collected_link *a = left;
	const struct collected_link *b = right;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	int order = strcmp(a->link.relation, b->link.relation);
	if (!order)
		order = compare_text(a->link.path, b->link.path);
	if (!order)
		order = compare_text(a->link.rule, b->link.rule);
	if (!order)
		order = compare_text(a->link.fingerprint, b->link.fingerprint);
	return order ? order : strcmp(a->link.scheme, b->link.scheme);
}

/* Gives one finding its links, items[first..end]. */
static void attach(struct links *links, struct scan_result *result,
	size_t first, size_t end)
{
	struct finding *finding = &result->findings[links->items[first].from];
	struct finding_link *out =
		arena_array(&result->arena, end - first, sizeof(*out));
	size_t count = 0;
	for (size_t i = first; i < end && count < LINKS_PER_FINDING; i++) {
		if (i > first &&
			!compare_links(&links->items[i - 1], &links->items[i]))
			continue;
		struct finding_link *link = &out[count++];
		*link = links->items[i].link;
		/* findings may move, and other paths live as long as this */
		link->fingerprint =
			arena_strdup(&result->arena, link->fingerprint);
	}
	finding->links = out;
	finding->link_count = count;
}

void links_attach(struct links *links, struct scan_result *result)
{
	if (links->count)
		qsort(links->items, links->count, sizeof(*links->items),
			compare_links);
	for (size_t first = 0; first < links->count;) {
		size_t end = first + 1;
		while (end < links->count &&
			links->items[end].from == links->items[first].from)
			end++;
		attach(links, result, first, end);
		first = end;
	}
}
