/*
 * The files that git-filter-repo reads: which paths to take away, which blobs,
 * which texts to replace, in the forms of git-filter-repo(1) "Filtering based
 * on paths" and "Content editing filters"; and the command that uses them.
 *
 * A line of such a file is bytes up to LF, without CRs at its end; "==>" splits
 * it. What a line cannot hold is written as a regular expression of Python.
 */
#ifndef REMEDY_PURGE_FILES_H
#define REMEDY_PURGE_FILES_H

#include "base/buf.h"
#include "base/err.h"
#include "remedy/purge_target.h"
#include "remedy/purge_values.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Appends the line for one path. `exact`: a folder of that name, at another
 * time, has to stay; a path that ends with a slash is a folder with all in it.
 */
void purge_add_path_line(struct buf *out, const char *path, bool exact);

/** Appends the line that replaces a value's secret. */
void purge_add_value_line(struct buf *out, const struct purge_value *value);

/** Appends a line for each target path; folders that never held anything else
 * take one line. `paths` are all that the repository ever had. */
void purge_add_path_lines(struct buf *out, const struct purge_target *target,
	const struct path_table *paths);

/** Where the files are; NULL: none of that kind is needed. */
struct purge_files {
	char *folder;
	bool is_temporary; /* the folder is ours to remove */
	char *paths;
	char *blobs;
	char *replacements; /* holds the secrets */
};

/**
 * Writes them, mode 0600, into `folder`, made if need be, or into a fresh one
 * below TMPDIR when it is NULL. Nothing is overwritten.
 */
int purge_files_write(struct purge_files *out, const char *folder,
	const struct purge_target *target, const struct changes *changes,
	const struct purge_values *values, struct err *err) MUST_CHECK;

/** Removes the files, and the folder if it is ours. */
void purge_files_remove(struct purge_files *files);
void purge_files_clear(struct purge_files *files);

#define PURGE_MAX_WORDS 20

/** The words of the git-filter-repo call, NULL-ended, behind its name; texts
 * are borrowed. */
void purge_files_command(
	const char *words[PURGE_MAX_WORDS], const struct purge_files *files);

#endif
