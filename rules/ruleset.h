/*
 * The rules of one run: built-in ones, those of --rules files, extended,
 * overridden, selected and disabled; then constant and shared by all threads.
 */
#ifndef RULES_RULESET_H
#define RULES_RULESET_H

#include "base/err.h"
#include "rules/rule.h"

#include <stdbool.h>
#include <stddef.h>

struct rule_file;
struct rule_index;

/** The table that rules_gen makes from rules.d. */
extern const struct rule builtin_rules[];
extern const size_t builtin_rule_count;

/** How to put a ruleset together. All zero: the built-in rules. */
struct ruleset_opts {
	bool no_builtin;
	const char *const *files; /* NULL-ended, or NULL: --rules, files or
				      folders of *.yml */
	const struct rule_file *repo_rules; /* .hygiene.yml, or NULL; borrowed,
					must outlive the ruleset */
	const char *const *select;       /* ids or globs over ids; NULL: all */
	const char *const *disable;      /* ids or globs over ids */
	const char *const *session_dirs; /* more names for session-directory */
};

/** Opaque; constant after ruleset_new(). */
struct ruleset;

/**
 * Loads, merges and checks. ERR_PARSE with "file:line:column: …" for the first
 * mistake of a rule file, ERR_USAGE for a --select that selects nothing.
 * Caller frees.
 */
int ruleset_new(struct ruleset **out, const struct ruleset_opts *opts,
	struct err *err) MUST_CHECK;
void ruleset_free(struct ruleset *ruleset);
DEFINE_CLEANUP(ruleset_freep, struct ruleset, ruleset_free)

/** The rules, sorted by id. */
size_t ruleset_count(const struct ruleset *ruleset);
const struct rule *ruleset_get(const struct ruleset *ruleset, size_t index);

/** The rule of that id, or NULL. */
const struct rule *ruleset_find(const struct ruleset *ruleset, const char *id);

/** 64 hex digits: SHA-256 over all that decides what the rules match. */
const char *ruleset_digest(const struct ruleset *ruleset);

/** Compiles all of them for matching; rule i of the set is rule i of the index.
 * The ruleset must outlive the index. Caller frees. */
int ruleset_index(struct rule_index **out, const struct ruleset *ruleset,
	struct err *err) MUST_CHECK;

#endif
