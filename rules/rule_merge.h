/*
 * Rules from several places brought together: tables and files, with the
 * changes of files applied to rules of any of them. Used by the ruleset and,
 * without the built-in table, by the program that makes that table.
 */
#ifndef RULES_RULE_MERGE_H
#define RULES_RULE_MERGE_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/rule.h"
#include "rules/rule_file.h"

#include <stdbool.h>
#include <stddef.h>

struct rule_merge {
	struct arena *arena; /* borrowed; owns texts and structs */
	struct rule *rules;  /* sorted by id after rule_merge_finish() */
	size_t count, capacity;
	struct rule_file *files;
	size_t file_count, file_capacity;
};

void rule_merge_init(struct rule_merge *merge, struct arena *arena);
void rule_merge_clear(struct rule_merge *merge);

/** Adds the rules of a table; they are copied, their texts borrowed. */
void rule_merge_add_table(
	struct rule_merge *merge, const struct rule *rules, size_t count);

/**
 * Adds a file, or the *.yml of a folder in the order of their names. An id
 * that is already there is ERR_PARSE.
 */
int rule_merge_add_path(
	struct rule_merge *merge, const char *path, struct err *err) MUST_CHECK;

/** Adds a file that was parsed; its texts are borrowed. */
int rule_merge_add_file(struct rule_merge *merge, const struct rule_file *file,
	struct err *err) MUST_CHECK;

/**
 * Sorts by id, applies the changes in the order of the files, and takes out
 * what the files disable.
 */
int rule_merge_finish(struct rule_merge *merge, struct err *err) MUST_CHECK;

/** The rule of that id, or NULL; after rule_merge_finish(). */
struct rule *rule_merge_find(const struct rule_merge *merge, const char *id);

/** True when the id fits: '*' is any run of characters, '?' any one. In time
 * bounded by the product of the lengths. */
bool rule_id_matches(const char *glob, const char *id);

/** True when the text is a glob, not one id. */
bool rule_id_is_glob(const char *text);

/** Keeps the rules for which `keep` says so. */
void rule_merge_filter(struct rule_merge *merge,
	bool (*keep)(const struct rule *rule, const void *ctx),
	const void *ctx);

/** All ids, NULL-ended, for suggest(). Borrowed from the arena. */
const char *const *rule_merge_ids(const struct rule_merge *merge);

#endif
