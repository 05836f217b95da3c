/*
 * One rule file as written: its new rules, its changes to rules that stand
 * elsewhere, and what it disables. docs/rules.md is the reference. A file is
 * taken whole or, at its first mistake, not at all.
 */
#ifndef RULES_RULE_FILE_H
#define RULES_RULE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/rule.h"
#include "rules/yaml.h"

#include <stdbool.h>
#include <stddef.h>

/** An `extend:` or `override:` entry; its keys were checked one by one. */
struct rule_change {
	bool extend; /* else override */
	const char *id;
	const struct yaml_node *target; /* where the id stands */
	const struct yaml_node *map;    /* the whole entry */
};

/** An id or glob under `disable:`. */
struct rule_disable {
	const char *glob;
	const struct yaml_node *place;
};

/** Everything is borrowed from the arena. */
struct rule_file {
	const char *file;
	struct rule *rules;
	const struct yaml_node **places; /* of each rule's id */
	size_t rule_count;
	struct rule_change *changes;
	size_t change_count;
	struct rule_disable *disables;
	size_t disable_count;
	const char *const *exclude; /* of a repository's file, or NULL */
};

/** Parses the bytes of a file. ERR_PARSE with "file:line:column: …". */
int rule_file_parse(struct rule_file *out, struct arena *arena,
	const char *file, const char *bytes, size_t len,
	struct err *err) MUST_CHECK;

/**
 * The same for the file by which a repository speaks of itself: it can add
 * rules, extend them by paths and keywords, and leave paths out of a scan
 * (`exclude`); it can neither change nor disable a rule.
 */
int rule_file_parse_repo(struct rule_file *out, struct arena *arena,
	const char *file, const char *bytes, size_t len,
	struct err *err) MUST_CHECK;

/** Reads and parses a file that the user named; symlinks are followed. */
int rule_file_read(struct rule_file *out, struct arena *arena, const char *path,
	struct err *err) MUST_CHECK;

/**
 * Applies a change to its rule and checks the result. `file` is the name of
 * the file of the change.
 */
int rule_change_apply(const struct rule_change *change, struct rule *rule,
	struct arena *arena, const char *file, struct err *err) MUST_CHECK;

#endif
