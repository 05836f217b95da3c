/*
 * `fix` for people: as a report in Markdown, and as a dialogue at a terminal.
 * Neither shows a secret or content of a session.
 */
#ifndef CMD_FIX_VIEW_H
#define CMD_FIX_VIEW_H

#include "cmd/fix_job.h"

#include <stdio.h>

/** The six steps, in their order. */
enum fix_step {
	FIX_IGNORE,
	FIX_UNTRACK,
	FIX_SETTINGS,
	FIX_REVOKE,
	FIX_HISTORY,
	FIX_COPIES,
	FIX_STEPS,
};

/** "Ignore", …: their headings. */
const char *fix_step_title(int step);

/** Appends one sentence: how a step stands, "2 paths are not ignored". */
void fix_add_state(struct buf *out, const struct fix_job *job,
	const struct fix_open *open, int step);

/** True when nothing is left to do in a step. */
bool fix_step_is_done(const struct fix_open *open, int step);

/** True when a step cannot be judged: a bare repository without a HEAD has no
 * files that could be ignored, tracked, or hold settings. */
bool fix_step_is_unknown(const struct fix_job *job, int step);

/** The exit code for what is left to do. */
int fix_exit_code(const struct fix_job *job, const struct fix_open *open);

/** What has to be revoked of a group, and by whom: sentences. */
const char *fix_revoke_words(const struct group *group);

/** Appends "2 live, 1 expired, 1 without expiry"; nothing for what has no
 * state. */
void fix_add_expiry(struct buf *out, const struct group *group);

/** Where a group is: path, without a session id in it, or store with a slash;
 * "" when it is a message. */
void fix_add_name(struct buf *out, const struct group *group);

/** What holds for the whole of a plan for a bare repository, else NULL. */
const char *fix_bare_words(const struct fix_job *job);

/** What no step reaches, sentences, NULL-ended. */
extern const char *const fix_copies[];

/** Prints the report. ERR_IO when the stream failed. */
int fix_put_markdown(
	FILE *out, const struct fix_job *job, struct err *err) MUST_CHECK;

/** How the dialogue is led. */
struct fix_talk {
	bool yes;     /* ignore and untrack without a question */
	bool can_ask; /* somebody is there to answer */
};

/** Goes through the steps. Returns an exit code or an error. */
int fix_walk(struct fix_job *job, const struct cmd_env *env,
	const struct fix_talk *talk, struct err *err) MUST_CHECK;

#endif
