/*
 * Whether git ignores a path, answered as git does: the .gitignore files from
 * the path's folder up to the top, the deepest first, then info/exclude, then
 * core.excludesFile; in each the last pattern that fits; and below a folder
 * that is ignored everything is, whatever deeper files say.
 *
 * libgit2 is not asked, because it follows a .gitignore that is a symlink and
 * waits for one that is a FIFO; and because content that is not yet on disk
 * must be judged too: that of a plan, or of a commit. Like git, a .gitignore
 * that is no regular file counts as absent. For one thread at a time.
 */
#ifndef REMEDY_IGNORE_RULES_H
#define REMEDY_IGNORE_RULES_H

#include "base/err.h"
#include "base/log.h"

#include <stdbool.h>
#include <stddef.h>

/** A .gitignore may have this many bytes. */
#define IGNORE_FILE_MAX ((size_t)4 << 20)

struct ignore_rules;
struct tracked_files;

struct ignore_rules_opts {
	int worktree; /* open folder, borrowed; -1: there is none */
	const struct tracked_files *tracked; /* .gitignore files that are not on
						disk; borrowed, or NULL */
	const char *info_exclude;            /* path, or NULL */
	const char *excludes_file;           /* path, or NULL */
	bool ignore_case;                    /* core.ignoreCase */
	const struct log *log; /* told of files that cannot be read */
};

/** Reads the two files that hold for all folders; the others are read when a
 * path needs them. Caller frees. */
int ignore_rules_new(struct ignore_rules **out,
	const struct ignore_rules_opts *opts, struct err *err) MUST_CHECK;
void ignore_rules_free(struct ignore_rules *rules);
DEFINE_CLEANUP(ignore_rules_freep, struct ignore_rules, ignore_rules_free)

/** From now on the .gitignore of the folder `dir` ("" is the top) has this
 * content, whatever is on disk. */
int ignore_rules_set(struct ignore_rules *rules, const char *dir,
	const char *bytes, size_t len, struct err *err) MUST_CHECK;

/** What decided about a path. The texts are borrowed until the next
 * ignore_rules_set(). */
struct ignore_decision {
	bool ignored;
	const char *dir;     /* folder of the .gitignore that decided; NULL for
				another file, or when no pattern fits */
	const char *file;    /* name for messages, or NULL when none fits */
	size_t line;         /* in that file */
	const char *pattern; /* NUL-ended, without "!" and outer slashes */
	bool negated;
};

/** Decides about `path`, a file below the worktree. ERR_LIMIT for an ignore
 * file that is too large to be read, and when there were too many patterns and
 * paths altogether. */
int ignore_rules_decide(struct ignore_decision *out, struct ignore_rules *rules,
	const char *path, struct err *err) MUST_CHECK;

/** What un-ignores the path or a folder above it: of the negations that decide
 * about these, that of the deepest .gitignore. All zero when there is none. */
int ignore_rules_negation(struct ignore_decision *out,
	struct ignore_rules *rules, const char *path,
	struct err *err) MUST_CHECK;

/** True when a .gitignore below `dir` that was read so far negates. */
bool ignore_rules_negate_below(
	const struct ignore_rules *rules, const char *dir);

#endif
