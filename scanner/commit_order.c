#include "scanner/commit_order.h"

#include "base/alloc.h"
#include "base/cleanup.h"
#include "scanner/history.h"

#include <stdlib.h>

/** Kahn's algorithm with a heap of the commits whose parents are all out. */
struct order {
	const struct history *history;
	uint32_t *waiting;     /* parents not yet out, by commit */
	uint32_t *child_start; /* children of commit i: children[start[i]..) */
	uint32_t *children;
	uint32_t *heap;
	uint32_t heap_count;
	uint32_t *sorted;
	uint32_t sorted_count;
};

static bool goes_first(const struct history *history, uint32_t a, uint32_t b)
{
	const struct history_commit *left = &history->commits[a];
	const struct history_commit *right = &history->commits[b];
	if (left->time != right->time)
		return left->time < right->time;
	int by_oid = oid_compare(&left->oid, &right->oid);
	if (by_oid)
		return by_oid < 0;
	return oid_compare(&left->tree, &right->tree) < 0;
}

static void heap_push(struct order *order, uint32_t commit)
{
	uint32_t at = order->heap_count++;
	while (at) {
		uint32_t above = (at - 1) / 2;
		if (!goes_first(order->history, commit, order->heap[above]))
			break;
		order->heap[at] = order->heap[above];
		at = above;
	}
	order->heap[at] = commit;
}

static uint32_t heap_pop(struct order *order)
{
	uint32_t top = order->heap[0];
	uint32_t last = order->heap[--order->heap_count];
	uint32_t at = 0;
	for (;;) {
		uint32_t child = at * 2 + 1;
		if (child >= order->heap_count)
			break;
		if (child + 1 < order->heap_count &&
			goes_first(order->history, order->heap[child + 1],
				order->heap[child]))
			child++;
		if (!goes_first(order->history, order->heap[child], last))
			break;
		order->heap[at] = order->heap[child];
		at = child;
	}
	order->heap[at] = last;
	return top;
}

static void link_children(struct order *order)
{
	const struct history *history = order->history;
	for (uint32_t i = 0; i < history->count; i++) {
		const struct history_commit *commit = &history->commits[i];
		for (uint32_t p = 0; p < commit->parent_count; p++)
			order->child_start
				[history->parents[commit->first_parent + p] +
					1]++;
	}
	for (uint32_t i = 0; i < history->count; i++)
		order->child_start[i + 1] += order->child_start[i];
	CLEANUP(freep)
	uint32_t *next = xcalloc(history->count, sizeof(*next));
	for (uint32_t i = 0; i < history->count; i++) {
		const struct history_commit *commit = &history->commits[i];
		order->waiting[i] = commit->parent_count;
		for (uint32_t p = 0; p < commit->parent_count; p++) {
			uint32_t parent =
				history->parents[commit->first_parent + p];
			order->children[order->child_start[parent] +
				next[parent]++] = i;
		}
	}
}

static void sort_commits(struct order *order)
{
	uint32_t count = order->history->count;
	for (uint32_t i = 0; i < count; i++)
		if (!order->waiting[i])
			heap_push(order, i);
	while (order->heap_count) {
		uint32_t commit = heap_pop(order);
		order->sorted[order->sorted_count++] = commit;
		for (uint32_t c = order->child_start[commit];
			c < order->child_start[commit + 1]; c++)
			if (!--order->waiting[order->children[c]])
				heap_push(order, order->children[c]);
	}
	for (uint32_t i = 0; order->sorted_count < count && i < count; i++)
		if (order->waiting[i])
			order->sorted[order->sorted_count++] = i;
}

static void renumber(struct history *history, const uint32_t *sorted)
{
	struct history_commit *commits =
		xcalloc(history->count, sizeof(*commits));
	CLEANUP(freep)
	uint32_t *number = xcalloc(history->count, sizeof(*number));
	for (uint32_t i = 0; i < history->count; i++) {
		commits[i] = history->commits[sorted[i]];
		number[sorted[i]] = i;
	}
	free(history->commits);
	history->commits = commits;
	history->capacity = history->count;
	for (uint32_t i = 0; i < history->parents_count; i++)
		history->parents[i] = number[history->parents[i]];
	for (size_t i = 0; i < history->tip_count; i++)
		history->tips[i].commit = number[history->tips[i].commit];
}

void commit_order_apply(struct history *history)
{
	uint32_t count = history->count;
	struct order order = {
		.history = history,
		.waiting = xcalloc(count, sizeof(uint32_t)),
		.child_start = xcalloc((size_t)count + 1, sizeof(uint32_t)),
		.children = xcalloc(history->parents_count, sizeof(uint32_t)),
		.heap = xcalloc(count, sizeof(uint32_t)),
		.sorted = xcalloc(count, sizeof(uint32_t)),
	};
	link_children(&order);
	sort_commits(&order);
	renumber(history, order.sorted);
	free(order.waiting);
	free(order.child_start);
	free(order.children);
	free(order.heap);
	free(order.sorted);
}
