/*
 * YAML as rule files use it: maps with text keys, lists, and scalars that are
 * all text: no value is a number, a date or a boolean before its reader says
 * so, and `no` is a word. Every node knows its place, for messages. What a
 * rule file has no use for is refused: anchors, aliases, tags, a second
 * document, keys that are no text or stand twice in a map.
 *
 * Only this module knows libfyaml.
 */
#ifndef RULES_YAML_H
#define RULES_YAML_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_type {
	YAML_TEXT,
	YAML_LIST,
	YAML_MAP,
};

struct yaml_item {
	const struct yaml_node *key; /* text; NULL in a list */
	const struct yaml_node *value;
};

/** A node; borrowed from the arena that it was parsed into. */
struct yaml_node {
	enum yaml_type type;
	int line, column; /* counted from 1, columns in characters */

	const char *text; /* YAML_TEXT: may hold NULs, has one behind it */
	size_t len;
	bool block;      /* a literal or folded block: its last line break is of
			    the notation, not of the text */
	int text_column; /* column of the text's first character where the
			    file has it character by character; else 0 */

	struct yaml_item *items; /* YAML_LIST, YAML_MAP: in file order */
	size_t count, capacity;
};

#define YAML_MAX_BYTES ((size_t)1024 * 1024)
#define YAML_MAX_DEPTH 16
#define YAML_MAX_KEYS  64 /* in one map */

/**
 * Parses one document. *out is NULL for a file without content. ERR_PARSE
 * with "file:line:column: …" for the first mistake; `file` is for that alone.
 */
int yaml_parse(const struct yaml_node **out, struct arena *arena,
	const char *file, const char *bytes, size_t len,
	struct err *err) MUST_CHECK;

/** The value under a key of a map, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/**
 * Text for a message: cut to some 60 bytes, with '?' for what could upset a
 * terminal. Borrowed from the arena.
 */
const char *yaml_printable(struct arena *arena, const char *text, size_t len);

#endif
