/*
 * The keys of a rule: which there are, and how each one's value becomes the
 * fields of struct rule. docs/rules.md describes them.
 */
#ifndef RULES_RULE_KEYS_H
#define RULES_RULE_KEYS_H

#include "base/err.h"
#include "rules/rule.h"
#include "rules/rule_reader.h"

/**
 * Sets the fields of the keys that the map gives and leaves the others alone.
 * The key `skip` is not looked at; any other that no rule has is an error.
 */
int rule_keys_set(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *map, const char *skip) MUST_CHECK;

/** Adds the items of the keys that the map gives, all of them lists. */
int rule_keys_extend(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *map, const char *skip) MUST_CHECK;

/** What is wrong with a rule as a whole, or NULL. Static. */
const char *rule_lint(const struct rule *rule);

/** A word of severity or confidence. */
int rule_read_severity(const struct rule_reader *reader, int *out,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_confidence(const struct rule_reader *reader, int *out,
	const struct yaml_node *node) MUST_CHECK;

/* One function a key whose value is more than texts. */
int rule_read_decoder(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_grades(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_config(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_requires(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_unlike(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_checksum(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_with(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_tolerates(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;
int rule_read_examples(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node) MUST_CHECK;

/** The kinds that grades ask for are those of the rule's decoder. */
int rule_check_grade_kinds(const struct rule_reader *reader,
	const struct rule *rule, const struct yaml_node *map) MUST_CHECK;

#endif
