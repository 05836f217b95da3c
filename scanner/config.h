/*
 * Settings: hygiene.* and the few of git's own that matter here, each with the
 * file or option that it comes from. Read as git does (git-config(1) "FILES",
 * "ENVIRONMENT"), which libgit2 alone does not: GIT_CONFIG_GLOBAL, _SYSTEM and
 * _NOSYSTEM, _COUNT and what `git -c` hands down count.
 */
#ifndef SCANNER_CONFIG_H
#define SCANNER_CONFIG_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/** Where a setting was made; later ones go before earlier ones. */
enum config_scope {
	CONFIG_SYSTEM,
	CONFIG_GLOBAL, /* the user's */
	CONFIG_LOCAL,  /* the repository's .git/config */
	CONFIG_WORKTREE,
	CONFIG_COMMAND, /* environment, `git -c`, and -c */
};

/** "system", "global", …, as `git config --show-scope` says. */
const char *config_scope_name(int scope);

/** True for the scopes that a repository has no say in, as git's "protected
 * configuration", git-config(1) "SCOPES". */
bool config_is_protected(int scope);

struct config_entry {
	const char *key;    /* lower case, but for a subsection */
	const char *value;  /* "" for a key without "=" is "true" to git */
	int scope;          /* enum config_scope */
	const char *origin; /* "file:<path>" or "command line:", as git says */
};

/** Entries in order: the last of a key is the one that counts. */
struct config {
	struct arena arena;
	struct config_entry *entries;
	size_t count, capacity;
};

struct git_repository;

/** Reads all scopes; `git` may be NULL: without a repository. Caller frees. */
int config_read(struct config **out, struct git_repository *git,
	struct err *err) MUST_CHECK;
void config_free(struct config *config);
DEFINE_CLEANUP(config_freep, struct config, config_free)

/** The same without a repository, for callers that have not opened one: it
 * starts libgit2 and ends it again. Caller frees. */
int config_read_outside(struct config **out, struct err *err) MUST_CHECK;

/** Appends; the texts are copied. The key's first part and last part are made
 * lower case. */
void config_add(struct config *config, const char *key, const char *value,
	int scope, const char *origin);

/** Appends what the environment says. ERR_PARSE when it cannot be read. */
int config_add_environment(struct config *config, struct err *err) MUST_CHECK;

/** The entry that counts for the key (lower case), or NULL. */
const struct config_entry *config_find(
	const struct config *config, const char *key, bool protected_only);

#endif
