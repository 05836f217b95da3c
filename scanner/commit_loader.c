#include "scanner/commit_loader.h"

#include "base/array.h"
#include "scanner/commit_parse.h"
#include "scanner/survey.h"

#include <stdlib.h>

#define MAX_TAG_CHAIN 64
#define MAX_PARENTS   UINT16_MAX

#define AHEAD     4 /* commits between the steps in which one is loaded */
#define NO_COMMIT UINT32_MAX

int commit_loader_init(struct commit_loader *loader, struct history *history,
	struct repo *repo, struct objects_reader *reader,
	struct scan_result *result, struct err *err)
{
	*loader = (struct commit_loader){
		.history = history,
		.reader = reader,
		.result = result,
	};
	const struct oid *cut;
	size_t count;
	int rc = repo_shallow(&cut, &count, repo, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		oid_map_add(&loader->cut, &cut[i], NULL);
	return rc;
}

void commit_loader_clear(struct commit_loader *loader)
{
	oid_map_clear(&loader->ids);
	free(loader->objects);
	free(loader->commit_of);
	oid_map_clear(&loader->cut);
}

bool commit_loader_skip(struct commit_loader *loader, const struct oid *oid,
	int rc, const char *what, const struct err *err)
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

static void add_commit(struct history *history, const struct oid *oid)
{
	ARRAY_GROW(history->commits, history->count, history->capacity);
	history->commits[history->count++] = (struct history_commit){
		.oid = *oid,
		.tree_number = SURVEY_NONE,
	};
}

/** The same for an object of the survey. */
static uint32_t add_surveyed(struct commit_loader *loader, uint32_t object)
{
	while (loader->commit_of_count <= object) {
		ARRAY_GROW(loader->commit_of, loader->commit_of_count,
			loader->commit_of_capacity);
		loader->commit_of[loader->commit_of_count++] = NO_COMMIT;
	}
	uint32_t *number = &loader->commit_of[object];
	if (*number == NO_COMMIT) {
		*number = loader->history->count;
		add_commit(loader->history, survey_oid(loader->survey, object));
		ARRAY_GROW(loader->objects, loader->object_count,
			loader->object_capacity);
		loader->objects[loader->object_count++] = object;
	}
	return *number;
}

uint32_t commit_loader_add(struct commit_loader *loader, const struct oid *oid)
{
	if (loader->survey)
		return add_surveyed(loader, survey_number(loader->survey, oid));
	bool is_new;
	uint32_t number = oid_map_add(&loader->ids, oid, &is_new);
	if (is_new)
		add_commit(loader->history, oid);
	return number;
}

void commit_loader_load(const struct commit_loader *loader, uint32_t number)
{
	for (unsigned step = 0; step < 3; step++) {
		size_t ahead = number + (3 - step) * (size_t)AHEAD;
		if (ahead < loader->object_count)
			survey_commit_load(
				loader->survey, loader->objects[ahead], step);
	}
}

static void add_parent(struct history *history, uint32_t number)
{
	ARRAY_GROW(history->parents, history->parents_count,
		history->parents_capacity);
	history->parents[history->parents_count++] = number;
}

/** True when the commit's parents are cut off by a shallow clone. */
static bool is_cut(struct commit_loader *loader, uint32_t number)
{
	struct history_commit *commit = &loader->history->commits[number];
	if (oid_map_find(&loader->cut, &commit->oid) == OID_MAP_NONE)
		return false;
	commit->is_cut = true;
	if (!loader->cut_reported && !commit->left_out) {
		struct skipped *skipped =
			scan_result_add_skipped(loader->result, SKIP_SHALLOW);
		skipped->detail =
			"older commits are not here (git fetch --unshallow)";
		loader->cut_reported = true;
	}
	return true;
}

/** How many of its parents are followed. */
static uint16_t kept_parents(
	struct commit_loader *loader, uint32_t number, size_t count)
{
	struct history_commit *commit = &loader->history->commits[number];
	size_t more = commit_more_parents(count);
	if (more <= COMMITS_MAX_MORE_PARENTS - loader->more_parents) {
		loader->more_parents += more;
		return (uint16_t)count;
	}
	commit->is_cut = true;
	if (!loader->more_reported && !commit->left_out) {
		struct skipped *skipped =
			scan_result_add_skipped(loader->result, SKIP_LIMIT);
		oid_to_hex(skipped->object, &commit->oid);
		skipped->detail = "too many parents of commits: of this one "
				  "and later ones not all are followed";
		loader->more_reported = true;
	}
	return COMMIT_FEW_PARENTS;
}

/** Takes a commit that was read before; false when it was not. */
static bool take_surveyed(struct commit_loader *loader, uint32_t number)
{
	struct history *history = loader->history;
	struct survey_commit known;
	if (!loader->survey ||
		!survey_commit(&known, loader->survey, loader->objects[number]))
		return false;
	struct history_commit *commit = &history->commits[number];
	commit->tree = *survey_oid(loader->survey, known.tree);
	commit->tree_number = known.tree;
	commit->time = known.time;
	commit->first_parent = history->parents_count;
	if (is_cut(loader, number))
		return true;
	uint16_t kept = kept_parents(loader, number, known.parent_count);
	for (uint16_t i = 0; i < kept; i++)
		add_parent(history, add_surveyed(loader, known.parents[i]));
	history->commits[number].parent_count = kept;
	return true;
}

int commit_loader_read(
	struct commit_loader *loader, uint32_t number, struct err *err)
{
	if (take_surveyed(loader, number))
		return 0;
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
	bool left_out = history->commits[number].left_out;
	if (rc < 0 && left_out)
		return 0;
	if (rc < 0)
		return commit_loader_skip(loader, &oid, rc, "commit", err) ? 0
									   : rc;
	history->commits[number].tree = header.tree;
	history->commits[number].time = header.committer.time;
	history->commits[number].first_parent = history->parents_count;
	if (is_cut(loader, number))
		return 0;
	uint16_t kept = kept_parents(loader, number, header.parent_count);
	for (uint16_t i = 0; i < kept; i++) {
		struct oid parent;
		commit_parent(&parent, &header, i);
		add_parent(history, commit_loader_add(loader, &parent));
	}
	history->commits[number].parent_count = kept;
	return 0;
}

/** True for a commit that need not be read to know what it is: thousands of
 * entries of a reflog may name the same one. */
static bool is_known(const struct commit_loader *loader, const struct oid *oid)
{
	struct survey_commit ignored;
	if (!loader->survey)
		return oid_map_find(&loader->ids, oid) != OID_MAP_NONE;
	return survey_commit(
		&ignored, loader->survey, survey_number(loader->survey, oid));
}

int commit_loader_peel(struct commit_loader *loader, struct oid *oid, int *type,
	struct err *err)
{
	*type = OBJECT_COMMIT;
	if (is_known(loader, oid))
		return 0;
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
