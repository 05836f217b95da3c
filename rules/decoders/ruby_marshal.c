/*
 * Ruby's Marshal format 4.8 (ruby/doc/marshal.rdoc), in which Rails' cache
 * store, its cookies of old, and PStore keep sessions. Symbols and objects are
 * numbered in the order in which they are read, and can be referred to.
 */
#include "rules/decoders/decoders.h"

#include "base/array.h"
#include "base/utf8.h"
#include "rules/decoders/big_int.h"
#include "rules/decoders/call_list.h"
#include "rules/decoders/pickle_text.h"
#include "rules/decoders/session_hints.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_CLASS "ActiveSupport::Cache::Entry"
#define MAX_NAME    256
#define MAX_TIME    1e12

struct value_list {
	struct value **items;
	size_t count, capacity;
};

struct reader {
	struct value_builder builder;
	const unsigned char *bytes;
	size_t len;
	size_t at;
	struct value_list symbols;
	struct value_list objects;
	struct call_list calls;
	bool limited;
};

/* Bytes and numbers */

static bool take(struct reader *reader, const unsigned char **out, int64_t len)
{
	if (len < 0 || (uint64_t)len > reader->len - reader->at)
		return false;
	*out = reader->bytes + reader->at;
	reader->at += (size_t)len;
	return true;
}

/** A number: one byte of value, or how many bytes of value follow. */
static bool take_number(struct reader *reader, int64_t *out)
{
	const unsigned char *bytes;
	if (!take(reader, &bytes, 1))
		return false;
	int first = *bytes < 0x80 ? *bytes : *bytes - 0x100;
	if (first > 4 || first < -4) {
		*out = first > 0 ? first - 5 : first + 5;
		return true;
	}
	int width = first < 0 ? -first : first;
	if (!take(reader, &bytes, width))
		return false;
	*out = first < 0 ? -1 : 0;
	for (int i = 0; i < width; i++) {
		*out &= ~((int64_t)0xFF << (8 * i));
		*out |= (int64_t)bytes[i] << (8 * i);
	}
	return true;
}

/** A length or count; what it counts takes a byte each at least. */
static bool take_count(struct reader *reader, int64_t *out)
{
	return take_number(reader, out) && *out >= 0 &&
		(uint64_t)*out <= reader->len - reader->at;
}

/* Values */

static struct value *made(struct reader *reader, struct value *value)
{
	if (!value)
		reader->limited = true;
	return value;
}

static void keep(struct value_list *list, struct value *value)
{
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = value;
}

/** A value that can be referred to later. */
static struct value *make_object(struct reader *reader, enum value_type type)
{
	struct value *value = made(reader, value_new(&reader->builder, type));
	if (value)
		keep(&reader->objects, value);
	return value;
}

static struct value *read_bool(struct reader *reader, bool flag)
{
	struct value *value =
		made(reader, value_new(&reader->builder, VALUE_BOOL));
	if (value)
		value->number = flag;
	return value;
}

static struct value *read_int(struct reader *reader)
{
	int64_t number;
	if (!take_number(reader, &number))
		return NULL;
	return made(reader, value_int(&reader->builder, number));
}

static struct value *read_big_int(struct reader *reader)
{
	const unsigned char *sign;
	const unsigned char *bytes;
	int64_t pairs;
	if (!take(reader, &sign, 1) || !take_count(reader, &pairs) ||
		!take(reader, &bytes, pairs * 2))
		return NULL;
	struct value *value = made(reader,
		big_int_value(&reader->builder, bytes, (size_t)pairs * 2,
			*sign == '-'));
	if (value)
		keep(&reader->objects, value);
	return value;
}

static struct value *set_text(
	struct value *value, const unsigned char *bytes, size_t len)
{
	if (!value)
		return NULL;
	value->type = utf8_valid(bytes, len) ? VALUE_TEXT : VALUE_BYTES;
	value->bytes = bytes;
	value->len = len;
	return value;
}

static struct value *read_text(struct reader *reader)
{
	const unsigned char *bytes;
	int64_t len;
	if (!take_count(reader, &len) || !take(reader, &bytes, len))
		return NULL;
	return set_text(make_object(reader, VALUE_TEXT), bytes, (size_t)len);
}

static struct value *read_float(struct reader *reader)
{
	const unsigned char *bytes;
	int64_t len;
	double real;
	if (!take_count(reader, &len) || !take(reader, &bytes, len))
		return NULL;
	/* Ruby 1.8 put bits of the mantissa behind a NUL */
	size_t digits = strnlen((const char *)bytes, (size_t)len);
	if (!pickle_real(&real, bytes, digits))
		return NULL;
	struct value *value = make_object(reader, VALUE_FLOAT);
	if (value)
		value->real = real;
	return value;
}

static struct value *read_symbol(struct reader *reader)
{
	const unsigned char *bytes;
	int64_t len;
	if (!take_count(reader, &len) || !take(reader, &bytes, len))
		return NULL;
	struct value *symbol =
		set_text(made(reader, value_new(&reader->builder, VALUE_TEXT)),
			bytes, (size_t)len);
	if (symbol)
		keep(&reader->symbols, symbol);
	return symbol;
}

static struct value *read_link(
	struct reader *reader, const struct value_list *list)
{
	int64_t index;
	if (!take_number(reader, &index) || index < 0 ||
		(uint64_t)index >= list->count)
		return NULL;
	return list->items[index];
}

static struct value *read_value(struct reader *reader, unsigned depth);

/** A symbol or a reference to one: a class, a member, a variable. */
static struct value *read_name(struct reader *reader, unsigned depth)
{
	const unsigned char *type;
	if (!take(reader, &type, 1))
		return NULL;
	if (*type == ':')
		return read_symbol(reader);
	if (*type == ';')
		return read_link(reader, &reader->symbols);
	reader->at--;
	/* a name beyond ASCII carries its encoding */
	return *type == 'I' ? read_value(reader, depth) : NULL;
}

/** A class by name; `method` is what a load would call, or NULL. */
static const char *read_class(
	struct reader *reader, const char *method, unsigned depth)
{
	const struct value *name = read_name(reader, depth);
	if (!name || (name->type != VALUE_TEXT && name->type != VALUE_BYTES))
		return NULL;
	int len = name->len < MAX_NAME ? (int)name->len : MAX_NAME;
	char *class = arena_printf(
		reader->builder.arena, "%.*s", len, (const char *)name->bytes);
	if (method)
		call_list_add(&reader->calls, reader->builder.arena,
			arena_printf(
				reader->builder.arena, "%s%s", class, method));
	return class;
}

/* Containers */

static bool add(struct reader *reader, struct value *parent, struct value *key,
	struct value *value)
{
	if (!value)
		return false;
	if (value_add(&reader->builder, parent, key, value))
		return true;
	reader->limited = true;
	return false;
}

static bool read_items(struct reader *reader, struct value *list, int64_t count,
	unsigned depth)
{
	for (int64_t i = 0; i < count; i++)
		if (!add(reader, list, NULL, read_value(reader, depth)))
			return false;
	return true;
}

static bool read_pairs(
	struct reader *reader, struct value *map, int64_t count, unsigned depth)
{
	for (int64_t i = 0; i < count; i++) {
		struct value *key = read_value(reader, depth);
		if (!key || !add(reader, map, key, read_value(reader, depth)))
			return false;
	}
	return true;
}

/** Names and values, added to `object` or, where that is NULL, left out. */
static bool read_members(
	struct reader *reader, struct value *object, unsigned depth)
{
	int64_t count;
	if (!take_count(reader, &count))
		return false;
	for (int64_t i = 0; i < count; i++) {
		struct value *name = read_name(reader, depth);
		struct value *value = name ? read_value(reader, depth) : NULL;
		if (!value || (object && !add(reader, object, name, value)))
			return false;
	}
	return true;
}

static struct value *read_list(struct reader *reader, unsigned depth)
{
	int64_t count;
	if (!take_count(reader, &count))
		return NULL;
	struct value *list = make_object(reader, VALUE_LIST);
	return list && read_items(reader, list, count, depth) ? list : NULL;
}

static struct value *read_map(
	struct reader *reader, bool has_default, unsigned depth)
{
	int64_t count;
	if (!take_count(reader, &count))
		return NULL;
	struct value *map = make_object(reader, VALUE_MAP);
	if (!map || !read_pairs(reader, map, count, depth))
		return NULL;
	if (has_default && !read_value(reader, depth))
		return NULL;
	return map;
}

/** An object or struct: class, then members. */
static struct value *read_object(struct reader *reader, unsigned depth)
{
	const char *class = read_class(reader, NULL, depth);
	struct value *object = class ? make_object(reader, VALUE_OBJECT) : NULL;
	if (!object)
		return NULL;
	object->name = class;
	return read_members(reader, object, depth) ? object : NULL;
}

/** An object that its class makes from another value (marshal_load). */
static struct value *read_loaded(
	struct reader *reader, const char *method, unsigned depth)
{
	const char *class = read_class(reader, method, depth);
	struct value *object = class ? make_object(reader, VALUE_OBJECT) : NULL;
	if (!object)
		return NULL;
	object->name = class;
	return add(reader, object, NULL, read_value(reader, depth)) ? object
								    : NULL;
}

/** An object that its class makes from bytes (_load), variables behind. */
static struct value *read_dumped(
	struct reader *reader, bool has_variables, unsigned depth)
{
	const char *class = read_class(reader, "._load", depth);
	const unsigned char *bytes;
	int64_t len;
	if (!class || !take_count(reader, &len) || !take(reader, &bytes, len))
		return NULL;
	struct value *object =
		made(reader, value_new(&reader->builder, VALUE_OBJECT));
	struct value *data =
		made(reader, value_bytes(&reader->builder, bytes, (size_t)len));
	if (!object || !data || !add(reader, object, NULL, data) ||
		(has_variables && !read_members(reader, object, depth)))
		return NULL;
	object->name = class;
	keep(&reader->objects, object); /* numbered behind its variables */
	return object;
}

/** A value with instance variables; a text's are only its encoding. */
static struct value *read_with_variables(struct reader *reader, unsigned depth)
{
	if (reader->at < reader->len && reader->bytes[reader->at] == 'u') {
		reader->at++;
		return read_dumped(reader, true, depth);
	}
	struct value *value = read_value(reader, depth);
	if (!value)
		return NULL;
	bool is_object = value->type == VALUE_OBJECT;
	return read_members(reader, is_object ? value : NULL, depth) ? value
								     : NULL;
}

static struct value *read_regex(struct reader *reader)
{
	struct value *text = read_text(reader);
	const unsigned char *options;
	return text && take(reader, &options, 1) ? text : NULL;
}

static struct value *read_plain(struct reader *reader, unsigned char type)
{
	switch (type) {
	case '0':
		return made(reader, value_new(&reader->builder, VALUE_NULL));
	case 'T':
	case 'F':
		return read_bool(reader, type == 'T');
	case 'i':
		return read_int(reader);
	case 'l':
		return read_big_int(reader);
	case 'f':
		return read_float(reader);
	case '"':
	case 'c': /* a class, a module, or either, by name */
	case 'm':
	case 'M':
		return read_text(reader);
	case ':':
		return read_symbol(reader);
	case ';':
		return read_link(reader, &reader->symbols);
	case '@':
		return read_link(reader, &reader->objects);
	case '/':
		return read_regex(reader);
	default:
		return NULL;
	}
}

/** Recursive to VALUE_MAX_DEPTH. NULL: not Marshal, or a bound was hit. */
static struct value *read_value(struct reader *reader, unsigned depth)
{
	const unsigned char *type;
	if (depth++ == VALUE_MAX_DEPTH)
		return made(reader, NULL);
	if (!take(reader, &type, 1))
		return NULL;
	switch (*type) {
	case '[':
		return read_list(reader, depth);
	case '{':
	case '}':
		return read_map(reader, *type == '}', depth);
	case 'I':
		return read_with_variables(reader, depth);
	case 'o':
	case 'S':
		return read_object(reader, depth);
	case 'u':
		return read_dumped(reader, false, depth);
	case 'U':
		return read_loaded(reader, "#marshal_load", depth);
	case 'd':
		return read_loaded(reader, "#_load_data", depth);
	case 'C': /* an instance of a subclass of a built-in class */
	case 'e': /* extended by a module */
		return read_name(reader, depth) ? read_value(reader, depth)
						: NULL;
	default:
		return read_plain(reader, *type);
	}
}

/* What it is */

/** The session's own hash: inside a cache entry, or a PStore's "hash". */
static const struct value *session_map(const struct value *root)
{
	const struct value *map = root;
	if (root->type == VALUE_OBJECT && !strcmp(root->name, ENTRY_CLASS)) {
		map = value_get(root, "@value");
		map = map ? map : value_get(root, "@v");
	} else if (root->type == VALUE_MAP && root->count == 1) {
		map = value_get(root, "hash");
		map = map ? map : root;
	}
	return map && map->type == VALUE_MAP ? map : NULL;
}

/** What the file's name says of the session id; ID_UNKNOWN for no session. */
static int id_of_name(const char *path)
{
	const char *name = session_file_name(path);
	/* Rack 2.0.8: "2::" and the SHA-256 of the id, CVE-2019-16782 */
	if (!strncmp(name, "_session_id%3A2%3A%3A", 21))
		return ID_HASHED;
	if (!strncmp(name, "_session_id%3A", 14))
		return ID_CLEAR;
	/* CGI::Session::PStore: part of the MD5 of the id */
	return !strncmp(name, "ruby_sess.", 10) ? ID_HASHED : ID_UNKNOWN;
}

static double number_of(const struct value *value)
{
	return value->type == VALUE_FLOAT  ? value->real
		: value->type == VALUE_INT ? (double)value->number
					   : 0;
}

static void note_expiry(struct decoded *out, const struct value *root)
{
	const struct value *created = value_get(root, "@created_at");
	const struct value *lifetime = value_get(root, "@expires_in");
	if (!created || !lifetime)
		return;
	if (lifetime->type == VALUE_NULL) {
		out->expiry = EXPIRY_NEVER;
		return;
	}
	double at = number_of(created) + number_of(lifetime);
	if (!(at > 0 && at < MAX_TIME))
		return;
	out->expiry = EXPIRY_AT;
	out->expires_at = (int64_t)at;
}

static void fill(
	struct decoded *out, const struct reader *reader, struct value *root)
{
	const struct value *map = session_map(root);
	int id = id_of_name(out->path);
	bool session = map && (id != ID_UNKNOWN || session_keys_confirm(map));
	out->root = root;
	out->kind = session ? "session" : "marshal";
	out->id = session ? id : ID_UNKNOWN;
	out->entry_count = 1;
	out->calls = reader->calls.names;
	out->call_count = reader->calls.count;
	out->truncated = reader->calls.truncated;
	note_expiry(out, root);
}

static int decode(struct decoded *out, const unsigned char *bytes, size_t len,
	struct err *err)
{
	if (len < 3 || bytes[0] != 4 || bytes[1] != 8)
		return 0;
	struct reader reader = {
		.builder = { .arena = out->arena,
			.values_left = VALUE_MAX_COUNT },
		.bytes = bytes,
		.len = len,
		.at = 2,
	};
	struct value *root = read_value(&reader, 0);
	free(reader.symbols.items);
	free(reader.objects.items);
	if (!root)
		return reader.limited
			? err_set(err, ERR_LIMIT,
				  "Marshal data too deep or with too many "
				  "values")
			: 0;
	if (reader.at != len)
		return 0;
	fill(out, &reader, root);
	return 1;
}

const struct decoder decoder_ruby_marshal = {
	.name = "ruby-marshal",
	.summary = "Ruby Marshal: session of Rails or PStore, or other objects",
	.kinds = (const char *const[]){ "session", "marshal", NULL },
	.decode = decode,
};
