#include "scanner/scan_history.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/follow.h"
#include "scanner/scan_tips.h"

#include <stdlib.h>

void scan_history_clear(struct scan_history *history)
{
	reach_clear(&history->reach);
	survey_free(history->survey);
	history_clear(&history->history);
	*history = (struct scan_history){ 0 };
}

/** A part of history is walked, because a survey reads all that the store
 * has; so is a store whose packs libgit2 reads, object by object. */
static bool is_whole(const struct scan_opts *opts)
{
	return !opts->range_tips && !opts->range_cut_count && !opts->commits &&
		!opts->has_since && !opts->libgit2_only;
}

static int load(struct scan_history *out,
	const struct scan_history_input *input, struct scan_result *result,
	struct err *err)
{
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, input->objects, err);
	if (rc < 0)
		return rc;
	CLEANUP(scan_tips_clear) struct scan_tips tips = { 0 };
	rc = scan_tips_make(&tips, input->opts, input->repo, err);
	tips.range.survey = out->survey;
	if (rc == 0)
		rc = history_load(&out->history, &tips.range, input->repo,
			reader, result, err);
	for (uint32_t i = 0; rc == 0 && i < out->history.count; i++) {
		const struct history_commit *commit = &out->history.commits[i];
		result->commits +=
			!commit->left_out && !oid_is_zero(&commit->oid);
	}
	return rc;
}

/** Lets go of a survey that was not enough. */
static void give_up(struct scan_history *history, struct entries *entries,
	struct changes *changes)
{
	reach_clear(&history->reach);
	survey_free(STEAL(history->survey));
	entries_clear(entries);
	changes_clear(changes);
}

int scan_history_read(struct scan_history *out,
	const struct scan_history_input *input, struct entries *entries,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	*out = (struct scan_history){ 0 };
	unsigned jobs = input->opts->jobs;
	int rc = 0;
	if (is_whole(input->opts))
		rc = survey_new(&out->survey, input->objects, jobs,
			input->progress, err);
	if (rc >= 0)
		rc = load(out, input, result, err);
	if (rc < 0)
		return rc;
	if (out->survey) {
		rc = reach_run(&out->reach, out->survey, &out->history, entries,
			changes, result, err);
		if (rc != 1)
			return rc;
		give_up(out, entries, changes);
	}
	rc = history_walk(changes, &out->history, input->objects, jobs,
		input->progress, result, err);
	if (rc == 0)
		entries_add_changes(entries, changes);
	return rc;
}

/** Walks all commits after all, and takes the changes of the paths. */
static int walk_again(const struct scan_history *history,
	const struct scan_history_input *input, const bool *wanted,
	struct changes *changes, struct err *err)
{
	CLEANUP(changes_clear) struct changes all = { 0 };
	CLEANUP(scan_result_clear) struct scan_result told = { 0 };
	int rc = history_walk(&all, &history->history, input->objects,
		input->opts->jobs, NULL, &told, err);
	for (size_t i = 0; rc == 0 && i < all.count; i++) {
		struct change change = all.items[i];
		const struct path_entry *path = &all.paths.entries[change.path];
		change.path =
			path_table_find(&changes->paths, path->text, path->len);
		if (change.path == PATH_NONE || !wanted[change.path])
			continue;
		if (change.blob != BLOB_NONE)
			change.blob = oid_map_add(&changes->blobs,
				&all.blobs.oids[change.blob], NULL);
		if (change.before != BLOB_NONE)
			change.before = oid_map_add(&changes->blobs,
				&all.blobs.oids[change.before], NULL);
		ARRAY_GROW(changes->items, changes->count, changes->capacity);
		changes->items[changes->count++] = change;
	}
	return rc;
}

int scan_history_trace(struct scan_history *history,
	const struct scan_history_input *input, const struct trace *traces,
	size_t count, struct changes *changes, struct err *err)
{
	if (!history->survey)
		return 0;
	CLEANUP(freep)
	bool *wanted = xcalloc(changes->paths.count, sizeof(*wanted));
	for (size_t i = 0; i < count; i++)
		wanted[traces[i].path] = true;
	const struct follow_input follow = {
		.history = &history->history,
		.survey = history->survey,
		.reach = &history->reach,
		.objects = input->objects,
		.paths = wanted,
	};
	int rc = follow_paths(changes, &follow, err);
	if (rc != 1)
		return rc;
	changes->count = 0;
	return walk_again(history, input, wanted, changes, err);
}
