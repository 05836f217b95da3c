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

/** By content, and where they start. */
static int compare_starts(const struct spot *left, const struct spot *right)
{
	if (left->row->path != right->row->path)
		return left->row->path < right->row->path ? -1 : 1;
	if (left->row->blob != right->row->blob)
		return left->row->blob < right->row->blob ? -1 : 1;
	if (left->row->in_name != right->row->in_name)
		return left->row->in_name ? 1 : -1;
	int order = compare_inner(left->row, right->row);
	if (order)
		return order;
	if (left->region->start_byte != right->region->start_byte)
		return left->region->start_byte < right->region->start_byte ? -1
									    : 1;
	return 0;
}

static int compare_spots(const void *a, const void *b)
{
	const struct spot *left = a;
	const struct spot *right = b;
	int order = compare_starts(left, right);
	return order ? order : strcmp(left->rule->id, right->rule->id);
}

/** How much the rule asks for. */
static size_t demands_of(const struct rule *rule)
{
	size_t count = (rule->checksum != NULL) + rule->decode_secret;
	for (size_t i = 0; i < rule->with_count; i++)
		count += !rule->with[i].optional && !rule->with[i].absent;
	return count;
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
		a->row->in_name == b->row->in_name &&
		!compare_inner(a->row, b->row);
}

static bool overlaps(const struct spot *a, const struct spot *b)
{
	return a->region->start_byte < b->region->end_byte &&
		b->region->start_byte < a->region->end_byte;
}

static int compare_quality(const void *a, const void *b)
{
	const struct spot *left = a;
	const struct spot *right = b;
	if (left->rule == right->rule)
		return (left->row > right->row) - (left->row < right->row);
	return is_better(left->rule, right->rule) ? -1 : 1;
}

/** Marks spots that hang together. What is itself explained explains nothing:
 * else bytes that only it and a worse rule have would be left to nobody. */
static void mark_cluster(bool *explained, const struct join_row *rows,
	struct spot *spots, size_t count)
{
	if (count > 1)
		qsort(spots, count, sizeof(*spots), compare_quality);
	size_t speaking = 0; /* spots[0..speaking] are not explained */
	for (size_t i = 0; i < count; i++) {
		struct spot spot = spots[i];
		bool is_explained = false;
		for (size_t k = 0; k < speaking && !is_explained; k++)
			is_explained = spots[k].rule != spot.rule &&
				overlaps(&spots[k], &spot);
		if (is_explained && !spot.rule->role)
			explained[spot.row - rows] = true;
		else
			spots[speaking++] = spot;
	}
}

/** The number of spots from the first on that one can step through, each
 * beginning before an earlier one ends. */
static size_t cluster_size(const struct spot *spots, size_t count)
{
	size_t end_byte = spots[0].region->end_byte;
	size_t size = 1;
	while (size < count && is_same_content(&spots[0], &spots[size]) &&
		spots[size].region->start_byte < end_byte) {
		if (spots[size].region->end_byte > end_byte)
			end_byte = spots[size].region->end_byte;
		size++;
	}
	return size;
}

/** Marks what lies within another part of the secret: the id of a key is told
 * with the key. The spots are sorted. */
static void mark_part(bool *explained, const struct join_row *rows,
	const struct spot *spots, size_t count, const struct spot *whole,
	const struct region *part)
{
	struct spot wanted = *whole;
	wanted.region = part;
	size_t low = 0;
	for (size_t high = count; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (compare_starts(&spots[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low; i < count && is_same_content(&spots[i], whole) &&
		spots[i].region->start_byte < part->end_byte;
		i++)
		if (spots[i].region->end_byte <= part->end_byte &&
			spots[i].rule != whole->rule && !spots[i].rule->role)
			explained[spots[i].row - rows] = true;
}

static void mark_parts(bool *explained, const struct join_row *rows,
	const struct spot *spots, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct finding_belief *belief = spots[i].row->hit->belief;
		if (explained[spots[i].row - rows] || !belief)
			continue;
		for (size_t k = 0; k < belief->part_count; k++)
			mark_part(explained, rows, spots, count, &spots[i],
				&belief->parts[k].region);
	}
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
	for (size_t first = 0; first < count;) {
		size_t size = cluster_size(&spots[first], count - first);
		mark_cluster(explained, joined->rows, &spots[first], size);
		first += size;
	}
	if (count)
		qsort(spots, count, sizeof(*spots), compare_spots);
	mark_parts(explained, joined->rows, spots, count);
}
