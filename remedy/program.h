/*
 * Runs another program. The only place that does: git and git-filter-repo, for
 * `purge --apply`, on a clone that we made or on a repository that the user
 * owns and named. Never through a shell; words and folder are given one by
 * one, and the environment is made anew.
 */
#ifndef REMEDY_PROGRAM_H
#define REMEDY_PROGRAM_H

#include "base/buf.h"
#include "base/err.h"

/**
 * Finds a program on PATH. Entries that are not absolute are passed over: the
 * current folder may be a repository of somebody else. ERR_NOT_FOUND. Caller
 * frees.
 */
int program_find(char **out, const char *name, struct err *err) MUST_CHECK;

struct program_call {
	const char *path;         /* absolute */
	const char *const *words; /* behind its name, NULL-ended */
	const char *folder;       /* to run in; NULL: the current one */
	struct buf *output;       /* gets standard output, up to its limit;
				NULL: it goes to standard error, as talk */
};

/**
 * Runs it and waits. Returns its exit status (128 + n when signal n ended it),
 * or a negative code when it could not be started or wrote more than the
 * limit. Standard input is empty.
 *
 * Where the caller holds back SIGINT, SIGTERM or SIGHUP, one that comes goes to
 * the program, which starts with none blocked, and stays pending here.
 */
int program_run(const struct program_call *call, struct err *err) MUST_CHECK;

#endif
