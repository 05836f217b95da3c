/*
 * scan --repos-from: many repositories, one after the other, each in a process
 * of its own, so that whatever one of them does to it is told and the others
 * go on. One stream: a report each, or a line that says why there is none.
 */
#ifndef CMD_SCAN_MANY_H
#define CMD_SCAN_MANY_H

#include "cmd/cmd.h"
#include "report/list_section.h"
#include "report/report.h"

#include <stdbool.h>

/** What is to be scanned, and where the reports go. */
struct scan_many {
	const char *list; /* file with paths, "-" for standard input */
	bool nul_ended;
	const char *resume; /* file to go on with; NULL: env->out */
	struct shard shard;
	const char *options_digest;
	const char *version;
	int fail_on; /* as of struct scan_setup */
	bool expect_complete;

	/** Scans one and writes its report; in the child. */
	int (*scan)(const char *path, FILE *out, const struct report_list *list,
		void *ctx, struct err *err);
	void *ctx;
};

/** An exit code: of findings, of what was not looked at or failed, or clean. */
int scan_many_run(const struct scan_many *many, const struct cmd_env *env,
	struct err *err) MUST_CHECK;

/** What the reports of many repositories come to. All zero is nothing. */
struct list_totals {
	size_t reports, failed;
	bool has_findings, is_incomplete, has_skipped;
};

void list_totals_add(struct list_totals *totals,
	const struct list_section *section, int fail_on);

/** The exit code, and how many failed on standard error. */
int list_totals_end(const struct list_totals *totals, const struct cmd_env *env,
	bool expect_complete);

#endif
