/*
 * Completions for shells, written from the records that the commands are made
 * of. What an argument can be is told by its name in the option table.
 */
#ifndef CMD_COMPLETION_H
#define CMD_COMPLETION_H

#include "base/buf.h"
#include "cmd/cmd.h"

#include <stdbool.h>
#include <stdio.h>

enum argument_kind {
	ARGUMENT_TEXT,   /* nothing to offer */
	ARGUMENT_WORDS,  /* one of a few words */
	ARGUMENT_FILE,   /* a file or a folder */
	ARGUMENT_FOLDER, /* a folder */
	ARGUMENT_RULE,   /* the id of a rule: those that `rules list` prints */
	ARGUMENT_REPORT, /* "<format>=<file>" */
};

/** A name of an argument, as in "<file>", and what it stands for. */
struct argument_name {
	const char *name;
	enum argument_kind kind;
	void (*add_words)(struct buf *words); /* for ARGUMENT_WORDS, _REPORT */
};

/** All names but those of the form "(a|b)", ended by a row without a name. */
extern const struct argument_name argument_names[];

/**
 * What an argument is, by its name; its words are added to `words`, a blank
 * between them. False for a name that is not known.
 */
bool argument_describe(enum argument_kind *kind, struct buf *words,
	const char *name) MUST_CHECK;

/** Text between single quotes of a shell; `escaped` lists bytes that get a
 * backslash first. */
void completion_quote(FILE *out, const char *text, const char *escaped);

/** One shell. */
struct completion {
	const char *shell;
	void (*print)(FILE *out);
};

extern const struct completion completion_bash, completion_fish, completion_zsh;

/** Prints the completion for that shell; ERR_USAGE for an unknown one. */
int completion_print(FILE *out, const char *shell, struct err *err) MUST_CHECK;

#endif
