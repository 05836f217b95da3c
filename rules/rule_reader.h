/*
 * Values of a rule file, taken from its YAML nodes with their type checked:
 * one function a type. Every function fails with "file:line:column: what is
 * wrong", the place being the node's.
 */
#ifndef RULES_RULE_READER_H
#define RULES_RULE_READER_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/yaml.h"

#include <stdbool.h>
#include <stddef.h>

/** Where texts go and what messages start with. All borrowed. */
struct rule_reader {
	struct arena *arena;
	const char *file;
	struct err *err;
};

/** Checks one text of a key; 0 or ERR_PARSE. */
typedef int rule_check_text(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text);

/** Fails at a node. */
int reader_fail(const struct rule_reader *reader, const struct yaml_node *at,
	const char *format, ...) PRINTF_LIKE(3, 4);

/**
 * Fails with "unknown <what> '<text>'", and "; did you mean '…'?" when one of
 * the candidates (NULL-ended) is close.
 */
int reader_fail_unknown(const struct rule_reader *reader,
	const struct yaml_node *at, const char *what,
	const char *const *candidates);

/** The node is a map, a list. */
int reader_expect_map(const struct rule_reader *reader,
	const struct yaml_node *node, const char *what) MUST_CHECK;
int reader_expect_list(const struct rule_reader *reader,
	const struct yaml_node *node, const char *what) MUST_CHECK;

/** Text that is not empty and holds no NUL. */
int reader_text(const struct rule_reader *reader, const char **out,
	const struct yaml_node *node, const char *what) MUST_CHECK;

/** One text or a list of them; `check` may be NULL. *out ends with NULL. */
int reader_texts(const struct rule_reader *reader, const char *const **out,
	const struct yaml_node *node, const char *what,
	rule_check_text *check) MUST_CHECK;

/** The word true or false. */
int reader_bool(const struct rule_reader *reader, bool *out,
	const struct yaml_node *node, const char *what) MUST_CHECK;

/** A decimal number without sign, at most `max`. */
int reader_size(const struct rule_reader *reader, size_t *out,
	const struct yaml_node *node, const char *what, size_t max) MUST_CHECK;

/** A decimal number with at most three places: thousandths. */
int reader_thousandths(const struct rule_reader *reader, size_t *out,
	const struct yaml_node *node, const char *what, size_t max) MUST_CHECK;

/** Every key of a map is one of `keys` (NULL-ended). */
int reader_expect_keys(const struct rule_reader *reader,
	const struct yaml_node *map, const char *const *keys) MUST_CHECK;

#endif
