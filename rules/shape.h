/* Values and names that are recognised by how they look. */
#ifndef RULES_SHAPE_H
#define RULES_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

/** An e-mail address and nothing else, in the plain form a@b.c. */
bool shape_is_email(const unsigned char *bytes, size_t len);

/** Begins as a JSON Web Token does: header, payload, both JSON objects. */
bool shape_is_jwt(const unsigned char *bytes, size_t len);

/** A machine made it: a long word with several digits, such as a session id, a
 * hash or a UUID. */
bool shape_is_generated(const unsigned char *bytes, size_t len);

/** True for the bytes that words are made of, those of base64 included. */
bool shape_is_word(unsigned char byte);

#endif
