#include "rules/der_key.h"

#include "base/cleanup.h"

#define SECRET_MIN 32 /* bytes: the shortest keys are those of Curve25519 */

/* That many integers in a sequence, the second of them as long as the key. */
static bool are_integers(struct der_key *out, struct der bytes, size_t count)
{
	struct der key, integer, modulus = { 0 };
	if (!der_take(&key, &bytes, DER_SEQUENCE))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!der_take(&integer, &key, DER_INTEGER))
			return false;
		if (i == 1)
			modulus = integer;
	}
	out->bits = der_bits(&modulus);
	return true;
}

/* RFC 8017 A.1.2 */
bool der_key_rsa(struct der_key *out, struct der bytes)
{
	out->kind = "RSA";
	return are_integers(out, bytes, 9);
}

/* The keys of OpenSSL: version, p, q, g, and both halves. */
bool der_key_dsa(struct der_key *out, struct der bytes)
{
	out->kind = "DSA";
	return are_integers(out, bytes, 6);
}

/* RFC 5915 §3 */
bool der_key_ec(struct der_key *out, struct der bytes)
{
	struct der key, version, secret;
	if (!der_take(&key, &bytes, DER_SEQUENCE) ||
		!der_take(&version, &key, DER_INTEGER) ||
		!der_take(&secret, &key, DER_OCTETS))
		return false;
	*out = (struct der_key){ "EC", secret.len * 8 };
	return true;
}

/* RFC 5958 §2 */
bool der_key_pkcs8(struct der_key *out, struct der bytes)
{
	struct der key, version, algorithm, id, secret;
	*out = (struct der_key){ "PKCS #8", 0 };
	return der_take(&key, &bytes, DER_SEQUENCE) &&
		der_take(&version, &key, DER_INTEGER) &&
		der_take(&algorithm, &key, DER_SEQUENCE) &&
		der_take(&id, &algorithm, DER_OID) &&
		der_take(&secret, &key, DER_OCTETS) && secret.len > 0;
}

/* A key is long, and nothing stands behind it. */
static bool is_one_element(struct der bytes)
{
	struct der key;
	return der_take(&key, &bytes, DER_SEQUENCE) && key.len > SECRET_MIN &&
		!bytes.len;
}

bool der_key_whole(struct der_key *out, struct der bytes)
{
	if (!is_one_element(bytes))
		return false;
	return der_key_rsa(out, bytes) || der_key_pkcs8(out, bytes) ||
		(der_key_ec(out, bytes) && out->bits >= 8 * 20);
}
