/*
 * Members of a JSON object that was read: the inverse of json_field.h. A member
 * that is absent or of another type reads as nothing; that a line says just
 * what was understood of it is for its reader to check, by writing it again.
 */
#ifndef REPORT_JSON_READ_H
#define REPORT_JSON_READ_H

#include "base/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The text, or NULL; borrowed from `object`. */
const char *get_text(const json_t *object, const char *key);

/** A copy of the text in the arena, or NULL. */
const char *copy_text(
	struct arena *arena, const json_t *object, const char *key);

/** As json_path() wrote it: the bytes under `exact`, else the text. */
const char *copy_path(struct arena *arena, const json_t *object,
	const char *key, const char *exact);

/** Copies a text of at most `size` - 1 bytes; "" for any other. */
void get_word(char *out, size_t size, const json_t *object, const char *key);

uint64_t get_count(const json_t *object, const char *key);
/** The same; 0 for more than 32 bits. */
uint32_t get_count32(const json_t *object, const char *key);
int64_t get_int(const json_t *object, const char *key);
bool get_bool(const json_t *object, const char *key);

/** enum tristate. */
int get_tristate(const json_t *object, const char *key);

/** A date as put_date() writes it; false for anything else. */
bool get_date(int64_t *out, const json_t *object, const char *key);

/** A set written by put_bits(), of bits that `name` has a word for. */
unsigned get_bits(const json_t *object, const char *key,
	const char *(*name)(unsigned bit), unsigned bit_count);

/** The number from 0 below `count` that `name` has the text for, or -1. */
int get_named(const json_t *object, const char *key, const char *(*name)(int),
	int count);

/** Copies of the texts of a list, at most `limit`; NULL for none. */
const char **copy_texts(size_t *count, struct arena *arena,
	const json_t *object, const char *key, size_t limit);

#endif
