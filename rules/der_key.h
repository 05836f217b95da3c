/*
 * Private keys in DER, known by their structure alone: numbers and octets in
 * the order in which one format has them. Certificates, requests, public keys,
 * parameters and signatures have another.
 */
#ifndef RULES_DER_KEY_H
#define RULES_DER_KEY_H

#include "rules/der.h"

#include <stdbool.h>
#include <stddef.h>

/** What was learned of a key on the way. */
struct der_key {
	const char *kind; /* static: "RSA", "DSA", "EC", "PKCS #8" */
	size_t bits;      /* 0: the format does not say at once */
};

/** True when the bytes begin with a key of that format, not encrypted. */
bool der_key_rsa(struct der_key *out, struct der bytes);
bool der_key_dsa(struct der_key *out, struct der bytes);
bool der_key_ec(struct der_key *out, struct der bytes);
bool der_key_pkcs8(struct der_key *out, struct der bytes);

/** True when the bytes are one RSA, EC or PKCS #8 key and no more. */
bool der_key_whole(struct der_key *out, struct der bytes);

#endif
