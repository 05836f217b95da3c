#include "scanner/session_status.h"

#include <string.h>

#define PERMISSIONS 07777U

const char *session_problem_name(unsigned bit)
{
	switch (bit) {
	case PROBLEM_OVER_THRESHOLD:
		return "over-threshold";
	case PROBLEM_DIR_MODE:
		return "directory-mode";
	case PROBLEM_FILE_MODE:
		return "file-mode";
	case PROBLEM_TRACKED:
		return "tracked";
	case PROBLEM_NOT_IGNORED:
		return "not-ignored";
	default:
		return "expired";
	}
}

const char *session_change_name(int kind)
{
	static const char *const names[] = {
		[CHANGE_DIR_MADE] = "directory-made",
		[CHANGE_DIR_REMOVED] = "directory-removed",
		[CHANGE_DIR_MODE] = "directory-mode",
		[CHANGE_OVER_THRESHOLD] = "over-threshold",
		[CHANGE_WITHIN_THRESHOLD] = "within-threshold",
		[CHANGE_TRACKED] = "tracked",
		[CHANGE_UNTRACKED] = "untracked",
		[CHANGE_UNIGNORED] = "unignored",
		[CHANGE_IGNORED] = "ignored",
		[CHANGE_FILE_ADDED] = "file-added",
		[CHANGE_FILE_REMOVED] = "file-removed",
		[CHANGE_FILE_EXPIRED] = "file-expired",
		[CHANGE_FILE_RENEWED] = "file-renewed",
		[CHANGE_FILE_MODE] = "file-mode",
	};
	return names[kind];
}

void session_status_clear(struct session_status *status)
{
	session_dir_clear(&status->dir);
	*status = (struct session_status){ 0 };
}

static unsigned find_problems(const struct session_status *status)
{
	const struct session_limits *limits = status->limits;
	const struct session_dir *dir = &status->dir;
	unsigned problems = 0;
	if (limits->threshold && dir->sessions > limits->threshold)
		problems |= PROBLEM_OVER_THRESHOLD;
	if (dir->exists && session_dir_is_wide(dir))
		problems |= PROBLEM_DIR_MODE;
	if (dir->wide_files)
		problems |= PROBLEM_FILE_MODE;
	if (status->git.tracked)
		problems |= PROBLEM_TRACKED;
	if (status->git.ignored == NO)
		problems |= PROBLEM_NOT_IGNORED;
	if (limits->no_expired && dir->expired)
		problems |= PROBLEM_EXPIRED;
	return problems;
}

int session_status_read(struct session_status *out,
	const struct session_place *place, const struct session_look *look,
	const struct session_status *before, struct err *err)
{
	session_status_clear(out);
	out->place = place;
	out->limits = look->limits;
	out->now = look->now;
	int rc = session_dir_read(&out->dir, look->reader, place->path,
		place->inside, before ? &before->dir : NULL, look->now, err);
	if (rc < 0)
		return rc;
	if (before)
		out->git = before->git;
	rc = session_git_ask(
		&out->git, place, look->reader, &out->dir, look->ask_git, err);
	if (rc < 0)
		return rc;
	out->problems = find_problems(out);
	out->complete = !out->dir.truncated && !out->dir.unread &&
		(!place->worktree || out->git.ignored != UNKNOWN);
	return 0;
}

/** Where changes go, and what the sink said. */
struct comparison {
	session_change_sink *sink;
	void *ctx;
	struct err *err;
	int rc;
	const struct session_status *before, *after;
};

static void push(
	struct comparison *comparison, const struct session_change *change)
{
	if (comparison->rc == 0)
		comparison->rc = comparison->sink(
			change, comparison->ctx, comparison->err);
}

static void tell(struct comparison *comparison, int kind,
	const struct session_file *file)
{
	const struct session_change change = {
		.kind = kind,
		.before = comparison->before,
		.after = comparison->after,
		.file = file,
	};
	push(comparison, &change);
}

static void tell_mode(struct comparison *comparison, int kind,
	const struct session_file *file, unsigned old_mode, unsigned new_mode)
{
	const struct session_change change = {
		.kind = kind,
		.before = comparison->before,
		.after = comparison->after,
		.file = file,
		.old_mode = old_mode & PERMISSIONS,
		.new_mode = new_mode & PERMISSIONS,
	};
	if (change.old_mode != change.new_mode)
		push(comparison, &change);
}

static void compare_flag(struct comparison *comparison, bool before, bool after,
	int set, int cleared)
{
	if (before != after)
		tell(comparison, after ? set : cleared, NULL);
}

static void compare_dirs(struct comparison *comparison)
{
	const struct session_status *before = comparison->before;
	const struct session_status *after = comparison->after;
	compare_flag(comparison, before->dir.exists, after->dir.exists,
		CHANGE_DIR_MADE, CHANGE_DIR_REMOVED);
	if (before->dir.exists && after->dir.exists)
		tell_mode(comparison, CHANGE_DIR_MODE, NULL, before->dir.mode,
			after->dir.mode);
	compare_flag(comparison, before->problems & PROBLEM_OVER_THRESHOLD,
		after->problems & PROBLEM_OVER_THRESHOLD, CHANGE_OVER_THRESHOLD,
		CHANGE_WITHIN_THRESHOLD);
	compare_flag(comparison, before->git.tracked, after->git.tracked,
		CHANGE_TRACKED, CHANGE_UNTRACKED);
	compare_flag(comparison, before->git.ignored == NO,
		after->git.ignored == NO, CHANGE_UNIGNORED, CHANGE_IGNORED);
}

static void compare_file(struct comparison *comparison,
	const struct session_file *old, const struct session_file *new)
{
	const char *was = session_file_state(old, comparison->before->now);
	const char *is = session_file_state(new, comparison->after->now);
	bool expired = !strcmp(is, "expired");
	if (expired != !strcmp(was, "expired"))
		tell(comparison,
			expired ? CHANGE_FILE_EXPIRED : CHANGE_FILE_RENEWED,
			new);
	tell_mode(comparison, CHANGE_FILE_MODE, new, old->st.st_mode,
		new->st.st_mode);
}

/** A companion comes and goes with the sessions: that is no news. */
static void tell_session(struct comparison *comparison, int kind,
	const struct session_file *file)
{
	if (file->kind != SESSION_FILE_COMPANION)
		tell(comparison, kind, file);
}

/** The first kept file from *at on, or NULL at the end. */
static const struct session_file *next_kept(
	const struct session_dir *dir, size_t *at)
{
	while (*at < dir->count && !session_file_is_kept(&dir->files[*at]))
		(*at)++;
	return *at < dir->count ? &dir->files[*at] : NULL;
}

static void compare_files(struct comparison *comparison)
{
	const struct session_dir *before = &comparison->before->dir;
	const struct session_dir *after = &comparison->after->dir;
	size_t i = 0;
	size_t j = 0;
	for (;;) {
		const struct session_file *old = next_kept(before, &i);
		const struct session_file *new = next_kept(after, &j);
		if (!old && !new)
			return;
		int order = !old ? 1 : -1;
		if (old && new)
			order = strcmp(old->name, new->name);
		if (order < 0)
			tell_session(comparison, CHANGE_FILE_REMOVED, old);
		else if (order > 0)
			tell_session(comparison, CHANGE_FILE_ADDED, new);
		else
			compare_file(comparison, old, new);
		i += order <= 0;
		j += order >= 0;
	}
}

int session_status_compare(const struct session_status *before,
	const struct session_status *after, session_change_sink *sink,
	void *ctx, struct err *err)
{
	struct comparison comparison = {
		.sink = sink,
		.ctx = ctx,
		.err = err,
		.before = before,
		.after = after,
	};
	compare_dirs(&comparison);
	if (after->dir.exists)
		compare_files(&comparison);
	return comparison.rc;
}
