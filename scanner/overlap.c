#include "scanner/overlap.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/** A row whose hit is a secret. */
struct spot {
	const struct join_row *row;
	const struct rule *rule;
	const struct region *region;
};

static int compare_inner(const struct join_row *a, const struct join_row *b)
{
	return strcmp(join_row_inner(a), join_row_inner(b));
}

static int compare_spots(const void *a, const void *b)
{
	const struct spot *left = a;
	const struct spot *right = b;
	if (left->row->path != right->row->path)
		return left->row->path < right->row->path ? -1 : 1;
	if (left->row->blob != right->row->blob)
		return left->row->blob < right->row->blob ? -1 : 1;
	int order = compare_inner(left->row, right->row);
	if (order)
		return order;
	if (left->region->start_byte != right->region->start_byte)
		return left->region->start_byte < right->region->start_byte ? -1
									    : 1;
	return strcmp(left->rule->id, right->rule->id);
}

/** How much the rule asks for. */
static size_t demands_of(const struct rule *rule)
{
	return (rule->checksum != NULL) + rule->decode_secret +
		rule->with_count;
}

/** True when `a` explains bytes better than `b`. */
static bool is_better(const struct rule *a, const struct rule *b)
{
	if (a->fallback != b->fallback)
		return b->fallback;
	if (demands_of(a) != demands_of(b))
		return demands_of(a) > demands_of(b);
	if (!a->role != !b->role)
		return a->role;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence;
	return strcmp(a->id, b->id) < 0;
}

static bool is_same_content(const struct spot *a, const struct spot *b)
{
	return a->row->path == b->row->path && a->row->blob == b->row->blob &&
		!compare_inner(a->row, b->row);
}

static void mark_pair(bool *explained, const struct join_row *rows,
	const struct spot *a, const struct spot *b)
{
	if (a->rule == b->rule)
		return;
	const struct spot *loser = is_better(a->rule, b->rule) ? b : a;
	if (!loser->rule->role)
		explained[loser->row - rows] = true;
}

void overlap_mark(bool *explained, const struct joined *joined,
	const struct ruleset *rules)
{
	CLEANUP(freep)
	struct spot *spots = xcalloc(joined->row_count, sizeof(*spots));
	size_t count = 0;
	for (size_t i = 0; i < joined->row_count; i++) {
		const struct join_row *row = &joined->rows[i];
		if (row->hit && *row->hit->secret_id)
			spots[count++] = (struct spot){ row,
				ruleset_get(rules, row->rule),
				row->hit->inner ? &row->hit->inner_region
						: &row->hit->region };
	}
	if (count)
		qsort(spots, count, sizeof(*spots), compare_spots);
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1;
			k < count && is_same_content(&spots[i], &spots[k]) &&
			spots[k].region->start_byte < spots[i].region->end_byte;
			k++)
			mark_pair(
				explained, joined->rows, &spots[i], &spots[k]);
}
