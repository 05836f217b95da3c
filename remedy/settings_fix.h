/*
 * Correcting the settings that an audit holds against an application: those
 * for which one value is right wherever it stands (cookie flags, lifetime,
 * file mode, a folder outside of the tree). Everything else is named with the
 * reason why a person has to do it.
 *
 * Invariant: a planned file was read again as edited. What an edit is for no
 * rule holds against any more, and every other setting has its old value.
 */
#ifndef REMEDY_SETTINGS_FIX_H
#define REMEDY_SETTINGS_FIX_H

#include "base/buf.h"
#include "remedy/settings_edit.h"
#include "remedy/settings_patch.h"
#include "scanner/audit.h"
#include "scanner/name_mask.h"

#include <sys/stat.h>

/** One file, as it is and as it will be. */
struct fixed_file {
	const struct audit_file *file;
	struct buf before, after;
	struct stat st;
	struct settings_edit *edits;
	size_t count, capacity;
};

/** A risk that stays. */
struct unfixed {
	const char *path; /* of the setting, or of the application */
	const struct audit_row *row;
	const char *reason; /* static, for people */
};

/** Texts are those of the audit, which must outlive the plan. */
struct settings_fix {
	struct arena arena;
	const struct audit *audit;
	const struct ruleset *rules;
	int root;                  /* the worktree, open */
	struct name_mask *secrets; /* in paths, to be masked; or NULL */
	struct fixed_file *files;
	size_t file_count, file_capacity;
	struct unfixed *unfixed;
	size_t unfixed_count, unfixed_capacity;
};

/** Plans; changes nothing. ERR_UNSUPPORTED for a repository without a
 * worktree. Caller clears, also after a failure. */
int settings_fix_make(struct settings_fix *out, const struct repo *repo,
	const struct audit *audit, const struct ruleset *rules,
	struct err *err) MUST_CHECK;
void settings_fix_clear(struct settings_fix *fix);

/** True when some file changes. */
bool settings_fix_has_edits(const struct settings_fix *fix);

/** Appends a unified diff, and adds to the traits of it. */
int settings_fix_patch(struct buf *out, struct patch_traits *traits,
	const struct settings_fix *fix, struct err *err) MUST_CHECK;

/** Replaces the files, each of them whole. One that has changed since it was
 * read stays, and ends the writing with ERR_IO. */
int settings_fix_write(
	const struct settings_fix *fix, struct err *err) MUST_CHECK;

#endif
