/* JSON as values: measured first, then read by jansson, then copied. */
#include "rules/decoders/json_value.h"

#include "base/json_size.h"

#include <jansson.h>

#include <stdbool.h>
#include <string.h>

static struct value *from_json(struct value_builder *builder, json_t *json);

static struct value *copy_text(
	struct value_builder *builder, const char *text, size_t len)
{
	return value_text(
		builder, arena_memdupz(builder->arena, text, len), len);
}

static struct value *from_object(struct value_builder *builder, json_t *json)
{
	struct value *map = value_new(builder, VALUE_MAP);
	if (!map)
		return NULL;
	for (void *at = json_object_iter(json); at;
		at = json_object_iter_next(json, at)) {
		const char *name = json_object_iter_key(at);
		struct value *key = copy_text(builder, name, strlen(name));
		struct value *value =
			from_json(builder, json_object_iter_value(at));
		if (!key || !value || !value_add(builder, map, key, value))
			return NULL;
	}
	return map;
}

static struct value *from_array(struct value_builder *builder, json_t *json)
{
	struct value *list = value_new(builder, VALUE_LIST);
	if (!list)
		return NULL;
	for (size_t i = 0; i < json_array_size(json); i++) {
		struct value *value =
			from_json(builder, json_array_get(json, i));
		if (!value || !value_add(builder, list, NULL, value))
			return NULL;
	}
	return list;
}

static struct value *from_real(struct value_builder *builder, double real)
{
	struct value *value = value_new(builder, VALUE_FLOAT);
	if (value)
		value->real = real;
	return value;
}

static struct value *from_bool(struct value_builder *builder, bool flag)
{
	struct value *value = value_new(builder, VALUE_BOOL);
	if (value)
		value->number = flag;
	return value;
}

/** Recursive, no deeper than json_size() allowed. NULL at the bound. */
static struct value *from_json(struct value_builder *builder, json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return from_object(builder, json);
	case JSON_ARRAY:
		return from_array(builder, json);
	case JSON_STRING:
		return copy_text(builder, json_string_value(json),
			json_string_length(json));
	case JSON_INTEGER:
		return value_int(builder, json_integer_value(json));
	case JSON_REAL:
		return from_real(builder, json_real_value(json));
	case JSON_TRUE:
	case JSON_FALSE:
		return from_bool(builder, json_is_true(json));
	case JSON_NULL:
		break;
	}
	return value_new(builder, VALUE_NULL);
}

static json_t *load(const unsigned char *text, size_t len)
{
	const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_error_t error;
	json_t *json = json_loadb((const char *)text, len, flags, &error);
	if (!json && json_error_code(&error) == json_error_numeric_overflow)
		json = json_loadb((const char *)text, len,
			flags | JSON_DECODE_INT_AS_REAL, &error);
	return json;
}

int json_value_read(struct value **out, struct value_builder *builder,
	const unsigned char *text, size_t len, struct err *err)
{
	if (len > JSON_VALUE_MAX_LEN)
		return err_set(err, ERR_LIMIT, "JSON text of more than %zu MiB",
			JSON_VALUE_MAX_LEN >> 20);
	const struct json_size size = json_size(text, len);
	if (size.values > builder->values_left || size.depth > VALUE_MAX_DEPTH)
		return err_set(err, ERR_LIMIT,
			"JSON text too deep or with too many values");
	CLEANUP(json_decrefp) json_t *json = load(text, len);
	if (!json)
		return 0;
	*out = from_json(builder, json);
	if (!*out)
		return err_set(
			err, ERR_LIMIT, "JSON text with too many values");
	return 1;
}
