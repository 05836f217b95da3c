/*
 * Kinds of text that look like secrets to a pattern and are none, told by
 * their form alone. A rule names those that its secret is not (`unlike`): the
 * key of one service is a UUID, and to a rule for passwords UUIDs are noise.
 */
#ifndef RULES_LOOKALIKE_H
#define RULES_LOOKALIKE_H

#include <stdbool.h>
#include <stddef.h>

enum lookalike {
	LOOKALIKE_CODE = 1 << 0,      /* an expression of a language */
	LOOKALIKE_HASH = 1 << 1,      /* hex of the length of a digest */
	LOOKALIKE_IMAGE = 1 << 2,     /* base64 of an image or a font */
	LOOKALIKE_INTEGRITY = 1 << 3, /* sha256-…, of lock files and pages */
	LOOKALIKE_NUMBER = 1 << 4,    /* digits, and what joins them */
	LOOKALIKE_PATH = 1 << 5,      /* a path or URL made of names */
	LOOKALIKE_UUID = 1 << 6,
	LOOKALIKE_WORDS = 1 << 7, /* rules/word_model.h */
};
#define LOOKALIKE_COUNT 8

/** "code", "hash", …; the word for one bit. NULL for no bit. */
const char *lookalike_name(unsigned bit);

/** The bit behind a word, or 0. */
unsigned lookalike_parse(const char *word);

/** The first of the kinds (a set of bits) that the value is of, or 0. */
unsigned lookalike_of(const unsigned char *bytes, size_t len, unsigned kinds);

#endif
