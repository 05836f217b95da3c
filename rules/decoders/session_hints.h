/*
 * What tells a session from other data of the same format: the names of its
 * keys, and the name of its file.
 */
#ifndef RULES_DECODERS_SESSION_HINTS_H
#define RULES_DECODERS_SESSION_HINTS_H

#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * True when a map has a key that a web framework or login extension writes, or
 * two that applications keep in sessions (user name, e-mail address, role, …).
 */
bool session_keys_confirm(const struct value *map);

/** True when every key of a map is text; web sessions have no others. */
bool session_keys_are_text(const struct value *map);

/** The last component of a path; "" for NULL. */
const char *session_file_name(const char *path);

/** True when `text` is `prefix` and then `len` characters of `alphabet`. */
bool session_name_matches(
	const char *text, const char *prefix, size_t len, const char *alphabet);

#define SESSION_HEX   "0123456789abcdef"
#define SESSION_LOWER "abcdefghijklmnopqrstuvwxyz"
#define SESSION_UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SESSION_DIGIT "0123456789"

#endif
