/* Writing the files of a plan, and the proof of what was written. */
#include "remedy/ignore_plan.h"

#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"

#include <fcntl.h>
#include <unistd.h>

static int write_file(
	const struct ignore_plan *plan, struct plan_file *file, struct err *err)
{
	CLEANUP(fd_close) int dir = -1;
	int rc = folder_open_at(&dir, plan->worktree, file->dir, err);
	if (rc < 0)
		return err_prefix(err, "%s", file->name);
	if (!file->is_removed)
		return file_replace(dir, ".gitignore", file->bytes.bytes,
			file->bytes.len, file->exists ? &file->st : NULL,
			file->name, err);
	struct stat now;
	if (fstatat(dir, ".gitignore", &now, AT_SYMLINK_NOFOLLOW) < 0 ||
		!stat_is_same(&now, &file->st))
		return err_set(err, ERR_IO,
			"%s: somebody else has changed it meanwhile; it stays",
			file->name);
	if (unlinkat(dir, ".gitignore", 0) < 0)
		return err_errno(err, "%s", file->name);
	return 0;
}

/* The same decisions again, with what is on disk now. */
static int prove_again(const struct ignore_plan *plan, struct err *err)
{
	struct ignore_plan_opts opts = plan->opts;
	opts.log = NULL;
	struct ignore_plan now;
	int rc = ignore_plan_check(&now, &opts, err);
	if (rc < 0)
		return rc;
	bool same = true;
	for (size_t i = 0; i < opts.target_count; i++)
		same = same && now.states[i].before == plan->states[i].after;
	for (size_t i = 0; i < opts.other_count; i++)
		same = same &&
			(!now.others_before[i] || plan->others_before[i]);
	ignore_plan_clear(&now);
	if (same)
		return 0;
	return err_set(err, ERR_IO,
		"git does not decide as planned: somebody changes ignore "
		"files at the same time; run this again");
}

/* What stands against writing is found before anything is written. */
static int check(const struct ignore_plan *plan, struct err *err)
{
	if (plan->worktree < 0)
		return err_set(
			err, ERR_UNSUPPORTED, "there is no worktree to write");
	if (plan->newly_count)
		return err_set(err, ERR_UNSUPPORTED,
			"%s would become ignored; nothing was written",
			plan->newly[0]);
	for (size_t i = 0; i < plan->file_count; i++)
		if (plan->files[i]->is_changed && plan->files[i]->is_stored)
			return err_set(err, ERR_UNSUPPORTED,
				"%s is outside of the sparse checkout; run: "
				"git sparse-checkout disable",
				plan->files[i]->name);
	return 0;
}

int ignore_plan_write(struct ignore_plan *plan, struct err *err)
{
	int rc = check(plan, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < plan->file_count; i++) {
		if (!plan->files[i]->is_changed)
			continue;
		rc = write_file(plan, plan->files[i], err);
		if (rc < 0)
			return rc;
	}
	return prove_again(plan, err);
}
