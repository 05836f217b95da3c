#include "rules/keyword_search.h"

#include "base/alloc.h"
#include "base/array.h"

#include <string.h>

/* Searched at a time, so that the hits of a large blob need not be kept. */
#define CHUNK ((size_t)1 << 20)

/* Hits that wait before they are judged, where the blob goes on. */
#define BATCH 8192

/* More hits than this of one blob are not kept. */
#define KEEP_MAX ((size_t)1 << 17)

struct hit_list {
	struct keyword_hit *items;
	size_t count, capacity;
};

struct keyword_search {
	const struct rule_index *index;
	size_t longest;                 /* bytes of a literal */
	struct keyword_window *windows; /* by rule; `behind` 0: not asked yet */

	/* of the present run */
	const unsigned char *bytes;
	size_t len;
	const struct keyword_judge *judge;
	struct hit_list pending; /* found, not judged; sorted by flush() */
	struct hit_list kept;
	bool keep;
};

struct keyword_search *keyword_search_new(const struct rule_index *index)
{
	struct keyword_search *search = xcalloc(1, sizeof(*search));
	search->index = index;
	search->longest = literal_set_longest(index->literals);
	search->windows = xcalloc(index->count, sizeof(*search->windows));
	return search;
}

void keyword_search_free(struct keyword_search *search)
{
	if (!search)
		return;
	free(search->windows);
	free(search->pending.items);
	free(search->kept.items);
	free(search);
}

static void add_hit(struct hit_list *list, struct keyword_hit hit)
{
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = hit;
}

static bool comes_before(struct keyword_hit a, struct keyword_hit b)
{
	return a.start != b.start ? a.start < b.start : a.slot < b.slot;
}

/* Hits come nearly sorted: one is out of its place by less than the length of
 * the longest literal. */
static void sort_hits(struct hit_list *list)
{
	struct keyword_hit *items = list->items;
	for (size_t i = 1; i < list->count; i++) {
		struct keyword_hit hit = items[i];
		size_t at = i;
		for (; at && comes_before(hit, items[at - 1]); at--)
			items[at] = items[at - 1];
		items[at] = hit;
	}
}

/* How many of the sorted hits can be judged, when all that end at or before
 * `known` have been found: those behind which a judge need not look further. */
static size_t count_ready(const struct keyword_search *search, size_t known)
{
	const struct hit_list *pending = &search->pending;
	size_t ready = pending->count;
	size_t ahead = search->longest + search->index->longest_reach;
	while (known < search->len && ready &&
		pending->items[ready - 1].start + ahead > known)
		ready--;
	return ready;
}

static void keep_hits(struct keyword_search *search, size_t count)
{
	if (!search->keep || search->kept.count + count > KEEP_MAX) {
		search->keep = false;
		return;
	}
	for (size_t i = 0; i < count; i++)
		add_hit(&search->kept, search->pending.items[i]);
}

/* Has hits judged, once they are many or the blob is at its end. */
static int flush(struct keyword_search *search, size_t known, struct err *err)
{
	struct hit_list *pending = &search->pending;
	if (!pending->count || (known < search->len && pending->count < BATCH))
		return 0;
	sort_hits(pending);
	size_t ready = count_ready(search, known);
	const struct keyword_judge *judge = search->judge;
	int rc = judge->take(
		pending->items, ready, pending->count, judge->ctx, err);
	if (rc)
		return rc;
	keep_hits(search, ready);
	pending->count -= ready;
	memmove(pending->items, pending->items + ready,
		pending->count * sizeof(*pending->items));
	return 0;
}

/* Bytes being searched: hits that end in (end_after, end_last] and start before
 * `start_end` are taken. */
struct part {
	struct keyword_search *search;
	size_t offset; /* of the bytes that are searched */
	size_t end_after, end_last;
	size_t start_end;
};

static int take_literal(size_t literal, size_t start, size_t end, void *ctx)
{
	const struct part *part = ctx;
	const struct rule_index *index = part->search->index;
	start += part->offset;
	end += part->offset;
	if (end <= part->end_after || end > part->end_last ||
		start >= part->start_end)
		return 0;
	for (uint32_t slot = index->first_slot[literal];
		slot < index->first_slot[literal + 1]; slot++)
		add_hit(&part->search->pending,
			(struct keyword_hit){ .start = start, .slot = slot });
	return 0;
}

static int search_part(const struct part *part, size_t end)
{
	return literal_set_scan(part->search->index->literals,
		part->search->bytes + part->offset, end - part->offset,
		take_literal, (void *)(uintptr_t)part);
}

/* Finds the hits that are not within the copies on both sides of `from` and
 * `to`; where these are equal, the hits across the seam. */
static int search_gap(
	struct keyword_search *search, size_t from, size_t to, struct err *err)
{
	size_t overlap = search->longest ? search->longest - 1 : 0;
	if (from == to && (from == 0 || to == search->len || !overlap))
		return 0;
	size_t last = search->len - to > overlap ? to + overlap : search->len;
	size_t done = from;
	do {
		bool ends = to - done <= CHUNK;
		struct part part = {
			.search = search,
			.offset = done > overlap ? done - overlap : 0,
			.end_after = done,
			.end_last = ends ? last : done + CHUNK,
			.start_end = to,
		};
		done = ends ? to : done + CHUNK;
		int rc = search_part(&part, part.end_last);
		if (rc == 0)
			rc = flush(search, done, err);
		if (rc)
			return rc;
	} while (done < to);
	return 0;
}

static int window_of(struct keyword_window **out, struct keyword_search *search,
	size_t rule, struct err *err)
{
	const struct keyword_judge *judge = search->judge;
	struct keyword_window *window = &search->windows[rule];
	*out = window;
	if (window->behind)
		return 0;
	return judge->window(window, rule, judge->ctx, err);
}

/* The first hit that starts at or after `start`. */
static size_t find_hit(const struct keyword_hits *hits, size_t start)
{
	size_t low = 0;
	size_t high = hits->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (hits->items[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A copy, and how far bytes are the same: where it begins or ends both blobs,
 * what lies beyond is the same nothing. */
struct carried {
	const struct blob_copy *copy;
	bool begins, ends;
};

static bool holds(const struct carried *carried,
	const struct keyword_window *window, size_t start)
{
	size_t before = start - carried->copy->from;
	size_t behind = carried->copy->len - before;
	return (carried->begins || before >= window->before) &&
		(carried->ends || behind >= window->behind);
}

static int carry(struct keyword_search *search, const struct blob_base *base,
	const struct blob_copy *copy, struct err *err)
{
	const struct carried carried = {
		.copy = copy,
		.begins = !copy->at && !copy->from,
		.ends = copy->at + copy->len == search->len &&
			copy->from + copy->len == base->hits->blob_len,
	};
	const struct keyword_slot *slots = search->index->slots;
	size_t end = copy->from + copy->len;
	for (size_t i = find_hit(base->hits, copy->from); i < base->hits->count;
		i++) {
		struct keyword_hit hit = base->hits->items[i];
		if (hit.start >= end)
			break;
		if (hit.start + slots[hit.slot].len > end)
			continue;
		if (hit.after) {
			struct keyword_window *window;
			int rc = window_of(
				&window, search, slots[hit.slot].rule, err);
			if (rc < 0)
				return rc;
			if (!holds(&carried, window, hit.start))
				hit.after = 0;
		}
		hit.start = hit.start - copy->from + copy->at;
		add_hit(&search->pending, hit);
	}
	return flush(search, copy->at + copy->len, err);
}

/* Two hits that a copy lies between are two: none is as long as a copy. */
static size_t least_copy(const struct keyword_search *search)
{
	size_t least = 2 * search->longest;
	return least > BLOB_COPY_MIN ? least : BLOB_COPY_MIN;
}

int keyword_search_run(struct keyword_search *search,
	const unsigned char *bytes, size_t len, const struct blob_base *base,
	bool keep, const struct keyword_judge *judge, struct err *err)
{
	search->bytes = bytes;
	search->len = len;
	search->judge = judge;
	search->pending.count = 0;
	search->kept.count = 0;
	search->keep = keep;
	size_t least = least_copy(search);
	size_t done = 0;
	for (size_t i = 0; base && i < base->copy_count; i++) {
		const struct blob_copy *copy = &base->copies[i];
		if (copy->len < least)
			continue;
		int rc = search_gap(search, done, copy->at, err);
		if (rc == 0)
			rc = carry(search, base, copy, err);
		if (rc)
			return rc;
		done = copy->at + copy->len;
	}
	int rc = search_gap(search, done, len, err);
	return rc ? rc : flush(search, len, err);
}

bool keyword_search_hits(
	struct keyword_hits *out, const struct keyword_search *search)
{
	*out = (struct keyword_hits){
		.items = search->kept.items,
		.count = search->kept.count,
		.blob_len = search->len,
	};
	return search->keep;
}
