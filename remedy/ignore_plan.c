#include "remedy/ignore_plan.h"

#include "base/array.h"
#include "base/file.h"
#include "base/folder.h"
#include "remedy/ignore_entries.h"
#include "remedy/ignore_rules.h"
#include "remedy/tracked_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_ROUNDS 64 /* each takes targets one .gitignore deeper, at least */

static void plan_file_free(struct plan_file *file)
{
	if (!file)
		return;
	ignore_file_clear(&file->old);
	cover_clear(&file->cover);
	buf_clear(&file->bytes);
	free(file->cover_targets);
	free(file->drop);
	free(file->redundant);
	free(file);
}
DEFINE_CLEANUP(plan_file_freep, struct plan_file, plan_file_free)

void ignore_plan_clear(struct ignore_plan *plan)
{
	for (size_t i = 0; i < plan->file_count; i++)
		plan_file_free(plan->files[i]);
	free(plan->files);
	free(plan->states);
	free(plan->others_before);
	free(plan->newly);
	ignore_rules_free(plan->rules);
	if (plan->worktree >= 0)
		close(plan->worktree);
	arena_clear(&plan->arena);
	*plan = (struct ignore_plan){ .worktree = -1 };
}

/* Files. */

static int open_folder(int *out, const struct ignore_plan *plan,
	const struct plan_file *file, struct err *err)
{
	int rc = folder_open_at(out, plan->worktree, file->dir, err);
	return rc < 0 ? err_prefix(err, "%s", file->name) : 0;
}

static int read_stored(
	struct buf *out, const struct ignore_plan *plan, struct plan_file *file)
{
	const struct stored_ignore *stored =
		tracked_files_ignore(plan->opts.tracked, file->dir);
	file->is_stored = stored != NULL;
	return stored ? buf_add(out, stored->bytes, stored->len) : 0;
}

static int read_file(
	const struct ignore_plan *plan, struct plan_file *file, struct err *err)
{
	CLEANUP(fd_close) int dir = -1;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, IGNORE_FILE_MAX);
	int rc = plan->worktree < 0 ? ERR_NOT_FOUND
				    : open_folder(&dir, plan, file, err);
	if (dir >= 0)
		rc = file_read_at(&bytes, &file->st, dir, ".gitignore", err);
	file->exists = rc == 0;
	if (rc == ERR_NOT_FOUND)
		rc = read_stored(&bytes, plan, file);
	if (rc < 0)
		return *file->dir ? err_prefix(err, "in %s", file->dir) : rc;
	return ignore_file_parse(&file->old, &bytes, file->name, err);
}

/* The first file, in their order, that is not before the name. */
static size_t place_of(const struct ignore_plan *plan, const char *name)
{
	size_t low = 0;
	size_t high = plan->file_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(plan->files[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The .gitignore of the folder, added if need be; valid until the next call. */
static int add_file(struct plan_file **out, struct ignore_plan *plan,
	const char *dir, struct err *err)
{
	const char *name = arena_printf(
		&plan->arena, "%s%s.gitignore", dir, *dir ? "/" : "");
	size_t place = place_of(plan, name);
	if (place == plan->file_count ||
		strcmp(plan->files[place]->name, name) != 0) {
		CLEANUP(plan_file_freep)
		struct plan_file *file = xcalloc(1, sizeof(*file));
		file->dir = arena_strdup(&plan->arena, dir);
		file->name = name;
		int rc = read_file(plan, file, err);
		if (rc < 0)
			return rc;
		ARRAY_GROW(plan->files, plan->file_count, plan->file_capacity);
		memmove(plan->files + place + 1, plan->files + place,
			(plan->file_count++ - place) * sizeof(*plan->files));
		plan->files[place] = STEAL(file);
	}
	*out = plan->files[place];
	return 0;
}

int plan_file_render(
	struct ignore_plan *plan, struct plan_file *file, struct err *err)
{
	const struct cover *cover = &file->cover;
	CLEANUP(freep)
	const char **entries = xcalloc(cover->count, sizeof(*entries));
	for (size_t i = 0; i < cover->count; i++)
		entries[i] = cover->entries[i].text;
	const struct ignore_file *old = &file->old;
	buf_reset(&file->bytes);
	ignore_file_render(
		&file->bytes, old, entries, cover->count, file->drop);
	file->is_removed = !cover->count && ignore_file_is_ours(old);
	file->is_changed = file->bytes.len != old->bytes.len ||
		(old->bytes.len &&
			memcmp(file->bytes.bytes, old->bytes.bytes,
				old->bytes.len) != 0);
	return ignore_rules_set(plan->rules, file->dir,
		file->bytes.bytes ? file->bytes.bytes : "", file->bytes.len,
		err);
}

/* Which .gitignore covers a target. */

static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return xmemdupz(path, slash ? (size_t)(slash - path) : 0);
}

static bool has_gitignore(const struct ignore_plan *plan, const char *dir)
{
	struct err ignored;
	struct stat st;
	CLEANUP(fd_close) int fd = -1;
	if (plan->worktree < 0)
		return tracked_files_ignore(plan->opts.tracked, dir) != NULL;
	return folder_open_at(&fd, plan->worktree, dir, &ignored) == 0 &&
		fstatat(fd, ".gitignore", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISREG(st.st_mode);
}

/* The nearest folder with a .gitignore above what the pattern names; caller
 * frees. */
static char *nearest_dir(
	const struct ignore_plan *plan, const struct ignore_target *target)
{
	size_t len = strlen(target->pattern);
	CLEANUP(freep) char *dir = parent_of(target->path);
	if (len && target->pattern[len - 1] == '/') {
		char *above = parent_of(dir);
		free(dir);
		dir = above;
	}
	while (*dir && !has_gitignore(plan, dir)) {
		char *above = parent_of(dir);
		free(dir);
		dir = above;
	}
	return STEAL(dir);
}

static int assign_dirs(struct ignore_plan *plan, struct err *err)
{
	struct plan_file *file;
	int rc = add_file(&file, plan, "", err);
	for (size_t i = 0; i < plan->opts.target_count && rc == 0; i++) {
		plan->states[i].dir = "";
		if (!plan->opts.nested || plan->states[i].before)
			continue;
		CLEANUP(freep)
		char *dir = nearest_dir(plan, &plan->opts.targets[i]);
		rc = add_file(&file, plan, dir, err);
		if (rc == 0)
			plan->states[i].dir = file->dir;
	}
	return rc;
}

/* Decisions. */

static int decide_target(struct ignore_plan *plan, size_t i,
	struct ignore_decision *decision, struct err *err)
{
	return ignore_rules_decide(
		decision, plan->rules, plan->opts.targets[i].path, err);
}

/* Decides about all targets as the files are now, and keeps what un-ignores
 * those that are not. */
static int decide_targets(
	struct ignore_plan *plan, size_t *count, struct err *err)
{
	*count = 0;
	for (size_t i = 0; i < plan->opts.target_count; i++) {
		struct ignore_decision decision;
		int rc = decide_target(plan, i, &decision, err);
		bool ignored = rc == 0 && decision.ignored;
		if (rc == 0 && !ignored)
			rc = ignore_rules_negation(&decision, plan->rules,
				plan->opts.targets[i].path, err);
		if (rc < 0)
			return rc;
		struct target_state *state = &plan->states[i];
		state->after = ignored;
		state->file = arena_strdup(&plan->arena, decision.file);
		state->pattern = arena_strdup(&plan->arena, decision.pattern);
		state->line = decision.line;
		*count += ignored;
	}
	return 0;
}

static int decide_before(struct ignore_plan *plan, struct err *err)
{
	int rc = decide_targets(plan, &plan->before_count, err);
	for (size_t i = 0; i < plan->opts.target_count && rc == 0; i++)
		plan->states[i].before = plan->states[i].after;
	for (size_t i = 0; i < plan->opts.other_count && rc == 0; i++) {
		struct ignore_decision decision;
		rc = ignore_rules_decide(
			&decision, plan->rules, plan->opts.others[i], err);
		plan->others_before[i] = rc == 0 && decision.ignored;
	}
	return rc;
}

int ignore_plan_prove(struct ignore_plan *plan, struct err *err)
{
	plan->newly_count = 0;
	int rc = decide_targets(plan, &plan->after_count, err);
	for (size_t i = 0; i < plan->opts.other_count && rc == 0; i++) {
		struct ignore_decision decision;
		const char *path = plan->opts.others[i];
		rc = ignore_rules_decide(&decision, plan->rules, path, err);
		if (rc == 0 && decision.ignored && !plan->others_before[i])
			plan->newly[plan->newly_count++] = path;
	}
	return rc;
}

/* Entries. */

/* The files as if our blocks were not there. */
static int leave_out_blocks(struct ignore_plan *plan, struct err *err)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		cover_clear(&plan->files[i]->cover);
		int rc = plan_file_render(plan, plan->files[i], err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Takes targets that a deeper .gitignore un-ignores to that file; 1 when there
 * are any. */
static int go_deeper(struct ignore_plan *plan, struct err *err)
{
	int moved = 0;
	for (size_t i = 0; i < plan->opts.target_count; i++) {
		struct target_state *state = &plan->states[i];
		struct ignore_decision decision;
		int rc = decide_target(plan, i, &decision, err);
		if (rc == 0 && decision.ignored)
			continue;
		if (rc == 0)
			rc = ignore_rules_negation(&decision, plan->rules,
				plan->opts.targets[i].path, err);
		if (rc < 0)
			return rc;
		if (!decision.dir || strlen(decision.dir) <= strlen(state->dir))
			continue;
		struct plan_file *file;
		rc = add_file(&file, plan, decision.dir, err);
		if (rc < 0)
			return rc;
		state->dir = file->dir;
		state->missed = false;
		moved = 1;
	}
	return moved;
}

static int one_round(struct ignore_plan *plan, struct err *err)
{
	CLEANUP(targets_by_dir_clear) struct targets_by_dir by_dir;
	targets_by_dir_sort(&by_dir, plan);
	int rc = leave_out_blocks(plan, err);
	for (size_t i = 0; i < plan->file_count && rc == 0; i++)
		rc = ignore_entries_find(plan, plan->files[i], &by_dir, err);
	for (size_t i = 0; i < plan->file_count && rc == 0; i++)
		rc = plan_file_render(plan, plan->files[i], err);
	return rc < 0 ? rc : go_deeper(plan, err);
}

static int start(struct ignore_plan *plan, const struct ignore_plan_opts *opts,
	struct err *err)
{
	*plan = (struct ignore_plan){ .opts = *opts, .worktree = -1 };
	if (opts->worktree)
		plan->worktree = open(
			opts->worktree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (opts->worktree && plan->worktree < 0)
		return err_errno(err, "%s", opts->worktree);
	plan->states = xcalloc(opts->target_count, sizeof(*plan->states));
	plan->others_before =
		xcalloc(opts->other_count, sizeof(*plan->others_before));
	plan->newly = xcalloc(opts->other_count, sizeof(*plan->newly));
	const struct ignore_rules_opts rules_opts = {
		.worktree = plan->worktree,
		.tracked = opts->tracked,
		.info_exclude = opts->info_exclude,
		.excludes_file = opts->excludes_file,
		.ignore_case = opts->ignore_case,
		.log = opts->log,
	};
	int rc = ignore_rules_new(&plan->rules, &rules_opts, err);
	return rc < 0 ? rc : decide_before(plan, err);
}

int ignore_plan_check(struct ignore_plan *out,
	const struct ignore_plan_opts *opts, struct err *err)
{
	int rc = start(out, opts, err);
	if (rc < 0)
		ignore_plan_clear(out);
	return rc;
}

/* A block can stand in any .gitignore on the way to a target. */
static int add_files_above(
	struct ignore_plan *plan, const char *path, struct err *err)
{
	int rc = 0;
	struct plan_file *file;
	CLEANUP(freep) char *dir = parent_of(path);
	while (*dir && rc == 0) {
		if (has_gitignore(plan, dir))
			rc = add_file(&file, plan, dir, err);
		char *above = parent_of(dir);
		free(dir);
		dir = above;
	}
	return rc;
}

static int undo(struct ignore_plan *plan, struct err *err)
{
	int rc = 0;
	for (size_t i = 0; i < plan->opts.target_count && rc == 0; i++)
		rc = add_files_above(plan, plan->opts.targets[i].path, err);
	return rc < 0 ? rc : leave_out_blocks(plan, err);
}

static int make(struct ignore_plan *plan, struct err *err)
{
	int rc = assign_dirs(plan, err);
	if (rc == 0 && plan->opts.undo)
		return undo(plan, err);
	rc = rc == 0 ? 1 : rc;
	for (int i = 0; i < MAX_ROUNDS && rc > 0; i++)
		rc = one_round(plan, err);
	return rc < 0 ? rc : 0;
}

int ignore_plan_make(struct ignore_plan *out,
	const struct ignore_plan_opts *opts, struct err *err)
{
	int rc = start(out, opts, err);
	if (rc == 0)
		rc = make(out, err);
	if (rc == 0)
		rc = ignore_plan_prove(out, err);
	if (rc < 0)
		ignore_plan_clear(out);
	return rc;
}
