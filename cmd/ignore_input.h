/* What `ignore` has to cover, and what it must leave alone. */
#ifndef CMD_IGNORE_INPUT_H
#define CMD_IGNORE_INPUT_H

#include "base/arena.h"
#include "cmd/scan_setup.h"
#include "remedy/ignore_plan.h"
#include "remedy/tracked_files.h"
#include "scanner/audit.h"
#include "scanner/finding.h"
#include "scanner/name_guard.h"
#include "scanner/path_table.h"
#include "scanner/repo.h"

/** All zero is empty. Texts live in the arena or are the findings'. */
struct ignore_input {
	struct arena arena;
	struct tracked_files tracked;
	struct ignore_target *targets; /* sorted and distinct once finished */
	size_t target_count, target_capacity;
	const char **others; /* tracked, no targets */
	size_t other_count;
	struct path_table accepted; /* paths of accepted findings */
	bool complete; /* the whole worktree was looked at, if at all */
	struct name_guard *guard;  /* of what people see */
	struct name_mask *secrets; /* that names of the worktree hold */
};

void ignore_input_clear(struct ignore_input *input);

/** Adds the findings that do not belong into the repository, and notes those
 * that are accepted. */
void ignore_input_add_findings(
	struct ignore_input *input, const struct scan_result *result);

/** Adds folders that the user has named. */
int ignore_input_add_folders(struct ignore_input *input,
	const struct opt_list *folders, struct err *err) MUST_CHECK;

/** Adds session directories of the worktree that hold sessions, by the rules,
 * the pathspec and the excluded paths of the setup. */
int ignore_input_add_disk(struct ignore_input *input,
	const struct scan_setup *setup, struct repo *repo,
	struct err *err) MUST_CHECK;

/** Adds session directories of the worktree that configuration names, whether
 * they exist or not. */
int ignore_input_add_configured(struct ignore_input *input, struct repo *repo,
	struct err *err) MUST_CHECK;

/** The same from an audit that was made already. */
void ignore_input_add_audited(
	struct ignore_input *input, const struct audit *audit);

/** Sorts the targets, lists the other tracked paths (of HEAD, where there is no
 * worktree), and finds the secrets in all of these names by the rules, which
 * are borrowed. ERR_NOT_FOUND when there is no HEAD either. */
int ignore_input_finish(struct ignore_input *input, struct repo *repo,
	const struct ruleset *rules, struct err *err) MUST_CHECK;

/** What a plan needs of a finished input; `nested`, `undo` and `log` are the
 * caller's to set. Borrows from input and repository. */
void ignore_input_plan_opts(struct ignore_plan_opts *out,
	struct ignore_input *input, struct repo *repo);

#endif
