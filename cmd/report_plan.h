/*
 * Which reports a command writes, and where: --format and -o for the one that
 * is its result, --report for others, and how that looks on a terminal.
 */
#ifndef CMD_REPORT_PLAN_H
#define CMD_REPORT_PLAN_H

#include "cmd/cmd.h"
#include "cmd/look.h"
#include "cmd/report_files.h"

#include <stdbool.h>
#include <stddef.h>

/** The command line as typed; all zero asks for the standard format. */
struct report_fields {
	struct look_fields look; /* its format is one of reporters[] */
	const char *output;
	struct opt_list reports;
	bool porcelain, nul_ended;
};

void report_fields_clear(struct report_fields *fields);

/* clang-format off */

/** Rows of an option table; the fields lie at `base`. */
#define REPORT_AT(base, field) ((base) + offsetof(struct report_fields, field))
#define REPORT_ROWS(base, standard)                                           \
	{ OPT_TEXT, 0, "format", REPORT_AT(base, look.format),                \
		.argument = "<format>",                                       \
		.help = standard " (default), or one of those named above" }, \
	{ OPT_TEXT, 'o', "output", REPORT_AT(base, output),                   \
		.argument = "<file>",                                         \
		.help = "write the report to a file" },                       \
	{ OPT_LIST, 0, "report", REPORT_AT(base, reports),                    \
		.argument = "<format>=<file>",                                \
		.help = "also write a report of that format to a file" },     \
	{ OPT_FLAG, 0, "porcelain", REPORT_AT(base, porcelain),               \
		.help = "--format=porcelain: fields between tabs, for "       \
			"scripts" }

/* clang-format on */

/** What they mean. */
struct report_plan {
	const struct reporter *reporter; /* NULL: nothing on standard output */
	struct report_files files;
	bool job_summary;
	struct report_opts opts;
};

/** ERR_USAGE for what does not go together, ERR_IO for a file that could not be
 * written later. `standard` is the format when none is typed. Caller clears. */
int report_plan_make(struct report_plan *out,
	const struct report_fields *fields, const char *standard,
	const struct cmd_env *env, struct err *err) MUST_CHECK;
void report_plan_clear(struct report_plan *plan);

/** True when one of the reports needs the findings' text places. */
bool report_plan_needs_text_places(const struct report_plan *plan);

/** Writes all of them. */
int report_plan_write(struct report_plan *plan, const struct cmd_env *env,
	const struct scan_result *result, struct err *err) MUST_CHECK;

#endif
