/*
 * All that `fix` knows of a repository, found out once: findings, what git
 * ignores and tracks of them, the settings of applications, and what a purge
 * would take. Nothing is changed here.
 */
#ifndef CMD_FIX_JOB_H
#define CMD_FIX_JOB_H

#include "cmd/ignore_input.h"
#include "cmd/purge_job.h"
#include "cmd/untrack_paths.h"
#include "remedy/ignore_plan.h"
#include "report/store_group.h"
#include "scanner/audit.h"

struct fix_job {
	struct purge_fields purge_fields;
	struct purge_job purge;          /* its result has all findings, also of
					    commits that no ref names */
	struct group_list all;           /* of it */
	struct group_list groups;        /* without those commits */
	const struct finding **id_names; /* whose file names are session ids,
					    sorted by path */
	size_t id_name_count;
	bool has_worktree; /* otherwise HEAD is judged, and nothing changed */
	bool has_files;    /* a worktree, or a HEAD */
	struct ignore_input ignore_input;
	struct ignore_plan ignore;
	struct untrack_paths untrack;
	struct untrack_paths edit; /* tracked files that stay, without what was
				      found in them */
	struct audit audit;
};

/** How much there is to do in each step; all zero is done. */
struct fix_open {
	size_t ignore;   /* paths that git would add again */
	size_t untrack;  /* tracked paths */
	size_t edit;     /* tracked files that stay */
	size_t settings; /* settings, and folders of sessions */
	size_t revoke;   /* groups whose content is out */
	size_t history;  /* objects */
};

/** Finds all of it out about the repository that the words name; `opts` are
 * borrowed by the job. */
int fix_job_open(struct fix_job *job, const struct scan_setup_opts *opts,
	const struct cmd_env *env, int words, char **argv,
	struct err *err) MUST_CHECK;
void fix_job_clear(struct fix_job *job);

/** Works out again what a purge would take, after a change of the index. */
int fix_job_update(struct fix_job *job, struct err *err) MUST_CHECK;

struct fix_open fix_job_count(const struct fix_job *job);

/** Appends a path of a finding for people: without a session id that is its
 * name. */
void fix_job_add_path(
	struct buf *out, const struct fix_job *job, const char *path);

/** True when some of it could not be looked at. */
bool fix_job_is_incomplete(const struct fix_job *job);

/** True for findings that are out once pushed: from low on, and no settings,
 * which have a step of their own. */
bool fix_is_revocable(const struct group *group);

/** True for a setting or store that carries a risk: from low on. */
bool fix_row_is_open(const struct audit_row *row);
bool fix_store_is_open(const struct audit_store *store);

#endif
