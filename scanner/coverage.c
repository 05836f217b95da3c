#include "scanner/coverage.h"

/** True when what was asked for may well be empty: what is staged, a range. */
static bool may_be_empty(const struct scan_opts *opts)
{
	return opts->range_tips || opts->range_cut_count || opts->commits ||
		opts->has_since || opts->message ||
		!(opts->sources & ~(unsigned)PLACE_STAGED);
}

/** Without one of these there is something to look at in any repository that
 * is in use. */
#define MAIN_SOURCES (PLACE_INDEX | PLACE_WORKTREE | PLACE_HISTORY)

/** True when it is said already that something could not be looked at. */
static bool is_incomplete(const struct scan_result *result)
{
	for (size_t i = 0; i < result->skipped_count; i++)
		if (skip_is_incomplete(result->skipped[i].reason))
			return true;
	return false;
}

void coverage_note_nothing(
	struct scan_result *result, const struct scan_opts *opts)
{
	bool narrowed = opts->pathspec || result->excluded;
	if (may_be_empty(opts) || result->paths || is_incomplete(result) ||
		(result->commits && !narrowed))
		return;
	const char *why = opts->sources & MAIN_SOURCES
		? "there is neither a commit nor a tracked file"
		: "the repository has none of what was asked for";
	if (opts->pathspec)
		why = "no path fits what was asked for";
	else if (result->excluded)
		why = "the repository's .hygiene.yml leaves out every path";
	scan_result_add_skipped(result, SKIP_NOTHING)->detail = why;
}
