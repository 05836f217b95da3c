/*
 * Commands of the program: one file each, one constant record each.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/err.h"
#include "base/log.h"
#include "cmd/opt.h"

#include <stdbool.h>
#include <stdio.h>

/** Exit codes, the same for every command. */
enum exit_code {
	EXIT_CLEAN = 0,       /* nothing found, or done */
	EXIT_FINDINGS = 1,    /* findings, or a check that failed */
	EXIT_INCOMPLETE = 3,  /* no finding, but not all was looked at */
	EXIT_FATAL = 128,     /* could not run */
	EXIT_BAD_USAGE = 129, /* the command line is wrong */
};

/** What every command gets besides its own options. */
struct cmd_env {
	const char *git_dir;         /* --git-dir, or NULL */
	const char *const *settings; /* -c, "key=value", NULL-ended */
	const struct config *config; /* of user and system, for what is asked
					without a repository; or NULL */
	FILE *out;                   /* the result */
	struct log log;              /* the talk */
};

/** What `code` means, for people. */
struct exit_meaning {
	enum exit_code code;
	const char *text;
};

/** All of them, ended by a row without a text. */
extern const struct exit_meaning exit_meanings[];

/** A command line worth showing, without "git hygiene", and what it does. */
struct cmd_example {
	const char *line;
	const char *text; /* one line, lower case, no full stop */
};

/**
 * A command. run() gets the words behind the command's name; it returns an
 * exit code, OPT_HELP_GIVEN, or a negative enum err_code with *err filled,
 * which main prints.
 */
struct cmd {
	const char *name;
	const char *summary;         /* one line, lower case, no full stop */
	const struct opt_spec *spec; /* options and usage, for help and man */
	const struct opt_spec *part; /* of a subcommand that has options of
				      * its own, or NULL */
	const struct cmd_example *examples; /* for the man page, ended by a row
					     * without a line; or NULL */
	int (*run)(const struct cmd_env *env, int argc, char **argv,
		struct err *err);
};

/** All commands, NULL-ended, in the order of the help text. */
extern const struct cmd *const cmds[];

/** The command of that name; ERR_USAGE with a suggestion if there is none. */
int cmd_find(
	const struct cmd **out, const char *name, struct err *err) MUST_CHECK;

/** Prints the general help: usage, global options, commands, exit codes. */
void cmd_print_overview(FILE *out);

/** Prints the version of the program, one line. */
void cmd_print_version(FILE *out);

#endif
