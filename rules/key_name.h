/*
 * Names of keys, and of functions and classes, as reports may show them: short,
 * UTF-8, without characters that are unsafe on a terminal, and without what a
 * machine made. A key may itself be a session id, a token or an address:
 * stores keep tables by such.
 */
#ifndef RULES_KEY_NAME_H
#define RULES_KEY_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define KEY_NAME_MAX 64 /* bytes of the original that are shown */

/** A shown name: NUL-ended, `len` bytes before that. */
struct key_name {
	char bytes[3 * KEY_NAME_MAX + sizeof("\xe2\x80\xa6")];
	size_t len;
};

/** Makes the shown name of a key. True when it left out a part that looks
 * generated, or an address: then the key is a value rather than a name. */
bool key_name_make(
	struct key_name *out, const unsigned char *bytes, size_t len);

/** The same for the name of a function or class, which is never generated. */
void key_name_of_code(struct key_name *out, const char *name);

#endif
