/*
 * A repository as libgit2 opens it: where it lies, its refs, its ignore rules,
 * its index. Objects are not read through it: see scanner/objects. A plain
 * repository (plain_repo.h) is found without libgit2, which is then started
 * when something first asks for what only it can tell.
 *
 * The only libgit2 user in scanner/ besides objects/git2_packs.c and config.c.
 * For one thread at a time.
 */
#ifndef SCANNER_REPO_H
#define SCANNER_REPO_H

#include "base/err.h"
#include "scanner/config.h"
#include "scanner/finding.h"
#include "scanner/index_file.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct repo;

/** How to find it. All NULL: from the current folder upwards, as git does. */
struct repo_opts {
	const char *git_dir; /* --git-dir or GIT_DIR */
	const char *start;   /* folder to search from instead of "." */
};

/**
 * Opens. Every refusal says what to do: ERR_NOT_FOUND for no repository,
 * ERR_UNSUPPORTED for a format that cannot be read (SHA-256, reftable …),
 * ERR_GIT otherwise (owned by somebody else, damaged configuration).
 * Caller frees.
 */
int repo_open(struct repo **out, const struct repo_opts *opts,
	struct err *err) MUST_CHECK;
void repo_free(struct repo *repo);
DEFINE_CLEANUP(repo_freep, struct repo, repo_free)

/** The worktree's path, or NULL for a bare one; the .git folder's path. */
const char *repo_worktree(const struct repo *repo);
const char *repo_git_dir(const struct repo *repo);

/** The .git folder that linked worktrees share, with a trailing slash. */
const char *repo_common_dir(const struct repo *repo);

/** Object folders, its own first, then alternates; NULL-ended, borrowed. */
const char *const *repo_object_dirs(const struct repo *repo);

/** The name by which a user knows it: worktree or .git folder. */
const char *repo_name(const struct repo *repo);

/** A ref and the object it names, not peeled. */
struct repo_ref {
	const char *name; /* "refs/heads/main"; "HEAD" when detached */
	struct oid oid;
};

/** All refs sorted by name, with every HEAD that is detached, as ref_list.h
 * names them. Borrowed from the repo. */
int repo_refs(const struct repo_ref **out, size_t *count, struct repo *repo,
	struct err *err) MUST_CHECK;

/** One text over all refs, hashed, so that two reports can be told to be of
 * the same state of a repository. */
int repo_digest_refs(
	char out[65], struct repo *repo, struct err *err) MUST_CHECK;

/** Records each ref that holds neither an object id nor another ref's name:
 * git and libgit2 pass over those. */
int repo_note_broken_refs(struct scan_result *result, struct repo *repo,
	struct err *err) MUST_CHECK;

/** The commit that HEAD names; false for an unborn branch. */
bool repo_head(struct oid *out, const struct repo *repo);

/** True when the commit that HEAD names has this blob at the path. */
bool repo_head_has(
	const struct repo *repo, const char *path, const struct oid *blob);

/** The object that a short or full ref name stands for, in the order of
 * gitrevisions(7); false when there is no such ref. Reads no object. */
bool repo_find_ref(struct oid *out, struct repo *repo, const char *name);

/** The one object whose id begins with these hex digits. ERR_NOT_FOUND when
 * there is none or more than one. Reads no object. */
int repo_find_prefix(struct oid *out, const struct repo *repo, const char *hex,
	struct err *err) MUST_CHECK;

/** Commits whose parents are cut off (git's `shallow` file); borrowed. */
int repo_shallow(const struct oid **out, size_t *count, struct repo *repo,
	struct err *err) MUST_CHECK;

/** The index: GIT_INDEX_FILE, or that of the worktree; NULL in a bare
 * repository. Caller frees. */
char *repo_index_path(const struct repo *repo);

/** Pushes every entry of the index, all stages. A repository without an index
 * has none. ERR_UNSUPPORTED when neither index_file nor libgit2 reads it. */
int repo_each_index_entry(struct repo *repo, index_sink *sink, void *ctx,
	struct err *err) MUST_CHECK;

/** The same of the index at a path, which belongs to one of its worktrees. */
int repo_each_entry_of(struct repo *repo, const char *path, index_sink *sink,
	void *ctx, struct err *err) MUST_CHECK;

/** Whether git would ignore the path if it were untracked; UNKNOWN in a bare
 * repository, where a .gitignore on the way is no regular file, and below
 * hundreds of folders. */
int repo_is_ignored(struct repo *repo, const char *path);

/** The configuration of the repository, the user and the system; read once,
 * borrowed. */
int repo_config(const struct config **out, struct repo *repo,
	struct err *err) MUST_CHECK;

/** The same for hygiene.* alone: where no file says any, libgit2 need not be
 * started for that. */
int repo_settings(const struct config **out, struct repo *repo,
	struct err *err) MUST_CHECK;

/** The value of a key (lower case), or NULL. Borrowed from the repo. */
const char *repo_config_text(struct repo *repo, const char *key);

#endif
