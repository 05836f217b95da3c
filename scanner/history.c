#include "scanner/history.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/commit_order.h"
#include "scanner/commit_parse.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TAG_CHAIN 64
#define MAX_PARENTS   UINT16_MAX

struct loader {
	struct history *history;
	struct objects_reader *reader;
	struct scan_result *result;
	struct oid_map ids; /* commits, numbered as they are found */
	struct oid_map cut; /* commits of the shallow file */
	bool cut_reported;
};

/** Records an object that could not be read; true when the scan can go on. */
static bool skip_object(struct loader *loader, const struct oid *oid, int rc,
	const char *what, const struct err *err)
{
	int reason;
	if (rc == ERR_NOT_FOUND)
		reason = SKIP_MISSING;
	else if (rc == ERR_CORRUPT)
		reason = SKIP_CORRUPT;
	else if (rc == ERR_LIMIT)
		reason = SKIP_TOO_LARGE;
	else
		return false;
	struct skipped *skipped =
		scan_result_add_skipped(loader->result, reason);
	oid_to_hex(skipped->object, oid);
	skipped->detail =
		arena_printf(&loader->result->arena, "%s: %s", what, err->msg);
	return true;
}

static uint32_t add_commit(struct loader *loader, const struct oid *oid)
{
	struct history *history = loader->history;
	bool is_new;
	uint32_t number = oid_map_add(&loader->ids, oid, &is_new);
	if (is_new) {
		ARRAY_GROW(history->commits, history->count, history->capacity);
		history->commits[history->count++] =
			(struct history_commit){ .oid = *oid };
	}
	return number;
}

static void add_parent(struct history *history, uint32_t number)
{
	ARRAY_GROW(history->parents, history->parents_count,
		history->parents_capacity);
	history->parents[history->parents_count++] = number;
}

/** True when the commit's parents are cut off by a shallow clone. */
static bool is_cut(struct loader *loader, const struct oid *oid)
{
	if (oid_map_find(&loader->cut, oid) == OID_MAP_NONE)
		return false;
	if (!loader->cut_reported) {
		struct skipped *skipped =
			scan_result_add_skipped(loader->result, SKIP_SHALLOW);
		skipped->detail = "a shallow clone: older commits are not here "
				  "(git fetch --unshallow)";
		loader->cut_reported = true;
	}
	return true;
}

/** Reads one commit and adds its parents. The number stays valid; a pointer
 * into history->commits would not. */
static int load_commit(struct loader *loader, uint32_t number, struct err *err)
{
	struct history *history = loader->history;
	struct oid oid = history->commits[number].oid;
	struct object object;
	int rc = objects_read(&object, loader->reader, &oid, err);
	struct commit_header header = { 0 };
	if (rc == 0 &&
		(object.type != OBJECT_COMMIT ||
			!commit_parse(&header, object.bytes, object.len) ||
			header.parent_count > MAX_PARENTS))
		rc = err_set(err, ERR_CORRUPT, "is no commit");
	if (rc < 0)
		return skip_object(loader, &oid, rc, "commit", err) ? 0 : rc;
	history->commits[number].tree = header.tree;
	history->commits[number].time = header.committer.time;
	history->commits[number].first_parent = history->parents_count;
	if (is_cut(loader, &oid))
		return 0;
	for (size_t i = 0; i < header.parent_count; i++) {
		struct oid parent;
		commit_parent(&parent, &header, i);
		add_parent(history, add_commit(loader, &parent));
	}
	history->commits[number].parent_count = (uint16_t)header.parent_count;
	return 0;
}

/** A ref that names a tree or blob becomes a commit without an id. */
static uint32_t add_bare_tip(
	struct history *history, const struct oid *oid, int type)
{
	ARRAY_GROW(history->commits, history->count, history->capacity);
	history->commits[history->count] = (struct history_commit){
		.tree = *oid,
		.is_blob = type == OBJECT_BLOB,
	};
	return history->count++;
}

/** Follows annotated tags from `oid` to what they name in the end. */
static int peel(
	struct loader *loader, struct oid *oid, int *type, struct err *err)
{
	*type = OBJECT_TAG;
	for (int i = 0; i < MAX_TAG_CHAIN && *type == OBJECT_TAG; i++) {
		struct object object;
		int rc = objects_read(&object, loader->reader, oid, err);
		if (rc < 0)
			return rc;
		*type = (int)object.type;
		if (*type == OBJECT_TAG &&
			!tag_parse(oid, type, object.bytes, object.len))
			return err_set(err, ERR_CORRUPT, "is no tag");
	}
	return *type == OBJECT_TAG
		? err_set(err, ERR_CORRUPT, "a chain of tags without an end")
		: 0;
}

static void add_tip(struct history *history, const char *ref, uint32_t commit)
{
	ARRAY_GROW(history->tips, history->tip_count, history->tip_capacity);
	history->tips[history->tip_count++] =
		(struct history_tip){ .ref = ref, .commit = commit };
}

/** A tree or blob as tip, kept aside until all commits are numbered. */
struct bare_tip {
	const char *ref;
	struct oid oid;
	int type;
};

static int load_tips(struct loader *loader, const struct repo_ref *refs,
	size_t ref_count, struct bare_tip *bare, size_t *bare_count,
	struct err *err)
{
	for (size_t i = 0; i < ref_count; i++) {
		struct oid oid = refs[i].oid;
		int type;
		int rc = peel(loader, &oid, &type, err);
		if (rc < 0) {
			if (!skip_object(loader, &oid, rc, refs[i].name, err))
				return rc;
		} else if (type == OBJECT_COMMIT) {
			add_tip(loader->history, refs[i].name,
				add_commit(loader, &oid));
		} else {
			bare[(*bare_count)++] = (struct bare_tip){
				.ref = refs[i].name, .oid = oid, .type = type
			};
		}
	}
	return 0;
}

static int compare_tips(const void *a, const void *b)
{
	const struct history_tip *left = a;
	const struct history_tip *right = b;
	return strcmp(left->ref, right->ref);
}

static int load_all(struct loader *loader, const struct repo_ref *refs,
	size_t ref_count, struct repo *repo, struct err *err)
{
	struct history *history = loader->history;
	const struct oid *cut = NULL;
	size_t cut_count = 0;
	int rc = repo_shallow(&cut, &cut_count, repo, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < cut_count; i++)
		oid_map_add(&loader->cut, &cut[i], NULL);
	CLEANUP(freep)
	struct bare_tip *bare = xcalloc(ref_count, sizeof(*bare));
	size_t bare_count = 0;
	rc = load_tips(loader, refs, ref_count, bare, &bare_count, err);
	for (uint32_t i = 0; rc == 0 && i < history->count; i++)
		rc = load_commit(loader, i, err);
	for (size_t i = 0; rc == 0 && i < bare_count; i++)
		add_tip(history, bare[i].ref,
			add_bare_tip(history, &bare[i].oid, bare[i].type));
	if (history->tip_count)
		qsort(history->tips, history->tip_count, sizeof(*history->tips),
			compare_tips);
	return rc;
}

int history_load(struct history *out, const struct repo_ref *tips, size_t count,
	struct repo *repo, struct objects_reader *reader,
	struct scan_result *result, struct err *err)
{
	*out = (struct history){ 0 };
	struct loader loader = {
		.history = out,
		.reader = reader,
		.result = result,
	};
	int rc = load_all(&loader, tips, count, repo, err);
	if (rc == 0)
		commit_order_apply(out);
	oid_map_clear(&loader.ids);
	oid_map_clear(&loader.cut);
	return rc;
}

void history_clear(struct history *history)
{
	free(history->commits);
	free(history->parents);
	free(history->tips);
	*history = (struct history){ 0 };
}

void history_reach(uint64_t *masks, const struct history *history)
{
	for (uint32_t c = history->count; c-- > 0;) {
		const struct history_commit *commit = &history->commits[c];
		for (uint32_t p = 0; masks[c] && p < commit->parent_count; p++)
			masks[history->parents[commit->first_parent + p]] |=
				masks[c];
	}
}
