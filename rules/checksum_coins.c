/* Checksums of the formats in which wallets, and age, write keys. */
#include "rules/checksum_table.h"

#include <nettle/sha2.h>

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define BASE58_MAX 128 /* characters; an extended key has 111 */

static int base58_value(unsigned char byte)
{
	static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
				     "abcdefghijkmnopqrstuvwxyz";
	const char *at = byte ? strchr(digits, byte) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* The number, highest byte first, at the end of `out`; its first byte. NULL
 * when it is none. */
static const uint8_t *base58_decode(
	uint8_t out[BASE58_MAX], const unsigned char *bytes, size_t len)
{
	size_t first = BASE58_MAX;
	if (len > BASE58_MAX)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		int carry = base58_value(bytes[i]);
		if (carry < 0)
			return NULL;
		for (size_t at = BASE58_MAX; at > first || carry; at--) {
			if (at <= first)
				out[--first] = 0;
			carry += 58 * out[at - 1];
			out[at - 1] = (uint8_t)carry;
			carry >>= 8;
		}
	}
	return out + first;
}

/* https://en.bitcoin.it/wiki/Base58Check_encoding: the last four bytes begin
 * the SHA-256 of the SHA-256 of the others. */
static bool base58check_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	uint8_t number[BASE58_MAX];
	const uint8_t *first = base58_decode(number, bytes, len);
	size_t size = first ? (size_t)(number + BASE58_MAX - first) : 0;
	if (size <= 4)
		return false;
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;
	sha256_init(&sha);
	sha256_update(&sha, size - 4, first);
	sha256_digest(&sha, sizeof(digest), digest);
	sha256_update(&sha, sizeof(digest), digest);
	sha256_digest(&sha, sizeof(digest), digest);
	bool holds = !memcmp(digest, number + BASE58_MAX - 4, 4);
	explicit_bzero(number, sizeof(number));
	return holds;
}

const struct checksum checksum_base58check = {
	.name = "base58check",
	.summary = "keys of wallets (WIF, xprv): hash in base 58 at the end",
	.proves = true,
	.holds = base58check_holds,
};

static uint32_t bech32_step(uint32_t sum, unsigned value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
		0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;
	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++)
		sum ^= top >> i & 1 ? generator[i] : 0;
	return sum;
}

/* BIP 173: what stands before the last "1" is the human-readable part; without
 * its limit of 90 characters, as age(1) does it. */
static bool bech32_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	(void)detail;
	size_t split = len;
	while (split && bytes[split - 1] != '1')
		split--;
	if (split < 2 || len - split < 6)
		return false;
	uint32_t sum = 1;
	for (size_t i = 0; i + 1 < split; i++)
		sum = bech32_step(sum, (unsigned)tolower(bytes[i]) >> 5);
	sum = bech32_step(sum, 0);
	for (size_t i = 0; i + 1 < split; i++)
		sum = bech32_step(sum, (unsigned)tolower(bytes[i]) & 31);
	for (size_t i = split; i < len; i++) {
		int low = tolower(bytes[i]);
		const char *at = low ? strchr(digits, low) : NULL;
		if (!at)
			return false;
		sum = bech32_step(sum, (unsigned)(at - digits));
	}
	return sum == 1;
}

const struct checksum checksum_bech32 = {
	.name = "bech32",
	.summary = "keys of age, and others: BCH code in base 32 at the end",
	.proves = true,
	.holds = bech32_holds,
};
