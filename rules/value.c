#include "rules/value.h"

#include <string.h>

struct value *value_new(struct value_builder *builder, enum value_type type)
{
	if (!builder->values_left)
		return NULL;
	builder->values_left--;
	struct value *value = arena_alloc(builder->arena, sizeof(*value));
	value->type = type;
	return value;
}

static struct value *new_span(struct value_builder *builder,
	enum value_type type, const void *bytes, size_t len)
{
	struct value *value = value_new(builder, type);
	if (value) {
		value->bytes = bytes;
		value->len = len;
	}
	return value;
}

struct value *value_text(
	struct value_builder *builder, const void *bytes, size_t len)
{
	return new_span(builder, VALUE_TEXT, bytes, len);
}

struct value *value_bytes(
	struct value_builder *builder, const void *bytes, size_t len)
{
	return new_span(builder, VALUE_BYTES, bytes, len);
}

struct value *value_int(struct value_builder *builder, int64_t number)
{
	struct value *value = value_new(builder, VALUE_INT);
	if (value)
		value->number = number;
	return value;
}

bool value_add(struct value_builder *builder, struct value *parent,
	struct value *key, struct value *value)
{
	if (!builder->values_left)
		return false;
	builder->values_left--;
	if (parent->count == parent->capacity) {
		size_t capacity = parent->capacity ? parent->capacity * 2 : 4;
		struct value_item *items =
			arena_array(builder->arena, capacity, sizeof(*items));
		if (parent->count)
			memcpy(items, parent->items,
				parent->count * sizeof(*items));
		parent->items = items;
		parent->capacity = capacity;
	}
	parent->items[parent->count++] =
		(struct value_item){ .key = key, .value = value };
	return true;
}

bool value_is_bytes(const struct value *value)
{
	return value->type == VALUE_TEXT || value->type == VALUE_BYTES;
}

bool value_is_tree(const struct value *value)
{
	return value->type == VALUE_LIST || value->type == VALUE_MAP ||
		value->type == VALUE_OBJECT;
}

const struct value *value_get(const struct value *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (map->items[i].key && value_is_text(map->items[i].key, key))
			return map->items[i].value;
	return NULL;
}

bool value_is_text(const struct value *value, const char *text)
{
	size_t len = strlen(text);
	return value_is_bytes(value) && value->len == len &&
		!memcmp(value->bytes, text, len);
}
