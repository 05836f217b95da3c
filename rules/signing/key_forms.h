/*
 * The bytes that a key written in source or configuration may stand for:
 * applications take it as it is, without white space, with its escapes
 * resolved, or decoded from hex or base64.
 */
#ifndef RULES_SIGNING_KEY_FORMS_H
#define RULES_SIGNING_KEY_FORMS_H

#include <stdbool.h>
#include <stddef.h>

#define KEY_TEXTS_MAX 16 /* of a list of keys */
#define KEY_FORMS_MAX (5 * (KEY_TEXTS_MAX + 1))
#define KEY_TEXT_MAX  ((size_t)16 * 1024)

struct key_form {
	const unsigned char *bytes;
	size_t len;
};

/** No two equal forms, the text as it is first; none of a longer text. */
struct key_forms {
	struct key_form items[KEY_FORMS_MAX];
	size_t count;
	unsigned char *memory; /* of all forms; wiped before it is freed */
	size_t used, size;
	bool is_cut; /* there are more: a longer text, or a longer list */
};

/**
 * The forms of what stands between the quotes of a literal, or after the sign
 * of an assignment. Of a text that is a list of quoted literals, `'a', "b"`,
 * also those of each. Caller clears.
 */
void key_forms_make(
	struct key_forms *out, const unsigned char *text, size_t len);
void key_forms_clear(struct key_forms *forms);

#endif
