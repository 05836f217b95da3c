/*
 * What to write into which .gitignore so that every target is ignored, and the
 * proof of it: the decisions of git (remedy/ignore_rules.h) about every target
 * and every other tracked path, before and after.
 *
 * Entries go into the .gitignore at the top, unless `nested` asks for the
 * nearest one, or a deeper file would overrule them: then into that one.
 */
#ifndef REMEDY_IGNORE_PLAN_H
#define REMEDY_IGNORE_PLAN_H

#include "base/err.h"
#include "base/log.h"
#include "remedy/ignore_cover.h"
#include "remedy/ignore_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct ignore_rules;
struct name_mask;
struct tracked_files;

/** A path that git should ignore. */
struct ignore_target {
	const char *path;
	const char *shown;   /* the path for people, without a session id */
	const char *pattern; /* for it, from the top of the worktree */
	const char *why;     /* for people: title of the rule */
};

/** Everything is borrowed and outlives the plan. */
struct ignore_plan_opts {
	const char *worktree; /* or NULL: nothing can be written */
	const struct tracked_files *tracked; /* for what is not on disk */
	const char *info_exclude;            /* path, or NULL */
	const char *excludes_file;           /* path, or NULL */
	bool ignore_case;
	bool nested; /* into the nearest .gitignore that exists */
	bool undo;   /* take our blocks out, cover nothing */
	const struct ignore_target *targets; /* distinct paths */
	size_t target_count;
	const char *const *others; /* tracked paths that are no targets,
				   sorted */
	size_t other_count;
	struct name_mask *secrets; /* that no entry may name, or NULL */
	const struct log *log;
};

/** A target, before and after. */
struct target_state {
	const char *dir; /* folder whose .gitignore covers it */
	bool before, after;
	/* what ignores or un-ignores it, after; NULL for nothing */
	const char *file;
	size_t line;
	const char *pattern; /* without its "!" */
	bool missed;         /* no entry covers it and nothing else */
};

/** A line that other lines of its file make superfluous. */
struct redundant_line {
	size_t line; /* from 0 */
	size_t by;
	bool removed; /* by --tidy, because nothing changes */
};

/** A .gitignore, as it is and as it will be. */
struct plan_file {
	const char *dir;  /* "" for the top */
	const char *name; /* for messages */
	bool exists;      /* on disk */
	bool is_stored;   /* not on disk, yet tracked */
	struct stat st;
	struct ignore_file old;
	struct cover cover;
	size_t *cover_targets; /* first_target of an entry indexes this, which
				  has numbers of the plan's targets */
	bool *drop;            /* by line, or NULL */
	struct redundant_line *redundant;
	size_t redundant_count;
	struct buf bytes; /* the new content */
	bool is_changed;
	bool is_removed; /* nothing but our block was in it */
};

/** Open to read. */
struct ignore_plan {
	struct arena arena;
	struct ignore_plan_opts opts;
	int worktree; /* open folder */
	struct ignore_rules *rules;
	struct target_state *states; /* by target */
	struct plan_file **files;    /* sorted by name */
	size_t file_count, file_capacity;
	bool *others_before; /* ignored, by number of opts.others */
	const char **newly;  /* others that would become ignored */
	size_t newly_count;
	size_t before_count, after_count; /* targets ignored */
	bool unproven; /* no line is removed: not all paths are known */
};

/**
 * Makes the plan; nothing is written. ERR_UNSUPPORTED when a .gitignore that
 * has to change is no regular file, ERR_PARSE when its block is damaged,
 * ERR_LIMIT when it is too large. Caller clears.
 */
int ignore_plan_make(struct ignore_plan *out,
	const struct ignore_plan_opts *opts, struct err *err) MUST_CHECK;
void ignore_plan_clear(struct ignore_plan *plan);

/** Only the present decisions: states[].before and what decided. */
int ignore_plan_check(struct ignore_plan *out,
	const struct ignore_plan_opts *opts, struct err *err) MUST_CHECK;

/** Decides again about all targets and others, for the content that the files
 * will have; after a change of plan_file.drop. */
int ignore_plan_prove(struct ignore_plan *plan, struct err *err) MUST_CHECK;

/** Writes the files that change, each atomically, and repeats the proof with
 * what is on disk then; ERR_IO when it fails. ERR_UNSUPPORTED, and nothing is
 * written, when a file that has to change is outside of the sparse checkout.
 * Defined in ignore_plan_write.c. */
int ignore_plan_write(struct ignore_plan *plan, struct err *err) MUST_CHECK;

/** Makes the new content of a file from its entries and dropped lines, and
 * lets the rules know it. */
int plan_file_render(struct ignore_plan *plan, struct plan_file *file,
	struct err *err) MUST_CHECK;

#endif
