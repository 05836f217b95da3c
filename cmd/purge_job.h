/*
 * The steps of `purge`, for cmd_purge.c: from the options to a target, a
 * search, a plan, a rewrite.
 */
#ifndef CMD_PURGE_JOB_H
#define CMD_PURGE_JOB_H

#include "cmd/cmd.h"
#include "cmd/look.h"
#include "cmd/progress.h"
#include "cmd/purge_view.h"
#include "cmd/scan_setup.h"
#include "remedy/purge_apply.h"
#include "scanner/scan.h"

/** The command line as typed. */
struct purge_fields {
	unsigned mode; /* bits of enum purge_mode */
	const char *against;
	const char *into;
	bool in_place;
	const char *backup;
	const char *files;
	const char *severity;
	struct scan_setup_opts setup;
	struct look_fields look;
	const char *output;
	struct progress_fields progress;
};

enum purge_mode {
	PURGE_PLAN = 1,
	PURGE_APPLY = 2,
	PURGE_VERIFY = 4,
};

/** All of one run; each step fills the next fields. */
struct purge_job {
	const struct purge_fields *fields;
	const struct cmd_env *env;
	struct log log;
	struct progress progress;
	struct report_opts report;
	bool json;
	struct purge_threshold threshold;
	struct repo *repo;
	struct pathspec *pathspec;
	struct scan_setup setup; /* of the repository that says what is to go */
	struct scan_opts scan;   /* that of the setup, with our progress */

	struct inventory inventory; /* of `repo` */
	struct scan_result result;
	struct purge_target target;
	struct purge_search search;
	struct purge_plan plan;
	struct purge_values values;
	struct purge_files files;
};

/** Checks the options, opens the repository that the words name, and loads
 * rules and what is accepted. */
int purge_job_open(struct purge_job *job, const struct purge_fields *fields,
	const struct cmd_env *env, int words, char **argv,
	struct err *err) MUST_CHECK;
void purge_job_clear(struct purge_job *job);

/** Finds out what is to go: inventory, scan, target. */
int purge_job_aim(struct purge_job *job, struct err *err) MUST_CHECK;

/** Reads the secrets that are to go. */
int purge_job_find_values(struct purge_job *job, struct err *err) MUST_CHECK;

/** Writes the files of git-filter-repo, with these secrets: signals are to be
 * held back until somebody was told of them, or they are gone. */
int purge_job_write_files(struct purge_job *job, struct err *err) MUST_CHECK;

/** Searches the inventory for the target. Names of places are masked. */
int purge_job_search(struct purge_job *job, struct err *err) MUST_CHECK;

/** Works out what a rewrite would touch, after the search. Names of refs are
 * masked. */
int purge_job_plan(struct purge_job *job, struct err *err) MUST_CHECK;

/** All that there is to show of it; borrows from the job. */
void purge_job_view(
	struct purge_view *out, const struct purge_job *job, bool is_plan);

/** Writes it to a file as JSON. */
int purge_job_save(const struct purge_view *view, const char *path,
	struct err *err) MUST_CHECK;

/** Prints plan or certificate, and writes the file of -o. */
int purge_job_report(
	const struct purge_job *job, bool is_plan, struct err *err) MUST_CHECK;

/** Takes the target of --against: a plan, or another repository. */
int purge_job_aim_by(struct purge_job *job, struct err *err) MUST_CHECK;

/** Lets go of the repository and its inventory, and opens another. */
int purge_job_turn_to(
	struct purge_job *job, const char *folder, struct err *err) MUST_CHECK;

#endif
