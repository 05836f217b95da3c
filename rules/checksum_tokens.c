/* Checksums of tokens that carry one, or whose parts are numbers. */
#include "rules/checksum_table.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "rules/decoders/encoding.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* The value of a digit: 0-9, A-Z, a-z in base 62; 0-9, a-z in base 36. */
static int digit_value(unsigned char byte, unsigned base)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'A' && byte <= 'Z')
		return base == 62 ? byte - 'A' + 10 : -1;
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + (base == 62 ? 36 : 10);
	return -1;
}

/* True when all of it, at most 10 digits, is a number of that base. */
static bool read_number(
	uint64_t *out, const unsigned char *bytes, size_t len, unsigned base)
{
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		int digit = digit_value(bytes[i], base);
		if (digit < 0)
			return false;
		*out = *out * base + (unsigned)digit;
	}
	return len > 0 && len <= 10;
}

static uint32_t crc_of(const unsigned char *bytes, size_t len)
{
	return (uint32_t)crc32(0, bytes, (uInt)len);
}

/* Offset behind the last `mark`, 0 when there is none. */
static size_t behind_last(const unsigned char *bytes, size_t len, char mark)
{
	while (len && bytes[len - 1] != (unsigned char)mark)
		len--;
	return len;
}

/* ghp_, gho_, npm_ …: the last six characters of what follows the prefix are
 * the CRC-32 of the others, in base 62.
 * https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 * https://github.blog/2021-09-23-announcing-npms-new-access-token-format/
 * server/polar/kit/crypto.py of Polar */
static bool github_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	size_t start = behind_last(bytes, len, '_');
	const unsigned char *body = bytes + start;
	size_t body_len = len - start;
	uint64_t sum;
	return body_len > 6 && read_number(&sum, body + body_len - 6, 6, 62) &&
		sum == crc_of(body, body_len - 6);
}

const struct checksum checksum_github = {
	.name = "github",
	.summary =
		"tokens of GitHub, npm and Polar: CRC-32 in base 62 at the end",
	.proves = true,
	.holds = github_holds,
};

/* Routable tokens: PREFIX PAYLOAD "." VERSION "." LENGTH CRC, with two digits
 * of base 36 for the version and for the length of the payload, and seven for
 * the CRC-32 of all before it.
 * https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/
 */
static bool gitlab_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	const size_t crc = 7;
	const size_t tail = strlen(".01.00") + crc;
	uint64_t sum;
	uint64_t payload;
	if (len <= tail || bytes[len - tail] != '.' ||
		bytes[len - tail + 3] != '.')
		return false;
	return read_number(&sum, bytes + len - crc, crc, 36) &&
		read_number(&payload, bytes + len - crc - 2, 2, 36) &&
		payload <= len - tail && sum == crc_of(bytes, len - crc);
}

const struct checksum checksum_gitlab = {
	.name = "gitlab",
	.summary = "routable tokens of GitLab: CRC-32 in base 36 at the end",
	.proves = true,
	.holds = gitlab_holds,
};

/* glsa_SECRET_CRC: the CRC-32 of what stands before the last underscore, its
 * lowest byte first, in hex. pkg/components/satokengen of Grafana. */
static bool grafana_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	const size_t hex = 8;
	if (len <= hex + 1 || bytes[len - hex - 1] != '_')
		return false;
	uint32_t crc = crc_of(bytes, len - hex - 1);
	char text[sizeof("00000000")];
	snprintf(text, sizeof(text), "%02x%02x%02x%02x", (unsigned)crc & 0xff,
		(unsigned)crc >> 8 & 0xff, (unsigned)crc >> 16 & 0xff,
		(unsigned)crc >> 24);
	return !memcmp(bytes + len - hex, text, hex);
}

const struct checksum checksum_grafana = {
	.name = "grafana",
	.summary =
		"service account tokens of Grafana: CRC-32 in hex at the end",
	.proves = true,
	.holds = grafana_holds,
};

/* syt_USER_RANDOM_CRC, syr_…: the CRC-32 of what stands before the last
 * underscore, in base 62. synapse/handlers/auth.py of Synapse. */
static bool synapse_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	size_t crc = behind_last(bytes, len, '_');
	uint64_t sum;
	return crc && read_number(&sum, bytes + crc, len - crc, 62) &&
		sum == crc_of(bytes, crc - 1);
}

const struct checksum checksum_synapse = {
	.name = "synapse",
	.summary = "tokens of Synapse (Matrix): CRC-32 in base 62 at the end",
	.proves = true,
	.holds = synapse_holds,
};

/* RFC 4648 §6, upper case. */
static int base32_value(unsigned char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	return byte >= '2' && byte <= '7' ? byte - '2' + 26 : -1;
}

/*
 * Behind four letters stand 16 characters of base 32. Where the first bit of
 * their 80 is set, the next 40 are the number of the account, which has twelve
 * decimal digits; older keys, whose first bit is not set, tell none.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 * https://awsteele.com/blog/2020/09/26/aws-access-key-format.html
 */
static bool aws_key_id_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	const size_t prefix = 4;
	if (len < prefix + 16)
		return false;
	uint64_t head = 0; /* the first 50 bits */
	for (size_t i = prefix; i < len; i++) {
		int value = base32_value(bytes[i]);
		if (value < 0)
			return false;
		if (i < prefix + 10)
			head = head << 5 | (unsigned)value;
	}
	if (!(head >> 49))
		return true;
	uint64_t account = head >> 9 & (((uint64_t)1 << 40) - 1);
	snprintf(detail->text, sizeof(detail->text), "account %012" PRIu64,
		account);
	return account && account <= UINT64_C(999999999999);
}

const struct checksum checksum_aws_key_id = {
	.name = "aws-key-id",
	.summary = "access key ids of AWS: base 32 that holds a number of an "
		   "account",
	.holds = aws_key_id_holds,
};

/* USER "." TIME "." HMAC: the user's id, 17 to 20 decimal digits, in base64.
 * https://discord.com/developers/docs/reference#snowflakes */
static bool discord_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	(void)detail;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const unsigned char *dot = memchr(bytes, '.', len);
	struct encoding_span id;
	if (!dot ||
		!encoding_base64(&id, &arena, bytes, (size_t)(dot - bytes),
			BASE64_URL | BASE64_STANDARD))
		return false;
	for (size_t i = 0; i < id.len; i++)
		if (id.bytes[i] < '0' || id.bytes[i] > '9')
			return false;
	return id.len >= 17 && id.len <= 20;
}

const struct checksum checksum_discord = {
	.name = "discord",
	.summary = "tokens of Discord: they begin with the id of a user",
	.holds = discord_holds,
};
