#include "rules/encoded_search.h"

#include "base/array.h"

#include <stdbool.h>
#include <stdlib.h>

void encoded_runs_clear(struct encoded_runs *runs)
{
	free(runs->items);
	*runs = (struct encoded_runs){ 0 };
}

static void take_run(const struct encoded_run *run, void *ctx)
{
	struct encoded_runs *runs = ctx;
	ARRAY_GROW(runs->items, runs->count, runs->capacity);
	runs->items[runs->count++] = *run;
}

/* True when all that the run depends on is within the copy. */
static bool is_copied(const struct encoded_run *run,
	const struct blob_copy *copy, size_t len, size_t base_len)
{
	bool begins = !copy->at && !copy->from;
	bool ends = copy->at + copy->len == len &&
		copy->from + copy->len == base_len;
	size_t end = copy->from + copy->len;
	return run->seen_start >= copy->from && run->seen_end <= end &&
		(begins || run->seen_start > copy->from) &&
		(ends || run->seen_end < end);
}

/* The first run that starts at or behind a place. */
static size_t find_run(const struct blob_base *base, size_t start)
{
	size_t low = 0;
	size_t high = base->run_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (base->runs[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Takes over the runs of the base that lie in a copy. Where another one would
 * begin or end now, that one is looked for. */
static void carry(struct run_search *search, const struct blob_base *base,
	const struct blob_copy *copy)
{
	size_t end = copy->from + copy->len;
	for (size_t i = find_run(base, copy->from); i < base->run_count; i++) {
		struct encoded_run run = base->runs[i];
		if (run.start >= end)
			break;
		size_t at = run.start - copy->from + copy->at;
		if (!is_copied(&run, copy, search->len, base->hits->blob_len)) {
			run_search_again(search, run.encoding, at);
			continue;
		}
		run.seen_start += copy->at - copy->from;
		run.seen_end += copy->at - copy->from;
		run.end += copy->at - copy->from;
		run.start = at;
		run_search_take(search, &run);
	}
}

void encoded_runs_find(struct encoded_runs *runs, const unsigned char *bytes,
	size_t len, const struct blob_base *base)
{
	struct run_search search;
	size_t done = 0;
	runs->count = 0;
	run_search_init(&search, bytes, len, take_run, runs);
	for (size_t i = 0; base && i < base->copy_count; i++) {
		const struct blob_copy *copy = &base->copies[i];
		if (copy->len < BLOB_COPY_MIN)
			continue;
		run_search_span(&search, done, copy->at);
		carry(&search, base, copy);
		done = copy->at + copy->len;
	}
	run_search_span(&search, done, len);
}
