#include "scanner/source_indexes.h"

#include "scanner/worktree_indexes.h"

struct context {
	struct entries *entries;
	struct repo *repo;
	struct changes *changes;
	struct scan_result *result;
};

static int add_other(
	const struct worktree_index *index, void *ctx, struct err *err)
{
	const struct context *context = ctx;
	return index->own
		? 0
		: entries_add_index_at(context->entries, context->repo,
			  index->path, PLACE_OTHER_INDEX, context->changes,
			  context->result, err);
}

int entries_add_other_indexes(struct entries *entries, struct repo *repo,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	struct context context = { entries, repo, changes, result };
	return worktree_indexes_each(repo, add_other, &context, err);
}

/** One that cannot be read is told where it is a source. */
static int number_blobs(
	const struct worktree_index *index, void *ctx, struct err *err)
{
	const struct context *context = ctx;
	CLEANUP(entries_clear) struct entries unused = { 0 };
	CLEANUP(scan_result_clear) struct scan_result untold = { 0 };
	return entries_add_index_at(&unused, context->repo, index->path,
		PLACE_INDEX, context->changes, &untold, err);
}

int indexes_number_blobs(
	struct changes *changes, struct repo *repo, struct err *err)
{
	struct context context = { .repo = repo, .changes = changes };
	return worktree_indexes_each(repo, number_blobs, &context, err);
}
