#include "rules/lookalike.h"

#include "base/cleanup.h"
#include "rules/word_model.h"

#include <ctype.h>
#include <string.h>

static size_t span_of(const unsigned char *bytes, size_t len, int (*is_of)(int),
	const char *others)
{
	size_t count = 0;
	while (count < len && bytes[count] &&
		(is_of(bytes[count]) || strchr(others, bytes[count])))
		count++;
	return count;
}

static bool has(const unsigned char *bytes, size_t len, const char *text)
{
	return memmem(bytes, len, text, strlen(text)) != NULL;
}

static bool begins_with(
	const unsigned char *bytes, size_t len, const char *text)
{
	return strlen(text) <= len && !memcmp(bytes, text, strlen(text));
}

/* os.environ["X"], get_secret(id), Config::KEY, self.token, a->b */
static bool is_code(const unsigned char *bytes, size_t len)
{
	static const char *const marks[] = { "->", "::", "=>", "()", "[\"",
		"['", "(\"", "('", "\").", "=== ", "&&", "||", NULL };
	for (size_t i = 0; marks[i]; i++)
		if (has(bytes, len, marks[i]))
			return true;
	if (bytes[0] == '$' || bytes[0] == '&' || bytes[0] == '*')
		return span_of(bytes + 1, len - 1, isalnum, "_.[]>-") ==
			len - 1;
	size_t name = span_of(bytes, len, isalnum, "_");
	if (!name || isdigit(bytes[0]))
		return false;
	if (name < len && bytes[name] == '(')
		return true;
	return memchr(bytes, '.', len) && reads_as_words(bytes, len) &&
		span_of(bytes, len, isalnum, "_.") == len;
}

/* What is kept of a password to check it: crypt(5), Django, Werkzeug,
 * RFC 2307, in which a name of the method stands before the salt. */
static bool is_password_hash(const unsigned char *bytes, size_t len)
{
	static const char *const starts[] = { "$1$", "$2$", "$2a$", "$2b$",
		"$2x$", "$2y$", "$5$", "$6$", "$7$", "$y$", "$gy$", "$apr1$",
		"$md5", "$sha1$", "$argon2", "$scrypt$", "$pbkdf2", "$P$",
		"$H$", "$S$", "pbkdf2_sha", "pbkdf2:sha", "bcrypt$$2",
		"bcrypt_sha256$$2", "argon2$argon2", "scrypt:", "scrypt$",
		"sha256:", "sha1$", "md5$", "{SSHA", "{SHA", "{CRYPT}",
		"{bcrypt}", "{PBKDF2", NULL };
	const size_t shortest = 20;
	for (size_t i = 0; len >= shortest && starts[i]; i++)
		if (begins_with(bytes, len, starts[i]))
			return true;
	return false;
}

/* MD5, SHA-1 (and git), SHA-224, SHA-256, SHA-384, SHA-512; and of passwords */
static bool is_hash(const unsigned char *bytes, size_t len)
{
	static const size_t lengths[] = { 32, 40, 56, 64, 96, 128 };
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		if (len == lengths[i])
			return span_of(bytes, len, isxdigit, "") == len;
	return is_password_hash(bytes, len);
}

/* What the formats begin with, in base64: PNG, GIF, JPEG, WebP, SVG, icons,
 * WOFF and TrueType fonts, PDF. */
static bool is_image(const unsigned char *bytes, size_t len)
{
	static const char *const starts[] = { "data:", "iVBORw0KGgo", "R0lGOD",
		"/9j/", "UklGR", "PHN2Zy", "PD94bWwg", "AAABAA", "d09GR",
		"d09GMg", "AAEAAAA", "JVBERi0", NULL };
	for (size_t i = 0; starts[i]; i++)
		if (begins_with(bytes, len, starts[i]))
			return true;
	return false;
}

/* https://www.w3.org/TR/SRI/, and how lock files write their hashes */
static bool is_integrity(const unsigned char *bytes, size_t len)
{
	static const char *const starts[] = { "sha1-", "sha256-", "sha384-",
		"sha512-", "sha1:", "sha256:", "sha512:", "md5:", "md5-",
		"h1:", NULL };
	for (size_t i = 0; starts[i]; i++)
		if (begins_with(bytes, len, starts[i]))
			return true;
	return false;
}

static bool is_number(const unsigned char *bytes, size_t len)
{
	return span_of(bytes, len, isdigit, " .,:;+-/_TZexX%") == len;
}

/* Names with slashes between them. Random base64 has slashes too, but its
 * parts are no words. */
static bool is_path(const unsigned char *bytes, size_t len)
{
	if (has(bytes, len, "://") || begins_with(bytes, len, "./") ||
		begins_with(bytes, len, "../") || begins_with(bytes, len, "~/"))
		return true;
	bool slash = memchr(bytes, '/', len) || memchr(bytes, '\\', len);
	return slash && reads_as_words(bytes, len);
}

/* RFC 9562 §4 */
static bool is_uuid(const unsigned char *bytes, size_t len)
{
	if (len != 36)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? bytes[i] != '-' : !isxdigit(bytes[i]))
			return false;
	}
	return true;
}

static const struct {
	unsigned bit;
	const char *word;
	bool (*is_of)(const unsigned char *bytes, size_t len);
} kinds_of[LOOKALIKE_COUNT] = {
	{ LOOKALIKE_CODE, "code", is_code },
	{ LOOKALIKE_HASH, "hash", is_hash },
	{ LOOKALIKE_IMAGE, "image", is_image },
	{ LOOKALIKE_INTEGRITY, "integrity", is_integrity },
	{ LOOKALIKE_NUMBER, "number", is_number },
	{ LOOKALIKE_PATH, "path", is_path },
	{ LOOKALIKE_UUID, "uuid", is_uuid },
	{ LOOKALIKE_WORDS, "words", reads_as_words },
};

const char *lookalike_name(unsigned bit)
{
	for (size_t i = 0; i < LOOKALIKE_COUNT; i++)
		if (kinds_of[i].bit == bit)
			return kinds_of[i].word;
	return NULL;
}

unsigned lookalike_parse(const char *word)
{
	for (size_t i = 0; i < LOOKALIKE_COUNT; i++)
		if (!strcmp(kinds_of[i].word, word))
			return kinds_of[i].bit;
	return 0;
}

unsigned lookalike_of(const unsigned char *bytes, size_t len, unsigned kinds)
{
	for (size_t i = 0; len && i < LOOKALIKE_COUNT; i++)
		if (kinds & kinds_of[i].bit && kinds_of[i].is_of(bytes, len))
			return kinds_of[i].bit;
	return 0;
}
