#include "scanner/scan_history.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/follow.h"
#include "scanner/removing_merge.h"
#include "scanner/scan_tips.h"
#include "scanner/source_messages.h"

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

static int load(struct scan_history *out, struct scan_tips *tips,
	const struct scan_history_input *input, struct objects_reader *reader,
	struct scan_result *result, struct err *err)
{
	int rc = scan_tips_make(tips, input->opts, input->repo, err);
	tips->range.survey = out->survey;
	if (rc == 0)
		rc = history_load(&out->history, &tips->range, input->repo,
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

/** What stands in the trees of the commits. */
static int read_trees(struct scan_history *history,
	const struct scan_history_input *input, struct entries *entries,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	if (history->survey) {
		int rc = reach_run(&history->reach, history->survey,
			&history->history, entries, changes, result, err);
		if (rc != 1)
			return rc;
		give_up(history, entries, changes);
	}
	int rc = history_walk(changes, &history->history, input->objects,
		input->opts->jobs, input->progress, result, err);
	if (rc == 0)
		entries_add_changes(entries, changes);
	return rc;
}

int scan_history_survey(struct scan_history *out,
	const struct scan_history_input *input, struct err *err)
{
	*out = (struct scan_history){ 0 };
	const struct scan_opts *opts = input->opts;
	if (!(opts->sources & PLACE_HISTORY) || !is_whole(opts))
		return 0;
	int rc = survey_new(
		&out->survey, input->objects, opts->jobs, input->progress, err);
	return rc < 0 ? rc : 0;
}

int scan_history_read(struct scan_history *out,
	const struct scan_history_input *input, struct entries *entries,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	const struct scan_opts *opts = input->opts;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, input->objects, err);
	CLEANUP(scan_tips_clear) struct scan_tips tips = { 0 };
	if (rc == 0)
		rc = load(out, &tips, input, reader, result, err);
	if (rc == 0 && opts->sources & PLACE_HISTORY)
		rc = read_trees(out, input, entries, changes, result, err);
	if (rc < 0 || !(opts->sources & PLACE_MESSAGE))
		return rc;
	entries_add_commits(entries, &out->history, changes);
	return entries_add_tags(entries, &tips.range, reader, changes, err);
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

/** Changes that were known before go behind those of trees, as after a walk. */
static void append(struct changes *changes, const struct changes *others)
{
	for (size_t i = 0; i < others->count; i++) {
		ARRAY_GROW(changes->items, changes->count, changes->capacity);
		changes->items[changes->count++] = others->items[i];
	}
	free(others->items);
}

/** The traces of each path: those in `order` from first[path] on. */
struct by_path {
	const struct trace *traces;
	uint32_t *first, *order;
};

static void by_path_clear(struct by_path *by_path)
{
	free(by_path->first);
	free(by_path->order);
}

static void by_path_init(struct by_path *by_path, const struct trace *traces,
	size_t count, uint32_t paths)
{
	*by_path = (struct by_path){
		.traces = traces,
		.first = xcalloc((size_t)paths + 2, sizeof(uint32_t)),
		.order = xcalloc(count, sizeof(uint32_t)),
	};
	uint32_t *next = by_path->first + 1; /* each ends as the next's first */
	for (size_t i = 0; i < count; i++)
		next[traces[i].path + 1]++;
	for (uint32_t path = 0; path < paths; path++)
		next[path + 1] += next[path];
	for (size_t i = 0; i < count; i++)
		by_path->order[next[traces[i].path]++] = (uint32_t)i;
}

/** Something stands at a path at a tip. */
static void mark_at_tip(uint32_t path, uint32_t blob, void *ctx)
{
	const struct by_path *by_path = ctx;
	for (uint32_t i = by_path->first[path]; i < by_path->first[path + 1];
		i++) {
		const struct trace *trace = &by_path->traces[by_path->order[i]];
		const struct borne_blobs borne = {
			.blobs = trace->blobs,
			.blob_count = trace->blob_count,
		};
		if (borne_blobs_has(&borne, blob))
			trace->finding->at_tip = true;
	}
}

int scan_history_trace(struct scan_history *history,
	const struct scan_history_input *input, const struct trace *traces,
	size_t count, struct changes *changes, bool *tips_marked,
	struct err *err)
{
	*tips_marked = false;
	if (!history->survey)
		return 0;
	CLEANUP(freep)
	bool *wanted = xcalloc(changes->paths.count, sizeof(*wanted));
	for (size_t i = 0; i < count; i++)
		wanted[traces[i].path] = true;
	CLEANUP(by_path_clear) struct by_path by_path;
	by_path_init(&by_path, traces, count, changes->paths.count);
	const struct follow_input follow = {
		.history = &history->history,
		.survey = history->survey,
		.reach = &history->reach,
		.objects = input->objects,
		.paths = wanted,
		.at_tip = mark_at_tip,
		.ctx = &by_path,
	};
	const struct changes others = *changes; /* of messages */
	changes->items = NULL;
	changes->count = changes->capacity = 0;
	int rc = follow_paths(changes, tips_marked, &follow, err);
	if (rc == 1) {
		changes->count = 0;
		rc = walk_again(history, input, wanted, changes, err);
	}
	append(changes, &others);
	return rc;
}
