/* What `monitor` looks at, shared by its report, its watch and its pruning. */
#ifndef CMD_MONITOR_H
#define CMD_MONITOR_H

#include "base/err.h"
#include "report/report_monitor.h"
#include "scanner/name_guard.h"
#include "scanner/session_find.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** All zero can be cleared. */
struct monitor {
	struct ruleset *rules;         /* owned */
	struct session_reader *reader; /* owned, borrows the rules */
	struct name_guard *guard;      /* likewise */
	struct session_limits limits;
	struct repo *repo; /* that is searched; NULL: directories were named */
	struct session_place **places;
	struct session_status *statuses; /* one for each place */
	size_t count, capacity;
	bool search_complete;
	int64_t now; /* seconds since 1970, of the last look */
};

void monitor_clear(struct monitor *monitor);

/** Takes over the rules, and makes what needs them. Comes first. */
int monitor_set_rules(struct monitor *monitor, struct ruleset *rules,
	struct err *err) MUST_CHECK;

/** Adds a directory that the user names; `git_dir` as for repo_open(). */
int monitor_add_named(struct monitor *monitor, const char *name,
	const char *git_dir, struct err *err) MUST_CHECK;

/** Opens the repository and adds the directories that its worktree has. */
int monitor_add_found(struct monitor *monitor, const char *git_dir,
	struct err *err) MUST_CHECK;

/** Looks at all directories for the first time. */
int monitor_look(struct monitor *monitor, struct err *err) MUST_CHECK;

/** Looks again and pushes what changed since; `ask_git` as in session_look. */
int monitor_look_again(struct monitor *monitor, bool ask_git,
	session_change_sink *sink, void *ctx, struct err *err) MUST_CHECK;

/** Searches the worktree again: directories that are new are pushed by the
 * next look. Does nothing when directories were named. */
int monitor_search_again(struct monitor *monitor, struct err *err) MUST_CHECK;

/** What there is to report; borrowed until the next look. */
struct monitor_result monitor_result(const struct monitor *monitor);

#endif
