/*
 * Private keys as text: PEM (RFC 7468), OpenPGP armor (RFC 9580 §6), PuTTY.
 * A key is believed when its body is what its label says. It may stand in a
 * string of source code, in JSON or YAML: then line ends are written as
 * escapes, and lines are quoted.
 */
#include "rules/checksum_table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "rules/decoders/encoding.h"
#include "rules/der_key.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BEGIN   "-----BEGIN "
#define QUANTUM 4 /* characters for three bytes; shorter runs are signs */

/* What stands between the lines of BEGIN and END. */
struct body {
	struct encoding_span bytes; /* decoded */
	bool encrypted; /* by headers as of RFC 1421 §4.6: "DEK-Info: …" */
};

static bool is_base64(unsigned char byte)
{
	return isalnum(byte) || byte == '+' || byte == '/' || byte == '=';
}

/* The end of the line at `at`: a line feed or carriage return, or one that is
 * written as \n or \r, with one backslash or with two. */
static size_t line_len(const unsigned char *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool escape = at[i] == '\\' && i + 1 < len &&
			(at[i + 1] == 'n' || at[i + 1] == 'r' ||
				at[i + 1] == '\\');
		if (at[i] == '\n' || at[i] == '\r' || escape)
			return i;
	}
	return len;
}

/* Bytes of the line end at `at`. */
static size_t break_len(const unsigned char *at, size_t len)
{
	size_t count = 0;
	while (count < len && at[count] == '\\')
		count++;
	return count && count < len ? count + 1 : 1;
}

/* The longest run of base64 in the line: quotes, commas, marks of comments
 * and the operator that joins strings are around it. */
static struct encoding_span longest_run(const unsigned char *line, size_t len)
{
	struct encoding_span best = { line, 0 };
	for (size_t at = 0; at < len;) {
		size_t run = 0;
		while (at + run < len && is_base64(line[at + run]))
			run++;
		if (run > best.len)
			best = (struct encoding_span){ line + at, run };
		at += run + 1;
	}
	return best;
}

/* Collects the base64 of all lines; headers are left out, and so is the
 * checksum line of OpenPGP, "=" and four characters. */
static void collect(
	struct buf *out, bool *encrypted, const unsigned char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t line = line_len(text + at, len - at);
		const unsigned char *start = text + at;
		if (memchr(start, ':', line)) {
			*encrypted = *encrypted ||
				memmem(start, line, "ENCRYPTED", 9) != NULL;
		} else {
			struct encoding_span run = longest_run(start, line);
			if (run.len >= QUANTUM && run.bytes[0] != '=')
				buf_add(out, run.bytes, run.len);
		}
		at += line;
		if (at < len)
			at += break_len(text + at, len - at);
	}
}

static bool read_body(struct body *out, struct arena *arena,
	const unsigned char *text, size_t len)
{
	CLEANUP(buf_clear) struct buf base64;
	buf_init(&base64, CHECKSUM_MAX_LEN);
	*out = (struct body){ 0 };
	collect(&base64, &out->encrypted, text, len);
	return base64.len &&
		encoding_base64(&out->bytes, arena,
			(const unsigned char *)base64.bytes, base64.len,
			BASE64_STANDARD);
}

static struct der body_der(const struct body *body)
{
	return (struct der){ body->bytes.bytes, body->bytes.len };
}

static bool take_whole_sequence(struct der *out, const struct body *body)
{
	struct der all = body_der(body);
	return der_take(out, &all, DER_SEQUENCE);
}

static void tell(struct checksum_detail *detail, const struct der_key *key)
{
	if (key->bits)
		snprintf(detail->text, sizeof(detail->text), "%s, %zu bits",
			key->kind, key->bits);
}

static bool rsa_holds(struct checksum_detail *detail, const struct body *body)
{
	struct der_key key;
	bool holds = der_key_rsa(&key, body_der(body));
	if (holds)
		tell(detail, &key);
	return holds;
}

static bool dsa_holds(struct checksum_detail *detail, const struct body *body)
{
	struct der_key key;
	bool holds = der_key_dsa(&key, body_der(body));
	if (holds)
		tell(detail, &key);
	return holds;
}

static bool ec_holds(struct checksum_detail *detail, const struct body *body)
{
	struct der_key key;
	bool holds = der_key_ec(&key, body_der(body));
	if (holds)
		tell(detail, &key);
	return holds;
}

static bool pkcs8_holds(struct checksum_detail *detail, const struct body *body)
{
	struct der_key key;
	(void)detail;
	return der_key_pkcs8(&key, body_der(body));
}

/* RFC 5958 §3 */
static bool encrypted_holds(
	struct checksum_detail *detail, const struct body *body)
{
	struct der key, algorithm, id, secret;
	snprintf(detail->text, sizeof(detail->text), "encrypted");
	return take_whole_sequence(&key, body) &&
		der_take(&algorithm, &key, DER_SEQUENCE) &&
		der_take(&id, &algorithm, DER_OID) &&
		der_take(&secret, &key, DER_OCTETS) && secret.len > 0;
}

/* Takes a string of SSH (RFC 4251 §5): four bytes of length, then the bytes. */
static bool take_string(struct der *out, struct der *in)
{
	if (in->len < 4 || in->bytes[0] || in->bytes[1])
		return false;
	size_t len = (size_t)in->bytes[2] << 8 | in->bytes[3];
	if (len > in->len - 4)
		return false;
	*out = (struct der){ in->bytes + 4, len };
	*in = (struct der){ in->bytes + 4 + len, in->len - 4 - len };
	return true;
}

/* PROTOCOL.key of OpenSSH: a magic, the names of cipher and key derivation and
 * its options, a count of one, the public key, the private one; no more. */
static bool openssh_holds(
	struct checksum_detail *detail, const struct body *body)
{
	static const char magic[] = "openssh-key-v1"; /* with its NUL */
	static const char one[] = { 0, 0, 0, 1 };
	struct der in = { body->bytes.bytes, body->bytes.len };
	struct der cipher, derivation, options, open_part, secret;
	if (in.len < sizeof(magic) || memcmp(in.bytes, magic, sizeof(magic)))
		return false;
	in.bytes += sizeof(magic);
	in.len -= sizeof(magic);
	if (!take_string(&cipher, &in) || !take_string(&derivation, &in) ||
		!take_string(&options, &in) || in.len < sizeof(one) ||
		memcmp(in.bytes, one, sizeof(one)) != 0)
		return false;
	in.bytes += sizeof(one);
	in.len -= sizeof(one);
	bool none = cipher.len == 4 && !memcmp(cipher.bytes, "none", 4);
	snprintf(detail->text, sizeof(detail->text), "OpenSSH, %s",
		none ? "no passphrase" : "encrypted");
	return take_string(&open_part, &in) && take_string(&secret, &in) &&
		secret.len && !in.len;
}

/* RFC 9580 §4.2.1: a length of one, two or five bytes. */
static size_t new_packet_len(size_t *header, const struct der *in)
{
	size_t first = in->len > 1 ? in->bytes[1] : 255;
	*header = 2;
	if (first < 192)
		return first;
	*header = 3;
	if (first < 224 && in->len > 2)
		return (first - 192) * 256 + in->bytes[2] + 192;
	*header = 6;
	if (first != 255 || in->len < 6 || in->bytes[2] || in->bytes[3])
		return SIZE_MAX; /* of partial lengths keys have none */
	return (size_t)in->bytes[4] << 8 | in->bytes[5];
}

/* §4.2.2: one byte or two; keys have no longer packets. */
static size_t old_packet_len(size_t *header, const struct der *in)
{
	unsigned type = in->bytes[0] & 3;
	*header = type + 2;
	if (type > 1 || in->len < *header)
		return SIZE_MAX;
	return type ? (size_t)in->bytes[1] << 8 | in->bytes[2] : in->bytes[1];
}

/* Packets to the end, the first of them a secret key (5) or subkey (7). */
static bool pgp_holds(struct checksum_detail *detail, const struct body *body)
{
	(void)detail;
	struct der in = { body->bytes.bytes, body->bytes.len };
	for (bool first = true; in.len; first = false) {
		size_t header = 0;
		unsigned byte = in.bytes[0];
		unsigned type = byte & 0x40 ? byte & 0x3f : byte >> 2 & 0x0f;
		size_t len = byte & 0x40 ? new_packet_len(&header, &in)
					 : old_packet_len(&header, &in);
		if (!(byte & 0x80) || header > in.len ||
			len > in.len - header ||
			(first && type != 5 && type != 7))
			return false;
		in.bytes += header + len;
		in.len -= header + len;
	}
	return body->bytes.len > 0;
}

static bool any_holds(struct checksum_detail *detail, const struct body *body)
{
	struct der key;
	(void)detail;
	return take_whole_sequence(&key, body);
}

static const struct label {
	const char *text;
	bool (*holds)(struct checksum_detail *detail, const struct body *body);
} labels[] = {
	{ "RSA PRIVATE KEY", rsa_holds },
	{ "DSA PRIVATE KEY", dsa_holds },
	{ "EC PRIVATE KEY", ec_holds },
	{ "ENCRYPTED PRIVATE KEY", encrypted_holds },
	{ "OPENSSH PRIVATE KEY", openssh_holds },
	{ "PGP PRIVATE KEY BLOCK", pgp_holds },
	{ "PRIVATE KEY", pkcs8_holds },
};

static bool body_holds(struct checksum_detail *detail,
	const unsigned char *label, size_t len, const struct body *body)
{
	if (body->encrypted) {
		snprintf(detail->text, sizeof(detail->text), "encrypted");
		return body->bytes.len >= 64;
	}
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		if (strlen(labels[i].text) == len &&
			!memcmp(labels[i].text, label, len))
			return labels[i].holds(detail, body);
	return any_holds(detail, body);
}

/* "-----BEGIN LABEL-----", body, "-----END LABEL-----" */
static bool armor_holds(struct checksum_detail *detail,
	const unsigned char *bytes, size_t len, const unsigned char *start)
{
	static const char end[] = "-----END ";
	const unsigned char *label = start + strlen(BEGIN);
	size_t rest = len - (size_t)(label - bytes);
	const unsigned char *dashes = memmem(label, rest, "-----", 5);
	if (!dashes)
		return false;
	const unsigned char *text = dashes + 5;
	rest = len - (size_t)(text - bytes);
	const unsigned char *last = memmem(text, rest, end, strlen(end));
	CLEANUP(arena_wipe) struct arena arena = { 0 };
	struct body body;
	return last && read_body(&body, &arena, text, (size_t)(last - text)) &&
		body_holds(detail, label, (size_t)(dashes - label), &body);
}

/* The same, or all of it in base64 once more, as in Kubernetes. */
static bool pem_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	CLEANUP(arena_wipe) struct arena arena = { 0 };
	const unsigned char *start = memmem(bytes, len, BEGIN, strlen(BEGIN));
	struct encoding_span inner;
	if (start)
		return armor_holds(detail, bytes, len, start);
	if (!encoding_base64(&inner, &arena, bytes, len, BASE64_STANDARD))
		return false;
	start = memmem(inner.bytes, inner.len, BEGIN, strlen(BEGIN));
	return start && armor_holds(detail, inner.bytes, inner.len, start);
}

const struct checksum checksum_pem = {
	.name = "pem",
	.summary = "private keys in PEM: the body is what the label says",
	.proves = true,
	.holds = pem_holds,
};

/* The base64 of a key without the lines around it. */
static bool der_key_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	CLEANUP(arena_wipe) struct arena arena = { 0 };
	struct body body;
	struct der_key key;
	if (!read_body(&body, &arena, bytes, len) ||
		!der_key_whole(&key, body_der(&body)))
		return false;
	tell(detail, &key);
	return true;
}

const struct checksum checksum_der_key = {
	.name = "der-key",
	.summary = "private keys in base64 alone: RSA, EC, PKCS #8",
	.proves = true,
	.holds = der_key_holds,
};

/* The number behind "NAME: ", or 0. */
static size_t header_number(
	const unsigned char *bytes, size_t len, const char *name)
{
	const unsigned char *at = memmem(bytes, len, name, strlen(name));
	size_t number = 0;
	if (!at)
		return 0;
	at += strlen(name);
	while (at < bytes + len && *at >= '0' && *at <= '9' && number < 10000)
		number = number * 10 + (size_t)(*at++ - '0');
	return number;
}

/* https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html: as many
 * lines of base64 as the header says, then a MAC, or a hash of old. */
static bool putty_holds(
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	static const char name[] = "Private-Lines: ";
	size_t lines = header_number(bytes, len, name);
	const unsigned char *at = memmem(bytes, len, name, strlen(name));
	const unsigned char *end = bytes + len;
	if (!lines)
		return false;
	for (size_t i = 0; i <= lines; i++) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (!at++)
			return false;
		size_t run = 0;
		while (at + run < end && is_base64(at[run]))
			run++;
		if (i < lines && (!run || run > 64))
			return false;
	}
	bool none = memmem(bytes, len, "Encryption: none", 16) != NULL;
	snprintf(detail->text, sizeof(detail->text), "PuTTY, %s",
		none ? "no passphrase" : "encrypted");
	return end - at > 12 && !memcmp(at, "Private-", 8);
}

const struct checksum checksum_putty = {
	.name = "putty",
	.summary = "key files of PuTTY: as many lines as their header says",
	.proves = true,
	.holds = putty_holds,
};
