#include "rules/decoders/php_value.h"

#include "base/array.h"
#include "rules/decoders/span.h"

#include <stdlib.h>
#include <string.h>

/* "i:0;N;" is the shortest element of an array or object. */
#define SHORTEST_ELEMENT 6
#define MAX_CLASS_NAME   512
#define LONGEST_NUMBER   64

void php_reader_clear(struct php_reader *reader)
{
	free(reader->slots);
	reader->slots = NULL;
	reader->slot_count = reader->slot_capacity = 0;
}

void php_reader_calls(struct decoded *out, const struct php_reader *reader)
{
	out->calls = reader->classes.names;
	out->call_count = reader->classes.count;
	out->truncated = out->truncated || reader->classes.truncated;
}

static bool take(struct php_reader *reader, unsigned char byte)
{
	if (reader->at >= reader->len || reader->bytes[reader->at] != byte)
		return false;
	reader->at++;
	return true;
}

static size_t left(const struct php_reader *reader)
{
	return reader->len - reader->at;
}

/** Takes what stands before `end`, and `end`. */
static bool take_field(
	struct span *out, struct php_reader *reader, unsigned char end)
{
	size_t window = left(reader);
	struct span rest = { reader->bytes + reader->at,
		window < LONGEST_NUMBER ? window : LONGEST_NUMBER };
	if (!span_cut(out, &rest, end))
		return false;
	reader->at += out->len + 1;
	return true;
}

static bool take_count(
	size_t *out, struct php_reader *reader, unsigned char end)
{
	struct span field;
	int64_t number;
	if (!take_field(&field, reader, end) || !span_number(&number, field) ||
		number < 0 || (uint64_t)number > left(reader))
		return false;
	*out = (size_t)number;
	return true;
}

/** Takes `<length>:"<bytes>"`. */
static bool take_quoted(struct span *out, struct php_reader *reader)
{
	size_t len;
	if (!take_count(&len, reader, ':') || !take(reader, '"') ||
		len > left(reader))
		return false;
	*out = (struct span){ reader->bytes + reader->at, len };
	reader->at += len;
	return take(reader, '"');
}

static struct value *add_slot(struct php_reader *reader, struct value *value)
{
	if (!value) {
		reader->limited = true;
		return NULL;
	}
	ARRAY_GROW(reader->slots, reader->slot_count, reader->slot_capacity);
	reader->slots[reader->slot_count++].value = value;
	return value;
}

static struct value *new_value(struct php_reader *reader, enum value_type type)
{
	struct value *value = value_new(reader->builder, type);
	if (!value)
		reader->limited = true;
	return value;
}

static struct value *read_bool(struct php_reader *reader)
{
	struct span field;
	if (!take_field(&field, reader, ';') ||
		!(span_is(field, "0") || span_is(field, "1")))
		return NULL;
	struct value *value = new_value(reader, VALUE_BOOL);
	if (value)
		value->number = field.bytes[0] == '1';
	return value;
}

static struct value *read_int(struct php_reader *reader)
{
	struct span field;
	int64_t number;
	if (!take_field(&field, reader, ';') || !span_number(&number, field))
		return NULL;
	struct value *value = new_value(reader, VALUE_INT);
	if (value)
		value->number = number;
	return value;
}

static struct value *read_double(struct php_reader *reader)
{
	struct span field;
	if (!take_field(&field, reader, ';') || !field.len ||
		!span_made_of(field, "0123456789+-.eEINFA"))
		return NULL;
	char text[LONGEST_NUMBER + 1];
	memcpy(text, field.bytes, field.len);
	text[field.len] = '\0';
	char *end;
	double real = strtod(text, &end);
	if (*end)
		return NULL;
	struct value *value = new_value(reader, VALUE_FLOAT);
	if (value)
		value->real = real;
	return value;
}

static struct value *text_value(struct php_reader *reader, struct span text)
{
	struct value *value = new_value(reader, VALUE_TEXT);
	if (value) {
		value->bytes = text.bytes;
		value->len = text.len;
	}
	return value;
}

static struct value *read_string(struct php_reader *reader)
{
	struct span text;
	if (!take_quoted(&text, reader) || !take(reader, ';'))
		return NULL;
	return text_value(reader, text);
}

static int hex_digit(unsigned char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/** One byte of an S: string, where "\xx" stands for any byte. */
static bool take_escaped(unsigned char *out, struct php_reader *reader)
{
	if (!left(reader))
		return false;
	*out = reader->bytes[reader->at++];
	if (*out != '\\')
		return true;
	if (left(reader) < 2)
		return false;
	int high = hex_digit(reader->bytes[reader->at]);
	int low = hex_digit(reader->bytes[reader->at + 1]);
	reader->at += 2;
	if (high < 0 || low < 0)
		return false;
	*out = (unsigned char)(high * 16 + low);
	return true;
}

static struct value *read_escaped_string(struct php_reader *reader)
{
	size_t len;
	if (!take_count(&len, reader, ':') || !take(reader, '"') ||
		len > left(reader))
		return NULL;
	unsigned char *copy = arena_alloc(reader->builder->arena, len + 1);
	for (size_t i = 0; i < len; i++)
		if (!take_escaped(&copy[i], reader))
			return NULL;
	if (!take(reader, '"') || !take(reader, ';'))
		return NULL;
	return text_value(reader, (struct span){ copy, len });
}

/** The name without "\0Class\0" or "\0*\0" before private and protected. */
static void strip_visibility(struct value *key)
{
	struct span rest = { key->bytes, key->len };
	struct span head;
	if (!span_cut(&head, &rest, '\0') || head.len)
		return;
	if (span_cut(&head, &rest, '\0')) {
		key->bytes = rest.bytes;
		key->len = rest.len;
	}
}

static struct value *read_key(struct php_reader *reader)
{
	if (take(reader, 'i'))
		return take(reader, ':') ? read_int(reader) : NULL;
	if (take(reader, 's'))
		return take(reader, ':') ? read_string(reader) : NULL;
	if (take(reader, 'S'))
		return take(reader, ':') ? read_escaped_string(reader) : NULL;
	return NULL;
}

static struct value *read_value(struct php_reader *reader, size_t depth);

/** Reads `<count>:{<key><value>…}` into the container. */
static bool read_elements(
	struct php_reader *reader, struct value *container, size_t depth)
{
	size_t count;
	if (!take_count(&count, reader, ':') || !take(reader, '{') ||
		count > left(reader) / SHORTEST_ELEMENT)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct value *key = read_key(reader);
		struct value *value =
			key ? read_value(reader, depth + 1) : NULL;
		if (!value)
			return false;
		if (container->type == VALUE_OBJECT && key->bytes)
			strip_visibility(key);
		if (!value_add(reader->builder, container, key, value)) {
			reader->limited = true;
			return false;
		}
	}
	return take(reader, '}');
}

static struct value *read_array(struct php_reader *reader, size_t depth)
{
	struct value *map = add_slot(reader, new_value(reader, VALUE_MAP));
	return map && read_elements(reader, map, depth) ? map : NULL;
}

static bool is_class_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char byte = name.bytes[i];
		if (byte < 0x80 && byte != '_' && byte != '\\' &&
			!(byte >= '0' && byte <= '9') &&
			!((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'))
			return false;
	}
	return name.len > 0 && name.len <= MAX_CLASS_NAME;
}

/** The name as text, listed among the classes while there is room. */
static const char *note_class(struct php_reader *reader, struct span name)
{
	struct arena *arena = reader->builder->arena;
	char text[MAX_CLASS_NAME + 1];
	memcpy(text, name.bytes, name.len);
	text[name.len] = '\0';
	const char *listed = call_list_add(&reader->classes, arena, text);
	return listed ? listed : arena_strdup(arena, text);
}

static struct value *new_object(struct php_reader *reader, struct span class)
{
	if (!is_class_name(class))
		return NULL;
	struct value *object =
		add_slot(reader, new_value(reader, VALUE_OBJECT));
	if (object)
		object->name = note_class(reader, class);
	return object;
}

static struct value *read_object(struct php_reader *reader, size_t depth)
{
	struct span class;
	if (!take_quoted(&class, reader) || !take(reader, ':'))
		return NULL;
	struct value *object = new_object(reader, class);
	return object && read_elements(reader, object, depth) ? object : NULL;
}

/** C: a class that serializes itself; its bytes are its own affair. */
static struct value *read_custom(struct php_reader *reader)
{
	struct span class;
	size_t len;
	if (!take_quoted(&class, reader) || !take(reader, ':') ||
		!take_count(&len, reader, ':') || !take(reader, '{') ||
		len > left(reader))
		return NULL;
	struct value *object = new_object(reader, class);
	if (!object)
		return NULL;
	object->bytes = reader->bytes + reader->at;
	object->len = len;
	reader->at += len;
	return take(reader, '}') ? object : NULL;
}

/** E: a case of an enum, "Suit:Hearts". */
static struct value *read_enum(struct php_reader *reader)
{
	struct span class, text;
	if (!take_quoted(&text, reader) || !take(reader, ';') ||
		!span_cut(&class, &text, ':'))
		return NULL;
	struct value *object = new_object(reader, class);
	if (object) {
		object->bytes = text.bytes;
		object->len = text.len;
	}
	return object;
}

static struct value *read_reference(struct php_reader *reader)
{
	struct span field;
	int64_t number;
	if (!take_field(&field, reader, ';') || !span_number(&number, field) ||
		number < 1 || (uint64_t)number > reader->slot_count)
		return NULL;
	return reader->slots[number - 1].value;
}

static struct value *slotted(struct php_reader *reader, struct value *value)
{
	return value ? add_slot(reader, value) : NULL;
}

/** What follows "<type>:". Recursive through arrays and objects, bounded. */
static struct value *read_typed(
	struct php_reader *reader, unsigned char type, size_t depth)
{
	switch (type) {
	case 'b':
		return slotted(reader, read_bool(reader));
	case 'i':
		return slotted(reader, read_int(reader));
	case 'd':
		return slotted(reader, read_double(reader));
	case 's':
		return slotted(reader, read_string(reader));
	case 'S':
		return slotted(reader, read_escaped_string(reader));
	case 'a':
		return read_array(reader, depth);
	case 'O':
		return read_object(reader, depth);
	case 'C':
		return read_custom(reader);
	case 'E':
		return read_enum(reader);
	case 'r':
		return slotted(reader, read_reference(reader));
	case 'R':
		return read_reference(reader);
	default:
		return NULL;
	}
}

static struct value *read_value(struct php_reader *reader, size_t depth)
{
	if (depth >= VALUE_MAX_DEPTH) {
		reader->limited = true;
		return NULL;
	}
	if (take(reader, 'N'))
		return take(reader, ';')
			? slotted(reader, new_value(reader, VALUE_NULL))
			: NULL;
	if (!left(reader))
		return NULL;
	unsigned char type = reader->bytes[reader->at++];
	return take(reader, ':') ? read_typed(reader, type, depth) : NULL;
}

struct value *php_reader_value(struct php_reader *reader)
{
	return read_value(reader, 0);
}
