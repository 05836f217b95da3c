#include "remedy/purge_plan.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/lfs_pointer.h"

#include <stdlib.h>
#include <string.h>

void purge_plan_clear(struct purge_plan *plan)
{
	free(plan->effects);
	free(plan->first_changed);
	*plan = (struct purge_plan){ 0 };
}

/* Git LFS. */

int purge_target_add_pointers(struct purge_target *target,
	const struct inventory *inventory, struct err *err)
{
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, inventory->objects, err);
	for (size_t i = 0; rc == 0 && i < target->blob_count; i++) {
		struct object object;
		struct err unread;
		struct lfs_pointer pointer;
		if (objects_read(&object, reader, &target->blobs[i], &unread) ==
				0 &&
			lfs_pointer_parse(&pointer, object.bytes, object.len))
			purge_target_add_lfs(target, pointer.oid);
	}
	purge_target_sort(target);
	return rc;
}

/* Commits. */

struct planner {
	struct purge_plan *plan;
	const struct inventory *inventory;
	const struct purge_search *search;
	struct objects_reader *reader;
	bool *reached;   /* by commit: from a ref that is rewritten */
	bool *changed;   /* content is taken from it or from an ancestor */
	bool *rewritten; /* that, or a signature is lost there */
	bool *touched;   /* by holder: names a tag with a target secret */
};

/** filter-repo rewrites what the refs of the repository reach, and of the
 * stash only the newest entry. */
static bool is_rewritten(const struct holder *holder)
{
	return holder->kind < HOLDER_REFLOG && !oid_is_zero(&holder->oid);
}

/** Marks all that the refs reach, parents included. */
static void mark_reached(struct planner *planner)
{
	const struct inventory *inventory = planner->inventory;
	const struct history *history = &inventory->history;
	for (size_t h = 0; h < inventory->holders.count; h++) {
		const struct holder *holder = &inventory->holders.items[h];
		for (size_t t = 0;
			is_rewritten(holder) && t < holder->tip_count; t++)
			planner->reached[history->tips[holder->first_tip + t]
						 .commit] = true;
	}
	for (uint32_t c = history->count; c-- > 0;) {
		const struct history_commit *commit = &history->commits[c];
		for (uint32_t p = 0;
			planner->reached[c] && p < commit->parent_count; p++)
			planner->reached[history->parents[commit->first_parent +
				p]] = true;
	}
}

static void mark_origins(struct planner *planner)
{
	const struct purge_search *search = planner->search;
	for (size_t i = 0; i < search->left_count; i++) {
		const struct purge_left *left = &search->left[i];
		for (size_t o = 0; o < left->origin_count; o++) {
			const struct purge_origin *origin =
				&search->origins[left->first_origin + o];
			if (origin->commit != ORIGIN_NO_COMMIT)
				planner->changed[origin->commit] = true;
			else if (left->what == LEFT_MESSAGE)
				planner->touched[origin->holder] = true;
		}
	}
}

/** True when a header line of the commit starts a signature. */
static bool has_signature(struct planner *planner, const struct oid *oid)
{
	static const char *const keys[] = { "\ngpgsig ", "\ngpgsig-sha256 " };
	struct object object;
	struct err unread;
	if (objects_read(&object, planner->reader, oid, &unread) < 0)
		return false;
	const unsigned char *body = memmem(object.bytes, object.len, "\n\n", 2);
	size_t header = body ? (size_t)(body - object.bytes) : object.len;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (memmem(object.bytes, header, keys[i], strlen(keys[i])))
			return true;
	return false;
}

static void add_first(struct purge_plan *plan, const struct oid *oid)
{
	ARRAY_GROW(
		plan->first_changed, plan->first_count, plan->first_capacity);
	plan->first_changed[plan->first_count++] = *oid;
}

/** One commit, after its parents. */
static void judge_commit(struct planner *planner, uint32_t number)
{
	const struct history *history = &planner->inventory->history;
	const struct history_commit *commit = &history->commits[number];
	struct purge_plan *plan = planner->plan;
	bool after_change = false;
	bool after_rewrite = false;
	for (uint32_t p = 0; p < commit->parent_count; p++) {
		uint32_t parent = history->parents[commit->first_parent + p];
		after_change = after_change || planner->changed[parent];
		after_rewrite = after_rewrite || planner->rewritten[parent];
	}
	bool is_first = planner->changed[number] && !after_change;
	planner->changed[number] = planner->changed[number] || after_change;
	planner->rewritten[number] = planner->changed[number] || after_rewrite;
	if (!planner->reached[number] || oid_is_zero(&commit->oid))
		return;
	bool is_signed = has_signature(planner, &commit->oid);
	planner->rewritten[number] = planner->rewritten[number] || is_signed;
	plan->commits++;
	plan->signed_commits += is_signed;
	plan->commits_changed += planner->changed[number];
	plan->commits_unsigned +=
		planner->rewritten[number] && !planner->changed[number];
	if (is_first)
		add_first(plan, &commit->oid);
}

/* Refs. */

static bool has_tag_signature(const struct object *object)
{
	static const char *const starts[] = {
		"\n-----BEGIN PGP SIGNATURE-----",
		"\n-----BEGIN PGP MESSAGE-----",
		"\n-----BEGIN SSH SIGNATURE-----",
		"\n-----BEGIN SIGNED MESSAGE-----",
	};
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (memmem(object->bytes, object->len, starts[i],
			    strlen(starts[i])))
			return true;
	return false;
}

static void judge_ref(struct planner *planner, size_t number)
{
	const struct inventory *inventory = planner->inventory;
	const struct history *history = &inventory->history;
	const struct holder *holder = &inventory->holders.items[number];
	struct purge_plan *plan = planner->plan;
	if (!is_rewritten(holder))
		return;
	struct purge_effect effect = { .holder = holder };
	struct object object;
	struct err unread;
	if (objects_read(&object, planner->reader, &holder->oid, &unread) ==
			0 &&
		object.type == OBJECT_TAG) {
		effect.is_annotated = true;
		effect.is_signed = has_tag_signature(&object);
	}
	plan->signed_tags += effect.is_signed;
	bool changes = planner->touched[number];
	for (size_t t = 0; t < holder->tip_count; t++) {
		uint32_t tip = history->tips[holder->first_tip + t].commit;
		changes = changes || planner->changed[tip];
		effect.is_bare = oid_is_zero(&history->commits[tip].oid);
	}
	if (!changes)
		return;
	ARRAY_GROW(plan->effects, plan->effect_count, plan->effect_capacity);
	plan->effects[plan->effect_count++] = effect;
}

/** The first changed commit of each ref: of those that it reaches, the one
 * that stands first in the history. */
static void find_first_commits(struct planner *planner)
{
	const struct inventory *inventory = planner->inventory;
	const struct history *history = &inventory->history;
	struct purge_plan *plan = planner->plan;
	struct oid_map firsts = { 0 };
	for (size_t i = 0; i < plan->first_count; i++)
		oid_map_add(&firsts, &plan->first_changed[i], NULL);
	CLEANUP(freep)
	uint64_t *masks = xcalloc(history->count, sizeof(*masks));
	for (size_t from = 0; from < plan->effect_count; from += 64) {
		memset(masks, 0, history->count * sizeof(*masks));
		for (size_t i = from; i < from + 64 && i < plan->effect_count;
			i++) {
			const struct holder *holder = plan->effects[i].holder;
			for (size_t t = 0; t < holder->tip_count; t++)
				masks[history->tips[holder->first_tip + t]
						.commit] |= (uint64_t)1
					<< (i - from);
		}
		history_reach(masks, 1, history);
		for (uint32_t c = history->count; c-- > 0;) {
			const struct oid *oid = &history->commits[c].oid;
			if (!masks[c] ||
				oid_map_find(&firsts, oid) == OID_MAP_NONE)
				continue;
			for (uint64_t m = masks[c]; m; m &= m - 1)
				plan->effects[from + (size_t)__builtin_ctzll(m)]
					.first = *oid;
		}
	}
	oid_map_clear(&firsts);
}

/* Bytes. */

static void add_bytes(const struct stored *copy, void *ctx)
{
	struct purge_plan *plan = ctx;
	if (!copy->borrowed)
		plan->size_freed += copy->bytes;
}

static void measure(struct planner *planner, const struct purge_target *target)
{
	struct purge_plan *plan = planner->plan;
	plan->size = storage_size(planner->search->storage);
	for (size_t i = 0; i < target->blob_count; i++)
		storage_find(planner->search->storage, &target->blobs[i],
			add_bytes, plan);
	if (plan->size_freed > plan->size)
		plan->size_freed = plan->size;
}

static int work_out(struct planner *planner, const struct purge_target *target,
	struct err *err)
{
	const struct inventory *inventory = planner->inventory;
	int rc = objects_reader_new(&planner->reader, inventory->objects, err);
	if (rc < 0)
		return rc;
	mark_reached(planner);
	mark_origins(planner);
	for (uint32_t c = 0; c < inventory->history.count; c++)
		judge_commit(planner, c);
	for (size_t h = 0; h < inventory->holders.count; h++)
		judge_ref(planner, h);
	find_first_commits(planner);
	measure(planner, target);
	objects_reader_free(planner->reader);
	return 0;
}

int purge_plan_make(struct purge_plan *out, const struct inventory *inventory,
	const struct purge_target *target, const struct purge_search *search,
	struct err *err)
{
	*out = (struct purge_plan){ 0 };
	size_t commits = inventory->history.count;
	CLEANUP(freep) bool *by_commit = xcalloc(commits, 3 * sizeof(bool));
	CLEANUP(freep)
	bool *touched = xcalloc(inventory->holders.count, sizeof(bool));
	struct planner planner = {
		.plan = out,
		.inventory = inventory,
		.search = search,
		.reached = by_commit,
		.changed = by_commit + commits,
		.rewritten = by_commit + 2 * commits,
		.touched = touched,
	};
	return work_out(&planner, target, err);
}
