#include "scanner/scan_sources.h"

#include "scanner/borrowed.h"
#include "scanner/source_git_dir.h"
#include "scanner/source_indexes.h"
#include "scanner/source_staged.h"
#include "scanner/source_worktree.h"

#include <string.h>

/** Who asks for all of history wants to see most blobs. */
static int begin_head_start(const struct scan_sources *sources, struct err *err)
{
	const struct head_start_input input = {
		.opts = sources->opts,
		.rules = sources->rules,
		.objects = sources->objects,
		.survey = sources->history->survey,
	};
	return input.survey && input.opts->sources & PLACE_HISTORY
		? head_start_begin(sources->head_start, &input, err)
		: 0;
}

static int read_history(const struct scan_sources *sources, struct err *err)
{
	const struct scan_opts *opts = sources->opts;
	if (!scan_wanted_places(opts))
		return 0;
	int rc = 0;
	if (scan_starts_at_refs(opts))
		rc = repo_note_broken_refs(sources->result, sources->repo, err);
	if (rc == 0 && opts->sources & PLACE_UNREACHABLE)
		rc = indexes_number_blobs(sources->changes, sources->repo, err);
	if (rc < 0)
		return rc;
	const struct scan_history_input input = {
		.opts = opts,
		.repo = sources->repo,
		.objects = sources->objects,
		.tips = sources->tips,
		.progress = sources->progress,
	};
	rc = scan_history_survey(sources->history, &input, err);
	if (rc == 0)
		rc = begin_head_start(sources, err);
	if (rc == 0)
		rc = scan_history_read(sources->history, &input,
			sources->entries, sources->changes, sources->result,
			err);
	return rc;
}

/** The names of refs, each with the object that it names. */
static int read_ref_names(const struct scan_sources *sources, struct err *err)
{
	const struct repo_ref *refs;
	size_t count;
	struct changes *changes = sources->changes;
	if (!(sources->opts->sources & PLACE_HISTORY) ||
		!scan_starts_at_refs(sources->opts))
		return 0;
	int rc = repo_refs(&refs, &count, sources->repo, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		entries_add(sources->entries,
			path_table_add(&changes->paths, refs[i].name,
				strlen(refs[i].name)),
			oid_map_add(&changes->blobs, &refs[i].oid, NULL),
			PLACE_REF_NAME);
	return rc;
}

static int read_indexes(const struct scan_sources *sources, struct err *err)
{
	unsigned asked = sources->opts->sources;
	int rc = 0;
	if (asked & PLACE_INDEX)
		rc = entries_add_index(sources->entries, sources->repo,
			sources->changes, sources->result, err);
	if (rc == 0 && asked & PLACE_OTHER_INDEX)
		rc = entries_add_other_indexes(sources->entries, sources->repo,
			sources->changes, sources->result, err);
	if (rc == 0 && asked & PLACE_STAGED)
		rc = entries_add_staged(sources->entries, sources->repo,
			sources->objects, sources->changes, sources->result,
			err);
	return rc;
}

static int read_worktree(const struct scan_sources *sources, struct err *err)
{
	const struct worktree_opts opts = {
		.ignored_too = sources->opts->ignored_too,
		.max_size = sources->opts->max_blob_size,
		.pathspec = sources->opts->pathspec,
	};
	return entries_add_worktree(sources->entries, sources->outside,
		sources->repo, &opts, sources->changes, sources->result, err);
}

static int read_git_dir(const struct scan_sources *sources, struct err *err)
{
	const struct git_dir_opts opts = {
		.max_size = sources->opts->max_blob_size,
		.pathspec = sources->opts->pathspec,
	};
	return entries_add_git_dir(sources->entries, sources->outside,
		sources->repo, &opts, sources->changes, sources->result, err);
}

static void read_message(const struct scan_sources *sources)
{
	const struct scan_opts *opts = sources->opts;
	if (!opts->message)
		return;
	static const char path[] = COMMIT_MESSAGE_PATH;
	struct changes *changes = sources->changes;
	const struct oid *oid = outside_add_bytes(sources->outside,
		(const unsigned char *)opts->message, opts->message_len);
	entries_add(sources->entries,
		path_table_add(&changes->paths, path, strlen(path)),
		oid_map_add(&changes->blobs, oid, NULL), PLACE_MESSAGE);
	sources->result->sources |= PLACE_MESSAGE;
}

int scan_sources_read(const struct scan_sources *sources, struct err *err)
{
	const struct scan_opts *opts = sources->opts;
	int rc = read_history(sources, err); /* it numbers the changes */
	if (rc == 0)
		rc = read_ref_names(sources, err);
	if (rc == 0)
		rc = read_indexes(sources, err);
	if (rc == 0 && opts->sources & PLACE_WORKTREE)
		rc = read_worktree(sources, err);
	if (rc == 0 && opts->sources & PLACE_GIT_DIR)
		rc = read_git_dir(sources, err);
	if (rc < 0)
		return rc;
	read_message(sources);
	entries_sort(sources->entries);
	entries_settle(sources->entries, scan_wanted_places(opts));
	return opts->sources & PLACE_UNREACHABLE
		? entries_mark_borrowed(sources->entries,
			  &sources->changes->blobs,
			  repo_object_dirs(sources->repo), opts->jobs, err)
		: 0;
}
