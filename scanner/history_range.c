#include "scanner/history_range.h"

#include "base/alloc.h"
#include "base/array.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum state {
	STATE_NEW,
	STATE_QUEUED, /* read, waits in the queue */
	STATE_DONE,   /* its parents are queued */
};

struct walk {
	struct commit_loader *loader;
	unsigned char *states; /* by commit */
	size_t state_count;
	uint32_t *queue; /* a heap, the newest commit first */
	size_t queue_count, queue_capacity;
	size_t wanted;  /* commits in the queue that are not left out */
	int64_t oldest; /* date among those that were done and not left out */
};

static void walk_clear(struct walk *walk)
{
	free(walk->states);
	free(walk->queue);
}

static struct history_commit *commit_at(
	const struct walk *walk, uint32_t number)
{
	return &walk->loader->history->commits[number];
}

static bool is_newer(const struct walk *walk, uint32_t a, uint32_t b)
{
	return commit_at(walk, a)->time > commit_at(walk, b)->time;
}

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t kept = *a;
	*a = *b;
	*b = kept;
}

static void queue_push(struct walk *walk, uint32_t number)
{
	ARRAY_GROW(walk->queue, walk->queue_count, walk->queue_capacity);
	size_t at = walk->queue_count++;
	walk->queue[at] = number;
	for (; at && is_newer(walk, walk->queue[at], walk->queue[(at - 1) / 2]);
		at = (at - 1) / 2)
		swap(&walk->queue[at], &walk->queue[(at - 1) / 2]);
}

static uint32_t queue_pop(struct walk *walk)
{
	uint32_t *queue = walk->queue;
	uint32_t newest = queue[0];
	queue[0] = queue[--walk->queue_count];
	for (size_t at = 0;;) {
		size_t child = 2 * at + 1;
		if (child >= walk->queue_count)
			break;
		if (child + 1 < walk->queue_count &&
			is_newer(walk, queue[child + 1], queue[child]))
			child++;
		if (!is_newer(walk, queue[child], queue[at]))
			break;
		swap(&queue[child], &queue[at]);
		at = child;
	}
	return newest;
}

/** Room for a state of every commit; new ones are STATE_NEW. */
static void grow_states(struct walk *walk)
{
	size_t count = walk->loader->history->capacity;
	if (count <= walk->state_count)
		return;
	walk->states =
		xreallocarray(walk->states, count, sizeof(*walk->states));
	memset(walk->states + walk->state_count, STATE_NEW,
		count - walk->state_count);
	walk->state_count = count;
}

/** Reads a commit and queues it, once. */
static int enqueue(struct walk *walk, uint32_t number, struct err *err)
{
	grow_states(walk);
	assert(walk->states); /* there is a commit of that number */
	if (walk->states[number] != STATE_NEW)
		return 0;
	int rc = commit_loader_read(walk->loader, number, err);
	if (rc < 0)
		return rc;
	grow_states(walk);
	walk->states[number] = STATE_QUEUED;
	walk->wanted += !commit_at(walk, number)->left_out;
	queue_push(walk, number);
	return 0;
}

static uint32_t parent_of(const struct walk *walk,
	const struct history_commit *commit, uint32_t i)
{
	return walk->loader->history->parents[commit->first_parent + i];
}

struct stack {
	uint32_t *items;
	size_t count, capacity;
};

static void stack_clear(struct stack *stack)
{
	free(stack->items);
}

static void stack_push(struct stack *stack, uint32_t number)
{
	ARRAY_GROW(stack->items, stack->count, stack->capacity);
	stack->items[stack->count++] = number;
}

/** Leaves out a commit, and what it reaches as far as that was read. */
static void leave_out(struct walk *walk, uint32_t number)
{
	CLEANUP(stack_clear) struct stack stack = { 0 };
	assert(walk->states);
	stack_push(&stack, number);
	while (stack.count) {
		number = stack.items[--stack.count];
		struct history_commit *commit = commit_at(walk, number);
		if (commit->left_out)
			continue;
		commit->left_out = true;
		walk->wanted -= walk->states[number] == STATE_QUEUED;
		if (walk->states[number] != STATE_DONE)
			continue; /* its parents follow when it is taken */
		for (uint32_t i = 0; i < commit->parent_count; i++)
			stack_push(&stack, parent_of(walk, commit, i));
	}
}

/** Takes the newest commit of the queue and queues its parents. */
static int step(struct walk *walk, struct err *err)
{
	uint32_t number = queue_pop(walk);
	struct history_commit commit = *commit_at(walk, number);
	assert(walk->states);
	walk->states[number] = STATE_DONE;
	if (!commit.left_out) {
		walk->wanted--;
		if (commit.time < walk->oldest)
			walk->oldest = commit.time;
	}
	for (uint32_t i = 0; i < commit.parent_count; i++) {
		uint32_t parent = parent_of(walk, &commit, i);
		if (commit.left_out)
			leave_out(walk, parent);
		int rc = enqueue(walk, parent, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int enqueue_cut(
	struct walk *walk, const struct oid *cut, struct err *err)
{
	struct oid oid = *cut;
	int type;
	struct err unread;
	if (commit_loader_peel(walk->loader, &oid, &type, &unread) < 0 ||
		type != OBJECT_COMMIT)
		return 0;
	uint32_t number = commit_loader_add(walk->loader, &oid);
	grow_states(walk);
	leave_out(walk, number);
	return enqueue(walk, number, err);
}

/** True when nothing that is still to come can belong to the range, or lead
 * from a cut into it. */
static bool is_over(const struct walk *walk)
{
	if (!walk->queue_count)
		return true;
	return !walk->wanted &&
		commit_at(walk, walk->queue[0])->time < walk->oldest;
}

/** What was not taken is none of the range; what is left out needs no parents.
 */
static void close_range(const struct walk *walk)
{
	struct history *history = walk->loader->history;
	assert(walk->states || !history->count);
	for (uint32_t i = 0; i < history->count; i++) {
		struct history_commit *commit = &history->commits[i];
		if (walk->states[i] != STATE_DONE)
			commit->left_out = true;
		if (commit->left_out)
			commit->parent_count = 0;
	}
}

int history_range_read(struct commit_loader *loader, const struct oid *cuts,
	size_t cut_count, struct err *err)
{
	CLEANUP(walk_clear)
	struct walk walk = { .loader = loader, .oldest = INT64_MAX };
	uint32_t tips = loader->history->count;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < cut_count; i++)
		rc = enqueue_cut(&walk, &cuts[i], err);
	for (uint32_t i = 0; rc == 0 && i < tips; i++)
		rc = enqueue(&walk, i, err);
	while (rc == 0 && !is_over(&walk))
		rc = step(&walk, err);
	grow_states(&walk);
	if (rc == 0)
		close_range(&walk);
	return rc;
}

int history_range_read_listed(struct commit_loader *loader, struct err *err)
{
	struct history *history = loader->history;
	uint32_t listed = history->count;
	int rc = 0;
	for (uint32_t i = 0; rc == 0 && i < listed; i++)
		rc = commit_loader_read(loader, i, err);
	uint32_t known = history->count;
	for (uint32_t i = listed; rc == 0 && i < known; i++) {
		history->commits[i].left_out = true;
		rc = commit_loader_read(loader, i, err);
		history->commits[i].parent_count = 0;
	}
	for (uint32_t i = known; i < history->count; i++)
		history->commits[i].left_out = true;
	return rc;
}
