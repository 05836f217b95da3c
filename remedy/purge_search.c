#include "remedy/purge_search.h"

#include "base/alloc.h"
#include "base/array.h"
#include "remedy/value_search.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const what_names[] = {
	[LEFT_PATH] = "path",
	[LEFT_BLOB] = "blob",
	[LEFT_SECRET] = "secret",
	[LEFT_MESSAGE] = "message",
	[LEFT_LFS] = "lfs",
	[LEFT_REF] = "ref",
};

const char *left_what_name(int what)
{
	return what_names[what];
}

void purge_search_clear(struct purge_search *search)
{
	free(search->left);
	free(search->origins);
	free(search->places);
	secret_names_clear(&search->names);
	holders_clear(&search->stores);
	scan_result_clear(&search->skips);
	storage_free(search->storage);
	*search = (struct purge_search){ 0 };
}

/** A path, a blob, and what brought the one to the other. */
struct row {
	uint32_t path, blob; /* numbers in inventory.changes */
	struct purge_origin origin;
};

struct searcher {
	struct purge_search *search;
	const struct inventory *inventory;
	const struct purge_target *target;
	struct secret_hits hits;
	bool *path_bad;  /* by number */
	bool *blob_bad;  /* by number: it exists, and is a target or has one */
	bool *blob_told; /* by number: a row names it */
	struct row *rows;
	size_t row_count, row_capacity;
};

static void searcher_clear(struct searcher *searcher)
{
	secret_hits_clear(&searcher->hits);
	free(searcher->path_bad);
	free(searcher->blob_bad);
	free(searcher->blob_told);
	free(searcher->rows);
}

/** A path with a target secret in it, as it may be shown; else NULL. */
static const char *secret_path(const struct searcher *searcher, uint32_t path)
{
	const struct secret_names *names = &searcher->search->names;
	return names->paths ? names->paths[path] : NULL;
}

static const char *shown_path(const struct searcher *searcher, uint32_t path)
{
	const char *text =
		searcher->inventory->changes.paths.entries[path].text;
	const char *masked = secret_path(searcher, path);
	if (!masked)
		masked = purge_target_mask(searcher->target, text);
	return masked ? masked : text;
}

static void mark_targets(struct searcher *searcher)
{
	const struct changes *changes = &searcher->inventory->changes;
	searcher->path_bad = xcalloc(changes->paths.count, sizeof(bool));
	searcher->blob_bad = xcalloc(changes->blobs.count, sizeof(bool));
	searcher->blob_told = xcalloc(changes->blobs.count, sizeof(bool));
	for (uint32_t p = 0; p < changes->paths.count; p++)
		searcher->path_bad[p] = secret_path(searcher, p) ||
			purge_target_has_path(searcher->target,
				changes->paths.entries[p].text);
	for (uint32_t b = 0; b < changes->blobs.count; b++) {
		const struct oid *oid = &changes->blobs.oids[b];
		searcher->blob_bad[b] =
			(purge_target_has_blob(searcher->target, oid) ||
				secret_hits_find(&searcher->hits, oid)) &&
			inventory_has(searcher->inventory, oid, NULL);
	}
}

static void add_row(struct searcher *searcher, uint32_t path, uint32_t blob,
	uint32_t commit, size_t holder)
{
	if (!searcher->path_bad[path] && !searcher->blob_bad[blob])
		return;
	searcher->blob_told[blob] = true;
	ARRAY_GROW(searcher->rows, searcher->row_count, searcher->row_capacity);
	searcher->rows[searcher->row_count++] = (struct row){
		.path = path,
		.blob = blob,
		.origin = { .commit = commit, .holder = holder },
	};
}

static void collect_rows(struct searcher *searcher)
{
	const struct inventory *inventory = searcher->inventory;
	for (size_t i = 0; i < inventory->changes.count; i++) {
		const struct change *change = &inventory->changes.items[i];
		if (change->blob != BLOB_NONE)
			add_row(searcher, change->path, change->blob,
				change->commit, 0);
	}
	for (size_t h = 0; h < inventory->holders.count; h++) {
		const struct entries *entries =
			&inventory->holders.items[h].entries;
		for (size_t i = 0; i < entries->count; i++)
			add_row(searcher, entries->items[i].path,
				entries->items[i].blob, ORIGIN_NO_COMMIT, h);
	}
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *left = a;
	const struct row *right = b;
	if (left->path != right->path)
		return left->path < right->path ? -1 : 1;
	if (left->blob != right->blob)
		return left->blob < right->blob ? -1 : 1;
	return 0;
}

static struct purge_left *add_left(struct purge_search *search, int what,
	const char *path, const struct oid *oid)
{
	ARRAY_GROW(search->left, search->left_count, search->left_capacity);
	struct purge_left *left = &search->left[search->left_count++];
	*left = (struct purge_left){
		.what = what,
		.path = path && *path ? path : NULL,
		.first_origin = search->origin_count,
	};
	if (oid)
		left->oid = *oid;
	return left;
}

static void add_origin(struct purge_search *search, struct purge_left *left,
	struct purge_origin origin)
{
	ARRAY_GROW(
		search->origins, search->origin_count, search->origin_capacity);
	search->origins[search->origin_count++] = origin;
	left->origin_count++;
}

/** One entry of `left` for the rows first..end, of one path and blob. */
static void make_left(struct searcher *searcher, size_t first, size_t end)
{
	const struct changes *changes = &searcher->inventory->changes;
	const struct row *row = &searcher->rows[first];
	const struct oid *oid = &changes->blobs.oids[row->blob];
	const struct secret_hit *hit = secret_hits_find(&searcher->hits, oid);
	int what = searcher->path_bad[row->path] ? LEFT_PATH
		: hit                            ? LEFT_SECRET
						 : LEFT_BLOB;
	struct purge_left *left = add_left(
		searcher->search, what, shown_path(searcher, row->path), oid);
	left->rule = hit ? hit->rule : NULL;
	for (size_t i = first; i < end; i++)
		add_origin(searcher->search, left, searcher->rows[i].origin);
}

static void group_rows(struct searcher *searcher)
{
	if (searcher->row_count)
		qsort(searcher->rows, searcher->row_count,
			sizeof(*searcher->rows), compare_rows);
	for (size_t first = 0; first < searcher->row_count;) {
		size_t end = first + 1;
		while (end < searcher->row_count &&
			!compare_rows(
				&searcher->rows[first], &searcher->rows[end]))
			end++;
		make_left(searcher, first, end);
		first = end;
	}
}

/* Objects that no tree or index names at a path. */

static bool is_told(const struct searcher *searcher, const struct oid *oid)
{
	uint32_t blob = oid_map_find(&searcher->inventory->changes.blobs, oid);
	return blob != OID_MAP_NONE && searcher->blob_told[blob];
}

/** From the id of a commit to its number in the history. */
struct commit_numbers {
	struct oid_map ids;
	uint32_t *of; /* by number of the id */
};

static void commit_numbers_clear(struct commit_numbers *numbers)
{
	oid_map_clear(&numbers->ids);
	free(numbers->of);
}

static void number_commits(
	struct commit_numbers *out, const struct history *history)
{
	out->of = xcalloc(history->count, sizeof(*out->of));
	for (uint32_t c = 0; c < history->count; c++)
		if (!oid_is_zero(&history->commits[c].oid))
			out->of[oid_map_add(
				&out->ids, &history->commits[c].oid, NULL)] = c;
}

/** The holders that name an object, by its number: of the first, and behind
 * each the next. */
struct named {
	struct oid_map ids;
	size_t *first; /* by number of the id */
	size_t *next;  /* by number of the holder; the count ends a list */
};

static void named_clear(struct named *named)
{
	oid_map_clear(&named->ids);
	free(named->first);
	free(named->next);
}

static void find_named(struct named *out, const struct holders *holders)
{
	out->first = xcalloc(holders->count, sizeof(*out->first));
	out->next = xcalloc(holders->count, sizeof(*out->next));
	for (size_t h = holders->count; h-- > 0;) {
		bool is_new;
		uint32_t id =
			oid_map_add(&out->ids, &holders->items[h].oid, &is_new);
		out->next[h] = is_new ? holders->count : out->first[id];
		out->first[id] = h;
	}
}

/** A tag's message is held by the refs that name the tag, a commit's by all
 * that reach it. */
static void add_message(struct searcher *searcher, const struct secret_hit *hit,
	const struct commit_numbers *commits, const struct named *named)
{
	const struct holders *holders = &searcher->inventory->holders;
	struct purge_left *left =
		add_left(searcher->search, LEFT_MESSAGE, NULL, &hit->oid);
	left->rule = hit->rule;
	uint32_t known = oid_map_find(&commits->ids, &hit->oid);
	if (known != OID_MAP_NONE)
		add_origin(searcher->search, left,
			(struct purge_origin){ .commit = commits->of[known] });
	uint32_t id = oid_map_find(&named->ids, &hit->oid);
	if (id == OID_MAP_NONE)
		return;
	for (size_t h = named->first[id]; h < holders->count;
		h = named->next[h])
		add_origin(searcher->search, left,
			(struct purge_origin){
				.commit = ORIGIN_NO_COMMIT,
				.holder = h,
			});
}

static void add_unnamed(struct searcher *searcher)
{
	const struct inventory *inventory = searcher->inventory;
	const struct purge_target *target = searcher->target;
	for (size_t i = 0; i < target->blob_count; i++)
		if (!is_told(searcher, &target->blobs[i]) &&
			inventory_has(inventory, &target->blobs[i], NULL))
			add_left(searcher->search, LEFT_BLOB, NULL,
				&target->blobs[i]);
	CLEANUP(commit_numbers_clear) struct commit_numbers commits = { 0 };
	CLEANUP(named_clear) struct named named = { 0 };
	if (searcher->hits.count) {
		number_commits(&commits, &inventory->history);
		find_named(&named, &inventory->holders);
	}
	for (size_t i = 0; i < searcher->hits.count; i++) {
		const struct secret_hit *hit = &searcher->hits.items[i];
		int type = 0;
		inventory_has(inventory, &hit->oid, &type);
		if (type == OBJECT_COMMIT || type == OBJECT_TAG)
			add_message(searcher, hit, &commits, &named);
		else if (!is_told(searcher, &hit->oid) &&
			!purge_target_has_blob(target, &hit->oid))
			add_left(searcher->search, LEFT_SECRET, NULL, &hit->oid)
				->rule = hit->rule;
	}
}

static void add_lfs(struct searcher *searcher)
{
	const char *common = repo_common_dir(searcher->inventory->repo);
	struct purge_search *search = searcher->search;
	for (size_t i = 0; i < searcher->target->lfs_count; i++) {
		const char *id = searcher->target->lfs[i];
		const char *path = arena_printf(&search->stores.arena,
			"%slfs/objects/%.2s/%.2s/%s", common, id, id + 2, id);
		if (access(path, F_OK) == 0)
			add_left(search, LEFT_LFS, path, NULL);
	}
}

static void add_refs(struct purge_search *search)
{
	for (size_t i = 0; i < search->names.ref_count; i++) {
		const struct secret_ref *ref = &search->names.refs[i];
		struct purge_left *left =
			add_left(search, LEFT_REF, ref->name, NULL);
		left->rule = ref->rule;
		left->named = true;
	}
}

static void add_trees(struct purge_search *search)
{
	for (size_t i = 0; i < search->names.tree_count; i++) {
		const struct secret_tree *tree = &search->names.trees[i];
		add_left(search, LEFT_PATH, tree->name, &tree->oid)->rule =
			tree->rule;
	}
}

static int compare_left(const void *a, const void *b)
{
	const struct purge_left *left = a;
	const struct purge_left *right = b;
	int order = strcmp(
		left->path ? left->path : "", right->path ? right->path : "");
	return order ? order : oid_compare(&left->oid, &right->oid);
}

int purge_search_run(struct purge_search *out,
	const struct inventory *inventory, const struct purge_target *target,
	const struct purge_values *values, const struct ruleset *rules,
	const struct scan_opts *opts, struct err *err)
{
	*out = (struct purge_search){ 0 };
	CLEANUP(searcher_clear)
	struct searcher searcher = {
		.search = out,
		.inventory = inventory,
		.target = target,
	};
	bool unread;
	int rc = storage_open(
		&out->storage, repo_object_dirs(inventory->repo), &unread, err);
	if (rc == 0)
		rc = secret_search(&searcher.hits, &out->names,
			&(struct secret_search_input){
				.inventory = inventory,
				.target = target,
				.rules = rules,
				.opts = opts,
			},
			&out->skips, err);
	if (rc == 0)
		rc = value_search(
			&searcher.hits, inventory, values, opts->jobs, err);
	if (rc < 0)
		return rc;
	if (unread)
		scan_result_add_skipped(&out->skips, SKIP_UNSUPPORTED)->detail =
			"a pack that only libgit2 can read";
	mark_targets(&searcher);
	collect_rows(&searcher);
	group_rows(&searcher);
	add_unnamed(&searcher);
	add_lfs(&searcher);
	add_refs(out);
	add_trees(out);
	if (out->left_count)
		qsort(out->left, out->left_count, sizeof(*out->left),
			compare_left);
	purge_places_make(out, inventory);
	scan_result_sort(&out->skips);
	out->searched = out->skips.blobs;
	out->complete = out->skips.complete;
	if (target->skips.skipped_count)
		out->complete = false;
	for (size_t i = 0; i < inventory->skips.skipped_count; i++)
		if (skip_is_incomplete(inventory->skips.skipped[i].reason))
			out->complete = false;
	return 0;
}

void purge_search_list_skips(struct scan_result *out,
	const struct purge_search *search, const struct inventory *inventory,
	const struct purge_target *target)
{
	const struct scan_result *parts[] = {
		&target->skips,
		&inventory->skips,
		&search->skips,
	};
	*out = (struct scan_result){ 0 };
	for (size_t p = 0; p < ARRAY_SIZE(parts); p++)
		for (size_t i = 0; i < parts[p]->skipped_count; i++)
			*scan_result_add_skipped(out, 0) = parts[p]->skipped[i];
	purge_skips_join(out);
}
