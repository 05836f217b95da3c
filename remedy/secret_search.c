#include "remedy/secret_search.h"

#include "base/alloc.h"
#include "base/array.h"
#include "remedy/tree_names.h"
#include "scanner/content_scan.h"
#include "scanner/name_mask.h"
#include "scanner/name_search.h"

#include <stdlib.h>
#include <string.h>

void secret_hits_clear(struct secret_hits *hits)
{
	free(hits->items);
	*hits = (struct secret_hits){ 0 };
}

static int compare_hits(const void *a, const void *b)
{
	const struct secret_hit *left = a;
	const struct secret_hit *right = b;
	return oid_compare(&left->oid, &right->oid);
}

static void sort_hits(struct secret_hits *hits)
{
	if (hits->count)
		qsort(hits->items, hits->count, sizeof(*hits->items),
			compare_hits);
}

void secret_hits_join(struct secret_hits *hits, struct secret_hits *more)
{
	for (size_t i = 0; i < more->count; i++) {
		ARRAY_GROW(hits->items, hits->count, hits->capacity);
		hits->items[hits->count++] = more->items[i];
	}
	sort_hits(hits);
	secret_hits_clear(more);
}

const struct secret_hit *secret_hits_find(
	const struct secret_hits *hits, const struct oid *oid)
{
	const struct secret_hit key = { .oid = *oid };
	return hits->count ? bsearch(&key, hits->items, hits->count,
				     sizeof(*hits->items), compare_hits)
			   : NULL;
}

/** One search; all borrowed but rules and contents. */
struct search {
	const struct inventory *inventory;
	const struct purge_target *target;
	const struct scan_opts *opts;
	struct scan_result *skips;
	const struct rule **rules; /* those that the target names, each once */
	size_t rule_count;
	struct oid_map contents; /* what is read: everything but trees */
};

static void search_clear(struct search *search)
{
	free(search->rules);
	oid_map_clear(&search->contents);
}

static void add_rule(struct search *search, const struct rule *rule)
{
	for (size_t i = 0; i < search->rule_count; i++)
		if (search->rules[i] == rule)
			return;
	search->rules[search->rule_count++] = rule;
}

static int pick_rules(
	struct search *search, const struct ruleset *rules, struct err *err)
{
	const struct purge_target *target = search->target;
	search->rules = xcalloc(target->secret_count, sizeof(*search->rules));
	for (size_t i = 0; i < target->secret_count; i++) {
		const char *id = target->secrets[i].rule;
		const struct rule *rule = ruleset_find(rules, id);
		if (!rule)
			return err_set(err, ERR_NOT_FOUND,
				"the plan names the rule '%s', which is not "
				"among those of this run; give it the --rules "
				"of the plan",
				id);
		add_rule(search, rule);
	}
	return 0;
}

static void list_contents(struct search *search)
{
	const struct inventory *inventory = search->inventory;
	for (size_t i = 0; i < inventory->name_count; i++)
		if (inventory->names[i].type != OBJECT_TREE &&
			inventory->names[i].type != 0)
			oid_map_add(&search->contents, &inventory->names[i].oid,
				NULL);
}

/** Rules that ask for a path run on what they are told to: on all. */
static struct candidate *make_candidates(
	size_t *count, const struct search *search)
{
	size_t by_path = 0;
	for (size_t r = 0; r < search->rule_count; r++)
		by_path += rule_has_path(search->rules[r]);
	struct candidate *candidates =
		xcalloc(by_path * search->contents.count, sizeof(*candidates));
	*count = 0;
	for (uint32_t b = 0; by_path && b < search->contents.count; b++)
		for (uint32_t r = 0; r < search->rule_count; r++)
			if (rule_has_path(search->rules[r]))
				candidates[(*count)++] = (struct candidate){
					.blob = b,
					.rule = r,
				};
	return candidates;
}

static void take_hits(struct secret_hits *out, const struct search *search,
	const struct hits *hits)
{
	for (size_t i = 0; i < hits->count; i++) {
		const struct hit *hit = &hits->items[i];
		const struct purge_secret *secret = purge_target_find_secret(
			search->target, hit->secret_id);
		const struct oid *oid = &search->contents.oids[hit->blob];
		bool known = out->count &&
			oid_equal(&out->items[out->count - 1].oid, oid);
		if (!secret || known)
			continue;
		ARRAY_GROW(out->items, out->count, out->capacity);
		out->items[out->count++] = (struct secret_hit){
			.oid = *oid,
			.rule = secret->rule,
		};
	}
	sort_hits(out);
}

/** Rules of settings find no secrets: no blob is read by one. */
static uint32_t *no_settings(const struct search *search)
{
	uint32_t *paths = xcalloc(search->contents.count, sizeof(*paths));
	for (uint32_t i = 0; i < search->contents.count; i++)
		paths[i] = PATH_NONE;
	return paths;
}

static int scan_contents(struct secret_hits *out, struct search *search,
	const struct rule_index *index, struct err *err)
{
	list_contents(search);
	size_t candidate_count;
	CLEANUP(freep)
	struct candidate *candidates =
		make_candidates(&candidate_count, search);
	CLEANUP(freep) uint32_t *settings = no_settings(search);
	struct inventory_progress context = {
		search->opts,
		"Searching objects",
	};
	const struct walk_progress progress = { inventory_tell, &context };
	const struct content_scan_opts scan = {
		.objects = search->inventory->objects,
		.rules = index,
		.blobs = &search->contents,
		.wanted = search->contents.oids,
		.wanted_count = search->contents.count,
		.candidates = candidates,
		.candidate_count = candidate_count,
		.settings_path = settings,
		.paths = &search->inventory->changes.paths,
		.fingerprint_key = search->opts->fingerprint_key,
		.decode_depth = search->opts->decode_depth,
		.jobs = search->opts->jobs,
		.progress = &progress,
	};
	CLEANUP(hits_clear) struct hits hits = { 0 };
	int rc = content_scan(&hits, &scan, search->skips, err);
	if (rc == 0)
		take_hits(out, search, &hits);
	return rc;
}

void secret_names_clear(struct secret_names *names)
{
	free(names->paths);
	free(names->refs);
	free(names->trees);
	arena_clear(&names->arena);
	*names = (struct secret_names){ 0 };
}

/** All names to look at; those of paths first, under their numbers. */
struct name_list {
	struct path_table all;
	uint32_t *refs; /* numbers of theirs */
	size_t ref_count;
	struct tree_names *trees;
	bool *wanted;
	const char **rules; /* by number: that found a target in it, or NULL */
};

static void name_list_clear(struct name_list *list)
{
	path_table_clear(&list->all);
	free(list->refs);
	tree_names_free(list->trees);
	free(list->wanted);
	free(list->rules);
}

static int list_names(
	struct name_list *out, const struct search *search, struct err *err)
{
	const struct inventory *inventory = search->inventory;
	const struct path_table *paths = &inventory->changes.paths;
	const struct repo_ref *refs;
	for (uint32_t p = 0; p < paths->count; p++)
		path_table_add(&out->all, paths->entries[p].text,
			paths->entries[p].len);
	int rc = repo_refs(&refs, &out->ref_count, inventory->repo, err);
	if (rc < 0)
		return rc;
	out->refs = xcalloc(out->ref_count, sizeof(*out->refs));
	for (size_t i = 0; i < out->ref_count; i++)
		out->refs[i] = path_table_add(
			&out->all, refs[i].name, strlen(refs[i].name));
	rc = tree_names_new(&out->trees, &out->all, inventory, search->opts,
		search->skips, err);
	if (rc < 0)
		return rc;
	out->wanted = xcalloc(out->all.count, sizeof(*out->wanted));
	memset(out->wanted, true, out->all.count);
	out->rules = xcalloc(out->all.count, sizeof(*out->rules));
	return 0;
}

static void take_names(struct secret_names *out, const struct name_list *list,
	uint32_t path_count, struct name_mask *mask)
{
	out->paths = xcalloc(path_count, sizeof(*out->paths));
	for (uint32_t p = 0; p < path_count; p++)
		if (list->rules[p])
			out->paths[p] =
				name_mask_text(mask, list->all.entries[p].text);
	for (size_t i = 0; i < list->ref_count; i++) {
		uint32_t number = list->refs[i];
		if (!list->rules[number])
			continue;
		ARRAY_GROW(out->refs, out->ref_count, out->ref_capacity);
		out->refs[out->ref_count++] = (struct secret_ref){
			.name = name_mask_text(
				mask, list->all.entries[number].text),
			.rule = list->rules[number],
		};
	}
}

struct tree_taker {
	struct secret_names *out;
	const struct name_list *list;
	struct name_mask *mask;
};

static void take_tree(const struct oid *tree, uint32_t name, void *ctx)
{
	const struct tree_taker *taker = ctx;
	struct secret_names *out = taker->out;
	ARRAY_GROW(out->trees, out->tree_count, out->tree_capacity);
	out->trees[out->tree_count++] = (struct secret_tree){
		.oid = *tree,
		.name = name_mask_text(
			taker->mask, taker->list->all.entries[name].text),
		.rule = taker->list->rules[name],
	};
}

static int scan_names(struct secret_names *out, const struct search *search,
	const struct rule_index *index, struct err *err)
{
	CLEANUP(name_list_clear) struct name_list list = { 0 };
	CLEANUP(hits_clear) struct hits hits = { 0 };
	CLEANUP(name_mask_freep) struct name_mask *mask = NULL;
	CLEANUP(matcher_freep) struct matcher *matcher = NULL;
	int rc = list_names(&list, search, err);
	if (rc == 0)
		rc = matcher_new(&matcher, index, err);
	if (rc < 0)
		return rc;
	const struct name_search names = {
		.rules = index,
		.matcher = matcher,
		.paths = &list.all,
		.wanted = list.wanted,
		.fingerprint_key = search->opts->fingerprint_key,
		.decode_depth = search->opts->decode_depth,
	};
	rc = name_search_run(&hits, &names, search->skips, err);
	if (rc < 0 || !hits.count)
		return rc;
	for (size_t i = 0; i < hits.count; i++) {
		const struct purge_secret *secret = purge_target_find_secret(
			search->target, hits.items[i].secret_id);
		if (secret)
			list.rules[hits.items[i].blob] = secret->rule;
	}
	rc = name_mask_new(&mask, &hits, &list.all, &out->arena, err);
	if (rc < 0)
		return rc;
	take_names(out, &list, search->inventory->changes.paths.count, mask);
	struct tree_taker taker = { out, &list, mask };
	return tree_names_find(list.trees, list.rules, take_tree, &taker, err);
}

int secret_search(struct secret_hits *out, struct secret_names *names,
	const struct secret_search_input *input, struct scan_result *skips,
	struct err *err)
{
	*out = (struct secret_hits){ 0 };
	*names = (struct secret_names){ 0 };
	if (!input->target->secret_count)
		return 0;
	CLEANUP(search_clear)
	struct search search = {
		.inventory = input->inventory,
		.target = input->target,
		.opts = input->opts,
		.skips = skips,
	};
	CLEANUP(rule_index_freep) struct rule_index *index = NULL;
	int rc = pick_rules(&search, input->rules, err);
	if (rc == 0)
		rc = rule_index_new(
			&index, search.rules, search.rule_count, err);
	if (rc == 0)
		rc = scan_contents(out, &search, index, err);
	return rc < 0 ? rc : scan_names(names, &search, index, err);
}
