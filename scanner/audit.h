/*
 * The session configuration of the applications in a repository: which there
 * are, what each of them sets and leaves unset, what the rules say of that, and
 * where its sessions are kept. Plain data; texts live in the arena of the audit
 * or in the settings of its files.
 */
#ifndef SCANNER_AUDIT_H
#define SCANNER_AUDIT_H

#include "base/err.h"
#include "rules/ruleset.h"
#include "rules/settings/setting.h"
#include "scanner/finding.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>

enum audit_source {
	AUDIT_WORKTREE,
	AUDIT_INDEX,
	AUDIT_REVISION,
};

struct audit_opts {
	int source;           /* enum audit_source */
	const char *revision; /* for AUDIT_REVISION: <rev> of gitrevisions(7) */
	const struct pathspec *pathspec; /* or NULL: all files */
};

/** One file that sets something; owned by the audit. */
struct audit_file {
	const char *path;
	struct settings settings;
};

/** A setting of an application, or one that it should have. */
struct audit_row {
	const struct known_setting *known;
	const struct setting *setting; /* NULL: nobody sets it */
	const char *path;              /* of the file; NULL like `setting` */
	const struct rule *rule;       /* the worst that holds, or NULL */
	int severity;     /* of the rule, in its context; -1 without */
	const char *line; /* what to write instead; NULL: nothing */
};

/** A folder that sessions are written to. */
struct audit_store {
	const char *path; /* from the top, or as written when not inside */
	const struct setting *setting; /* NULL: the framework's default */
	const char *file;              /* that says so, or NULL */
	const char *started_in; /* the folder that the server is taken to be
				 started in; NULL: that does not matter */
	int inside;             /* enum tristate: of the worktree */
	size_t tracked;         /* files below it that are tracked */
	int ignored;  /* enum tristate: git ignores a new file in it */
	int severity; /* of the worst that this means; -1: nothing */
};

struct audit_app {
	int framework;    /* enum framework */
	const char *path; /* the file that makes it, or that has its settings;
			     a folder where there are several */
	bool uses_flask_session;
	const char *version;    /* of Flask-Session: "0.4.0", or NULL */
	const char *version_at; /* the file that says so, or NULL */
	struct audit_row *rows; /* in the order of known settings, then files */
	size_t row_count, row_capacity;
	struct audit_store *stores;
	size_t store_count, store_capacity;
	const struct setting *example; /* how it writes settings, or NULL */
};

struct audit {
	struct arena arena;
	int source; /* enum audit_source */
	struct audit_file *files;
	size_t file_count, file_capacity;
	struct audit_app *apps; /* sorted by path, framework */
	size_t app_count, app_capacity;
	struct scan_result skipped; /* its `skipped` entries and `complete` */
	size_t files_read;
};

void audit_clear(struct audit *audit);

/** Audits. `rules` must outlive the audit. Caller clears. */
int audit_run(struct audit *out, struct repo *repo, const struct ruleset *rules,
	const struct audit_opts *opts, struct err *err) MUST_CHECK;

/** The worst severity of all rows and stores, or -1. */
int audit_severity(const struct audit *audit);

#endif
