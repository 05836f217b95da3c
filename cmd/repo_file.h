/*
 * .hygiene.yml at the top of a worktree: what a repository says of itself. It
 * can add rules, and leave paths out of a scan; it cannot change or disable a
 * rule that is there. Servers do not read it.
 */
#ifndef CMD_REPO_FILE_H
#define CMD_REPO_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/path_glob.h"
#include "rules/rule_file.h"
#include "scanner/repo.h"

#define REPO_FILE ".hygiene.yml"

/** All zero: there is no such file. */
struct repo_file {
	struct arena arena;
	const struct rule_file *rules; /* or NULL */
	const char *const *globs;      /* as written, NULL-ended, or NULL */
	struct path_glob **exclude;
	size_t exclude_count;
};

/** Reads the file if the repository has a worktree and the worktree has it.
 * ERR_PARSE with "file:line:column: …" for its first mistake. */
int repo_file_load(
	struct repo_file *out, struct repo *repo, struct err *err) MUST_CHECK;

void repo_file_clear(struct repo_file *file);

#endif
