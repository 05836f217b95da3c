/*
 * Option tables. An option is one row; parser, --help, man pages and
 * completions read the same rows. Git's habits (gitcli(7)): options may stand
 * anywhere before "--", "--name=value" and "--name value", "-n value" and
 * "-nvalue", bundled short flags, "--no-name", unique prefixes of long names.
 */
#ifndef CMD_OPT_H
#define CMD_OPT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum opt_kind {
	OPT_FLAG,   /* bool: set by --name, cleared by --no-name */
	OPT_BITS,   /* unsigned: sets the bits of `value`, --no- clears them */
	OPT_TEXT,   /* const char *: the argument, borrowed from argv;
		     * --no-name sets NULL */
	OPT_LIST,   /* struct opt_list: repeatable; --no-name empties it */
	OPT_NUMBER, /* uint64_t: decimal, with a suffix k, m, g (1024);
		     * --no-name sets 0 */
	OPT_COUNT,  /* int: --name adds `value`; --no-name sets 0 */
	OPT_GROUP,  /* a heading for --help; no option */
};

/** Arguments of a repeatable option; `items` ends with NULL once used. */
struct opt_list {
	const char **items;
	size_t count, capacity;
};

/** Appends a text, which is borrowed. */
void opt_list_add(struct opt_list *list, const char *text);

/** Frees the array, not the texts. */
void opt_list_clear(struct opt_list *list);

struct opt {
	enum opt_kind kind;
	char short_name;       /* or 0 */
	const char *long_name; /* or NULL */
	size_t offset;         /* of the field in the command's option struct */
	int value;             /* for OPT_BITS and OPT_COUNT */
	const char *argument;  /* name of the argument in help: "<file>";
				* "[=<when>]" for a text that may be left out,
				* which gives "" */
	const char *help;      /* one line, lower case, no full stop */
};

/** A command's options, ended by a row whose `help` is NULL. */
struct opt_spec {
	const char *usage;       /* "scan [<options>] [--] [<pathspec>…]";
				  * several forms stand on a line each */
	const char *description; /* paragraphs for --help and the man page,
				  * an empty line between them; a line that
				  * starts with a space is printed as it is */
	const struct opt *opts;
	const char *const *words; /* what the first word can be, for
				   * completions, NULL-ended: "list", "show
				   * <rule>"; NULL where it is a path */
	bool stop_at_word;        /* the first word ends the options */
	bool keep_dashes;         /* a "--" stays among the words */
};

/**
 * Parses argv (the words behind the command's name) into `fields`. The words
 * that are no options are moved to the front of argv and their number is
 * returned; those behind "--" count as such. ERR_USAGE otherwise. A return of
 * OPT_HELP_ASKED means that -h or --help was there.
 */
int opt_parse(void *fields, const struct opt_spec *spec, int argc, char **argv,
	struct err *err) MUST_CHECK;

#define OPT_HELP_ASKED 1000000

/** The same, but prints the help itself when it is asked for. That is negative
 * too, OPT_HELP_GIVEN, though no error: nothing is left to do. */
int opt_begin(void *fields, const struct opt_spec *spec, FILE *out, int argc,
	char **argv, struct err *err) MUST_CHECK;

#define OPT_HELP_GIVEN (-1000)

/** Whether help names the option with "[no-]": it can be taken back. */
bool opt_has_no_form(const struct opt *opt);

/** A number as OPT_NUMBER takes it; false for anything else. */
bool opt_parse_number(uint64_t *out, const char *text);

/** Prints "usage: …" alone, each form on lines of at most 80 columns. */
void opt_print_usage(FILE *out, const struct opt_spec *spec);

/** Prints usage, description and options in at most 80 columns. */
void opt_print_help(FILE *out, const struct opt_spec *spec);

/**
 * Prints `text` from column `at` on, wrapped at 80 columns; further lines
 * start at column `indent`. Ends with a newline.
 */
void opt_print_wrapped(FILE *out, size_t at, size_t indent, const char *text);

#endif
