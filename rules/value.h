/*
 * What a decoder read: a tree of values, made of data alone. Nothing in it
 * was executed, and nothing in it can be. Shared by evidence (which key names
 * and kinds of content a file holds) and by `inspect` (which prints it).
 *
 * A decoder builds values through a struct value_builder, which bounds their
 * number and depth. Bytes are borrowed from the decoded content or live in
 * the builder's arena. Pickle and PHP can refer back to a value: the same
 * struct value may stand in several places, and even inside itself, so whoever
 * walks a tree bounds depth and steps.
 */
#ifndef RULES_VALUE_H
#define RULES_VALUE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_type {
	VALUE_NULL,
	VALUE_BOOL,   /* number is 0 or 1 */
	VALUE_INT,    /* number, or bytes: decimal text when it needs more */
	VALUE_FLOAT,  /* real */
	VALUE_TEXT,   /* bytes: UTF-8 as the format promises; not checked */
	VALUE_BYTES,  /* bytes */
	VALUE_LIST,   /* items, keys NULL; also tuples and sets */
	VALUE_MAP,    /* items with keys */
	VALUE_OBJECT, /* something with a class: `name`, items its state */
};

struct value_item {
	struct value *key; /* NULL in a list */
	struct value *value;
};

struct value {
	enum value_type type;
	const unsigned char *bytes;
	size_t len;
	int64_t number;
	double real;
	const char *name; /* class or callable, "datetime.datetime" */
	struct value_item *items;
	size_t count;
	size_t capacity;
};

/** Bounds of one decoding; a decoder stops with ERR_LIMIT beyond them. */
struct value_builder {
	struct arena *arena; /* borrowed; owns all values */
	size_t values_left;  /* values and items that may still be made */
};

#define VALUE_MAX_DEPTH 64
#define VALUE_MAX_COUNT 100000

/** A new value, or NULL when the builder's bound is reached. */
struct value *value_new(struct value_builder *builder, enum value_type type);

/** New scalars; the bytes are borrowed. NULL at the bound. */
struct value *value_text(
	struct value_builder *builder, const void *bytes, size_t len);
struct value *value_bytes(
	struct value_builder *builder, const void *bytes, size_t len);
struct value *value_int(struct value_builder *builder, int64_t number);

/** Appends to a list (key NULL), map or object. False at the bound. */
bool value_add(struct value_builder *builder, struct value *parent,
	struct value *key, struct value *value);

/** True for text and bytes; true for lists, maps and objects. */
bool value_is_bytes(const struct value *value);
bool value_is_tree(const struct value *value);

/** The value under a text key of a map or object, or NULL. */
const struct value *value_get(const struct value *map, const char *key);

/** True for text or bytes that equal `text`. */
bool value_is_text(const struct value *value, const char *text);

#endif
