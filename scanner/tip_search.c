#include "scanner/tip_search.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/tree_cache.h"
#include "scanner/tree_parse.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_BYTES ((size_t)16 << 20)

/** A traced path; one trace of it after the other in `order`. */
struct target {
	const struct path_entry *path;
	size_t first, end; /* in order */
};

/** A folder to look into for the targets low..high, whose paths all begin
 * with the folder's own path of `depth` bytes. */
struct visit {
	struct oid tree;
	size_t low, high;
	size_t depth;
};

struct tip_search {
	struct trace *traces;
	const struct changes *changes;
	struct objects_reader *reader;
	struct tree_cache *cache;
	uint32_t *order;        /* traces by path */
	struct target *targets; /* sorted by path */
	size_t target_count;
	int kind;               /* of the tips */
	struct oid_map visited; /* tree ids, with first target and depth */
	struct visit *stack;
	size_t stack_count, stack_capacity;
};

struct sort_context {
	const struct trace *traces;
	const struct path_entry *paths;
};

static int compare_paths(const struct path_entry *a, const struct path_entry *b)
{
	size_t common = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->text, b->text, common);
	if (order)
		return order;
	return a->len < b->len ? -1 : a->len > b->len;
}

static int compare_traces(const void *a, const void *b, void *ctx)
{
	const struct sort_context *context = ctx;
	const uint32_t *left = a;
	const uint32_t *right = b;
	return compare_paths(&context->paths[context->traces[*left].path],
		&context->paths[context->traces[*right].path]);
}

static void make_targets(struct tip_search *search, size_t count)
{
	const struct path_entry *paths = search->changes->paths.entries;
	struct sort_context context = { search->traces, paths };
	search->order = xcalloc(count, sizeof(*search->order));
	for (size_t i = 0; i < count; i++)
		search->order[i] = (uint32_t)i;
	qsort_r(search->order, count, sizeof(*search->order), compare_traces,
		&context);
	search->targets = xcalloc(count, sizeof(*search->targets));
	for (size_t i = 0; i < count; i++) {
		uint32_t path = search->traces[search->order[i]].path;
		struct target *last = search->target_count
			? &search->targets[search->target_count - 1]
			: NULL;
		if (last && last->path == &paths[path]) {
			last->end = i + 1;
			continue;
		}
		assert(search->targets);
		search->targets[search->target_count++] = (struct target){
			.path = &paths[path], .first = i, .end = i + 1
		};
	}
}

int tip_search_new(struct tip_search **out, struct trace *traces, size_t count,
	const struct changes *changes, const struct objects *objects,
	struct err *err)
{
	CLEANUP(tip_search_freep)
	struct tip_search *search = xcalloc(1, sizeof(*search));
	search->traces = traces;
	search->changes = changes;
	int rc = objects_reader_new(&search->reader, objects, err);
	if (rc < 0)
		return rc;
	search->cache = tree_cache_new(search->reader, CACHE_BYTES);
	make_targets(search, count);
	*out = STEAL(search);
	return 0;
}

void tip_search_free(struct tip_search *search)
{
	if (!search)
		return;
	tree_cache_free(search->cache);
	objects_reader_free(search->reader);
	oid_map_clear(&search->visited);
	free(search->order);
	free(search->targets);
	free(search->stack);
	free(search);
}

/** The first target from `low` on that is not before `name` at `depth`, with
 * a "/" behind the name if it is a folder's. */
static size_t lower_bound(const struct tip_search *search,
	const struct visit *visit, const struct tree_entry *entry)
{
	bool folder = mode_is_tree(entry->mode);
	size_t low = visit->low;
	size_t high = visit->high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct path_entry *path = search->targets[middle].path;
		const char *rest = path->text + visit->depth;
		size_t len = path->len - visit->depth;
		size_t common = len < entry->name_len ? len : entry->name_len;
		int order = memcmp(rest, entry->name, common);
		if (!order && len < entry->name_len + folder)
			order = -1;
		if (!order && folder)
			order = (unsigned char)rest[common] - '/';
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/** True when the target's rest at `depth` starts with the entry's name, and
 * goes on with "/" for a folder or ends for a file. */
static bool fits(const struct tip_search *search, size_t target,
	const struct visit *visit, const struct tree_entry *entry)
{
	if (target >= visit->high)
		return false;
	const struct path_entry *path = search->targets[target].path;
	const char *rest = path->text + visit->depth;
	size_t len = path->len - visit->depth;
	if (len < entry->name_len ||
		memcmp(rest, entry->name, entry->name_len) != 0)
		return false;
	return mode_is_tree(entry->mode)
		? len > entry->name_len && rest[entry->name_len] == '/'
		: len == entry->name_len;
}

/** Makes another id of it, of a number and where in the id that goes. */
static void mix_in(struct oid *key, size_t at, size_t number)
{
	for (size_t i = 0; i < sizeof(number); i++)
		key->bytes[at + i] ^= (unsigned char)(number >> (8 * i));
}

/** A tree may stand at several depths on the way to one target. */
static void push_visit(struct tip_search *search, const struct oid *tree,
	size_t low, size_t high, size_t depth)
{
	struct oid key = *tree;
	mix_in(&key, 0, low);
	mix_in(&key, sizeof(low), depth);
	bool is_new;
	oid_map_add(&search->visited, &key, &is_new);
	if (!is_new)
		return;
	ARRAY_GROW(search->stack, search->stack_count, search->stack_capacity);
	search->stack[search->stack_count++] = (struct visit){
		.tree = *tree, .low = low, .high = high, .depth = depth
	};
}

static void mark_target(struct tip_search *search, const struct target *target,
	const struct oid *oid)
{
	uint32_t blob = oid_map_find(&search->changes->blobs, oid);
	for (size_t i = target->first; i < target->end; i++) {
		struct trace *trace = &search->traces[search->order[i]];
		for (size_t b = 0; b < trace->blob_count; b++)
			if (trace->blobs[b] == blob)
				exposure_add_tip(trace->finding, search->kind);
	}
}

static void look_into(struct tip_search *search, const struct visit *visit,
	const struct tree *tree)
{
	struct tree_cursor cursor;
	tree_cursor_init(&cursor, tree->bytes, tree->len);
	for (; cursor.more; tree_cursor_next(&cursor)) {
		const struct tree_entry *entry = &cursor.entry;
		const struct oid *oid = (const struct oid *)entry->oid;
		size_t low = lower_bound(search, visit, entry);
		if (mode_is_gitlink(entry->mode) ||
			!fits(search, low, visit, entry))
			continue;
		if (!mode_is_tree(entry->mode)) {
			mark_target(search, &search->targets[low], oid);
			continue;
		}
		size_t high = low + 1;
		while (fits(search, high, visit, entry))
			high++;
		push_visit(search, oid, low, high,
			visit->depth + entry->name_len + 1);
	}
}

void tip_search_begin(struct tip_search *search, int kind)
{
	search->kind = kind;
	oid_map_clear(&search->visited);
}

int tip_search_mark(
	struct tip_search *search, const struct oid *tree, struct err *err)
{
	push_visit(search, tree, 0, search->target_count, 0);
	while (search->stack_count) {
		struct visit visit = search->stack[--search->stack_count];
		struct tree *opened;
		int rc = tree_cache_get(
			&opened, search->cache, &visit.tree, err);
		if (rc == ERR_NOT_FOUND || rc == ERR_CORRUPT || rc == ERR_LIMIT)
			continue;
		if (rc < 0)
			return rc;
		look_into(search, &visit, opened);
		tree_cache_put(search->cache, opened);
	}
	return 0;
}
