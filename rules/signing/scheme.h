/* How each scheme makes its signature of a key and a message. */
#ifndef RULES_SIGNING_SCHEME_H
#define RULES_SIGNING_SCHEME_H

#include "rules/signing/signed_value.h"

/** True when the key gives the value's signature under enum signing_scheme. */
bool scheme_signs(int scheme, const struct signed_value *value,
	const unsigned char *key, size_t key_len);

#endif
