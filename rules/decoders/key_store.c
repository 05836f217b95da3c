/*
 * Stores of private keys, and whether they open without a secret: PKCS #12
 * (RFC 7292) and the JKS and JCEKS of Java. Both end with a sum over the whole
 * that depends on the password. It is tried with none, and with those that
 * tools write by default or manuals tell everybody to use. A private key in DER
 * is one without a password, and without a certificate.
 */
#include "rules/decoders/decoders.h"

#include "base/array.h"
#include "rules/der_key.h"

#include <nettle/hmac.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <string.h>

#define PASSWORD_MAX 16 /* characters */

/* As many as keytool takes; more would cost more than it tells. */
#define ITERATIONS_MAX 10000

#define BLOCK_MAX  SHA512_BLOCK_SIZE
#define DIGEST_MAX SHA512_DIGEST_SIZE

static const struct password {
	const char *text;
	const char *variant;
} passwords[] = {
	{ "", "opens without a password" },
	{ "changeit", "opens by the password 'changeit'" },
	{ "changeme", "opens by the password 'changeme'" },
	{ "password", "opens by the password 'password'" },
	{ "notasecret", "opens by the password 'notasecret'" },
	{ "android", "opens by the password 'android'" },
	{ "secret", "opens by the password 'secret'" },
	{ "keystore", "opens by the password 'keystore'" },
	{ "test", "opens by the password 'test'" },
	{ "123456", "opens by the password '123456'" },
	{ "1234", "opens by the password '1234'" },
};

/* In UTF-16, high bytes first; the length in bytes. */
static size_t widen(unsigned char *out, const char *text)
{
	size_t len = 0;
	for (; *text; text++) {
		out[len++] = 0;
		out[len++] = (unsigned char)*text;
	}
	return len;
}

static const struct digest {
	const char *oid;
	size_t oid_len;
	const struct nettle_hash *hash;
} digests[] = {
	{ "\x2b\x0e\x03\x02\x1a", 5, &nettle_sha1 },
	{ "\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9, &nettle_sha256 },
	{ "\x60\x86\x48\x01\x65\x03\x04\x02\x03", 9, &nettle_sha512 },
};

/** The sum of a PKCS #12 file, and what it is made of. */
struct mac {
	const struct nettle_hash *hash;
	struct der content, digest, salt;
	size_t iterations;
};

static bool take_digest(struct mac *mac, struct der *in)
{
	struct der info, algorithm, oid;
	if (!der_take(&info, in, DER_SEQUENCE) ||
		!der_take(&algorithm, &info, DER_SEQUENCE) ||
		!der_take(&oid, &algorithm, DER_OID) ||
		!der_take(&mac->digest, &info, DER_OCTETS))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(digests); i++)
		if (oid.len == digests[i].oid_len &&
			!memcmp(oid.bytes, digests[i].oid, oid.len))
			mac->hash = digests[i].hash;
	return mac->hash && mac->digest.len == mac->hash->digest_size;
}

/** §4: PFX, with a sum by a password. False for what has none that we know. */
static bool read_mac(struct mac *mac, struct der pfx)
{
	struct der version, safe, oid, explicit, sum, iterations;
	*mac = (struct mac){ .iterations = 1 };
	if (!der_take(&version, &pfx, DER_INTEGER) ||
		!der_take(&safe, &pfx, DER_SEQUENCE) ||
		!der_take(&oid, &safe, DER_OID) ||
		!der_take(&explicit, &safe, 0xa0) ||
		!der_take(&mac->content, &explicit, DER_OCTETS) ||
		!der_take(&sum, &pfx, DER_SEQUENCE) ||
		!take_digest(mac, &sum) ||
		!der_take(&mac->salt, &sum, DER_OCTETS) || !mac->salt.len)
		return false;
	if (!der_take(&iterations, &sum, DER_INTEGER))
		return true;
	if (der_bits(&iterations) > 16)
		return false;
	mac->iterations = 0;
	for (size_t i = 0; i < iterations.len; i++)
		mac->iterations = mac->iterations << 8 | iterations.bytes[i];
	return mac->iterations && mac->iterations <= ITERATIONS_MAX;
}

static void hash_bytes(const struct nettle_hash *hash, void *state,
	unsigned char *out, const void *bytes, size_t len)
{
	hash->init(state);
	hash->update(state, len, bytes);
	hash->digest(state, hash->digest_size, out);
}

/* Repeats the bytes over whole blocks; returns how many bytes that are. */
static size_t fill(unsigned char *out, const unsigned char *bytes, size_t len,
	size_t block)
{
	size_t size = len ? (len + block - 1) / block * block : 0;
	for (size_t i = 0; i < size; i++)
		out[i] = bytes[i % len];
	return size;
}

union hash_state {
	struct sha1_ctx sha1;
	struct sha256_ctx sha256;
	struct sha512_ctx sha512;
};

/** Appendix B.2, for a key as long as one digest: one round of it is enough. */
static void make_key(unsigned char *key, const struct mac *mac,
	const unsigned char *password, size_t len)
{
	const struct nettle_hash *hash = mac->hash;
	size_t block = hash->block_size;
	unsigned char input[3 * BLOCK_MAX];
	union hash_state state;
	size_t salt_len = mac->salt.len < block ? mac->salt.len : block;
	memset(input, 3, block); /* B.3: for a sum */
	size_t used = block;
	used += fill(input + used, mac->salt.bytes, salt_len, block);
	used += fill(input + used, password, len, block);
	hash_bytes(hash, &state, key, input, used);
	for (size_t i = 1; i < mac->iterations; i++)
		hash_bytes(hash, &state, key, key, hash->digest_size);
}

static bool mac_holds(
	const struct mac *mac, const unsigned char *password, size_t len)
{
	unsigned char key[DIGEST_MAX], sum[DIGEST_MAX];
	union hash_state outer, inner, state;
	make_key(key, mac, password, len);
	hmac_set_key(
		&outer, &inner, &state, mac->hash, mac->hash->digest_size, key);
	hmac_update(&state, mac->hash, mac->content.len, mac->content.bytes);
	hmac_digest(
		&outer, &inner, &state, mac->hash, mac->hash->digest_size, sum);
	return !memcmp(sum, mac->digest.bytes, mac->digest.len);
}

/** Tries the passwords; they end with a NUL character (B.1), and without a
 * password some programs leave that away. */
static const char *open_pkcs12(const struct mac *mac)
{
	if (mac_holds(mac, NULL, 0))
		return passwords[0].variant;
	for (size_t i = 0; i < ARRAY_SIZE(passwords); i++) {
		unsigned char wide[2 * PASSWORD_MAX + 2];
		size_t len = widen(wide, passwords[i].text);
		wide[len++] = 0;
		wide[len++] = 0;
		if (mac_holds(mac, wide, len))
			return passwords[i].variant;
	}
	return NULL;
}

/** The head of a PFX in DER or BER: version 3. */
static bool is_pkcs12(const unsigned char *bytes, size_t len)
{
	static const unsigned char version[] = { 2, 1, 3, 0x30 };
	size_t head = len > 1 && bytes[1] > 0x80 ? 2 + (bytes[1] & 0x7fU) : 2;
	return len > head + sizeof(version) && bytes[0] == 0x30 &&
		!memcmp(bytes + head, version, sizeof(version));
}

/** sun.security.provider.JavaKeyStore: SHA-1 over the password, these words,
 * and all that stands before. */
static const char *open_java(const unsigned char *bytes, size_t len)
{
	static const char words[] = "Mighty Aphrodite";
	if (len <= SHA1_DIGEST_SIZE)
		return NULL;
	len -= SHA1_DIGEST_SIZE;
	for (size_t i = 0; i < ARRAY_SIZE(passwords); i++) {
		unsigned char wide[2 * PASSWORD_MAX];
		unsigned char sum[SHA1_DIGEST_SIZE];
		struct sha1_ctx sha;
		sha1_init(&sha);
		sha1_update(&sha, widen(wide, passwords[i].text), wide);
		sha1_update(&sha, sizeof(words) - 1, (const uint8_t *)words);
		sha1_update(&sha, len, bytes);
		sha1_digest(&sha, sizeof(sum), sum);
		if (!memcmp(sum, bytes + len, sizeof(sum)))
			return passwords[i].variant;
	}
	return NULL;
}

/** Version 1 or 2. */
static bool is_java(const unsigned char *bytes, size_t len)
{
	static const unsigned char jks[] = { 0xfe, 0xed, 0xfe, 0xed, 0, 0, 0 };
	static const unsigned char jceks[] = { 0xce, 0xce, 0xce, 0xce, 0, 0,
		0 };
	return len > 12 && (bytes[7] == 1 || bytes[7] == 2) &&
		(!memcmp(bytes, jks, sizeof(jks)) ||
			!memcmp(bytes, jceks, sizeof(jceks)));
}

static int decode_key_store(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct der in = { bytes, len };
	struct der pfx;
	struct der_key key;
	struct mac mac;
	(void)err;
	if (is_java(bytes, len)) {
		out->variant = open_java(bytes, len);
		out->kind = out->variant ? "jks-open" : "jks";
	} else if (is_pkcs12(bytes, len)) {
		if (der_take(&pfx, &in, DER_SEQUENCE) && read_mac(&mac, pfx))
			out->variant = open_pkcs12(&mac);
		out->kind = out->variant ? "pkcs12-open" : "pkcs12";
	} else if (der_key_whole(&key, in)) {
		out->variant = key.kind;
		out->kind = "der-key";
	} else {
		return 0;
	}
	out->id = ID_UNKNOWN;
	out->entry_count = 1;
	return 1;
}

static const char *const kinds[] = { "pkcs12", "pkcs12-open", "jks", "jks-open",
	"der-key", NULL };

const struct decoder decoder_key_store = {
	.name = "key-store",
	.summary =
		"PKCS #12, JKS and JCEKS, whether a usual password opens them; "
		"private keys in DER",
	.kinds = kinds,
	.decode = decode_key_store,
};
