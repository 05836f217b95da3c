/*
 * How the result of a command looks: for people or for programs, in colour or
 * not, and how much of it.
 */
#ifndef CMD_LOOK_H
#define CMD_LOOK_H

#include "cmd/cmd.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

/** The command line as typed. */
struct look_fields {
	const char *format; /* or NULL */
	const char *color;
	int verbosity, quiet;
};

#define LOOK_AT(base, field) ((base) + offsetof(struct look_fields, field))

/* clang-format off */

/** Rows of option tables; the fields lie at `base`. */
#define LOOK_FORMAT_ROW(base)                                                 \
	{ OPT_TEXT, 0, "format", LOOK_AT(base, format),                       \
		.argument = "(human|json)",                                   \
		.help = "for people (default) or for programs" }
#define LOOK_COLOR_ROW(base)                                                  \
	{ OPT_TEXT, 0, "color", LOOK_AT(base, color),                         \
		.argument = "[=<when>]",                                      \
		.help = "always, never or auto (default)" }
#define LOOK_QUIET_ROW(base, text)                                            \
	{ OPT_COUNT, 'q', "quiet", LOOK_AT(base, quiet), 1, .help = (text) }
#define LOOK_VERBOSITY_ROWS(base)                                             \
	{ OPT_COUNT, 'v', "verbose", LOOK_AT(base, verbosity), 1,             \
		.help = "list everything" },                                  \
	LOOK_QUIET_ROW(base, "say as little as possible")

/* clang-format on */

/** Whether it is for programs, as LOOK_FORMAT_ROW has it. ERR_USAGE for another
 * format. */
int look_is_json(bool *json, const struct look_fields *fields,
	struct err *err) MUST_CHECK;

/** All else, for what env->out is. ERR_USAGE for another word than --color
 * takes. */
int look_make(struct report_opts *out, const struct look_fields *fields,
	const struct cmd_env *env, struct err *err) MUST_CHECK;

#endif
