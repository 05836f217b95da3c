#include "report/json_read.h"

#include "report/base64.h"
#include "report/iso_date.h"
#include "scanner/finding.h"

#include <string.h>

const char *get_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *copy_text(
	struct arena *arena, const json_t *object, const char *key)
{
	return arena_strdup(arena, get_text(object, key));
}

const char *copy_path(struct arena *arena, const json_t *object,
	const char *key, const char *exact)
{
	const char *coded = get_text(object, exact);
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	if (!coded || !base64_read(&bytes, coded) || !bytes.len)
		return copy_text(arena, object, key);
	return arena_memdupz(arena, bytes.bytes, bytes.len);
}

void get_word(char *out, size_t size, const json_t *object, const char *key)
{
	const char *text = get_text(object, key);
	size_t len = text ? strlen(text) : 0;
	if (len >= size)
		len = 0;
	if (len)
		memcpy(out, text, len);
	out[len] = '\0';
}

int64_t get_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

uint64_t get_count(const json_t *object, const char *key)
{
	int64_t value = get_int(object, key);
	return value < 0 ? 0 : (uint64_t)value;
}

uint32_t get_count32(const json_t *object, const char *key)
{
	uint64_t count = get_count(object, key);
	return count > UINT32_MAX ? 0 : (uint32_t)count;
}

bool get_bool(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

int get_tristate(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_boolean(value))
		return UNKNOWN;
	return json_is_true(value) ? YES : NO;
}

bool get_date(int64_t *out, const json_t *object, const char *key)
{
	const char *text = get_text(object, key);
	return text && iso_date_read(out, text);
}

unsigned get_bits(const json_t *object, const char *key,
	const char *(*name)(unsigned bit), unsigned bit_count)
{
	const json_t *list = json_object_get(object, key);
	unsigned set = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));
		for (unsigned bit = 0; word && bit < bit_count; bit++)
			if (!strcmp(word, name(1U << bit)))
				set |= 1U << bit;
	}
	return set;
}

int get_named(const json_t *object, const char *key, const char *(*name)(int),
	int count)
{
	const char *word = get_text(object, key);
	for (int i = 0; word && i < count; i++)
		if (!strcmp(word, name(i)))
			return i;
	return -1;
}

const char **copy_texts(size_t *count, struct arena *arena,
	const json_t *object, const char *key, size_t limit)
{
	const json_t *list = json_object_get(object, key);
	size_t size = json_array_size(list);
	*count = 0;
	if (!size || size > limit)
		return NULL;
	const char **texts = arena_array(arena, size, sizeof(*texts));
	for (size_t i = 0; i < size; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		texts[i] = arena_strdup(arena, text ? text : "");
	}
	*count = size;
	return texts;
}
