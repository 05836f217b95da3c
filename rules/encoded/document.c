#include "rules/encoded/document.h"

#include "base/cleanup.h"
#include "rules/encoded/encoding.h"

#include <stdbool.h>
#include <string.h>

/* Units of UTF-16 that are looked at without a byte order mark. */
#define LOOK_UNITS  32
#define LEAST_UNITS 8

static bool starts_with(const unsigned char *bytes, size_t len,
	const char *start, size_t start_len)
{
	return len >= start_len && !memcmp(bytes, start, start_len);
}

/* Units of ASCII text among the first ones; one of another kind is allowed for
 * each eight. */
static bool is_wide(const unsigned char *bytes, size_t len, bool big)
{
	size_t units = len / 2;
	size_t others = 0;
	if (units > LOOK_UNITS)
		units = LOOK_UNITS;
	for (size_t i = 0; i < units; i++) {
		unsigned char high = bytes[2 * i + !big];
		unsigned char low = bytes[2 * i + big];
		if (high || low < '\t' || low > 0x7E)
			others++;
	}
	return units >= LEAST_UNITS && others * 8 <= units;
}

static int wide_encoding(const unsigned char *bytes, size_t len)
{
	/* the mark of UTF-32 begins like that of UTF-16 */
	if (starts_with(bytes, len, "\xFF\xFE\0\0", 4))
		return ENCODING_NONE;
	if (starts_with(bytes, len, "\xFF\xFE", 2))
		return ENCODING_UTF16LE;
	if (starts_with(bytes, len, "\xFE\xFF", 2))
		return ENCODING_UTF16BE;
	if (len < 2 || (bytes[0] && bytes[1]))
		return ENCODING_NONE;
	if (is_wide(bytes, len, false))
		return ENCODING_UTF16LE;
	return is_wide(bytes, len, true) ? ENCODING_UTF16BE : ENCODING_NONE;
}

static size_t skip_space(const unsigned char *bytes, size_t len, size_t at)
{
	while (at < len &&
		(bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' ||
			bytes[at] == '\t'))
		at++;
	return at;
}

/* By the first key: of a notebook (nbformat 3 and 4), or of an HTTP archive
 * (HAR 1.2). */
static bool is_json_of_documents(const unsigned char *bytes, size_t len)
{
	static const char *const keys[] = { "\"cells\"", "\"metadata\"",
		"\"nbformat\"", "\"nbformat_minor\"", "\"worksheets\"",
		"\"log\"" };
	size_t at = skip_space(bytes, len, 0);
	if (at == len || bytes[at] != '{')
		return false;
	at = skip_space(bytes, len, at + 1);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (starts_with(bytes + at, len - at, keys[i], strlen(keys[i])))
			return true;
	return false;
}

int document_encoding(const unsigned char *bytes, size_t len)
{
	int wide = wide_encoding(bytes, len);
	if (wide != ENCODING_NONE)
		return wide;
	if (starts_with(bytes, len, "\xEF\xBB\xBF", 3))
		return ENCODING_BOM;
	return is_json_of_documents(bytes, len) ? ENCODING_JSON : ENCODING_NONE;
}

size_t document_extent(int encoding, const unsigned char *bytes, size_t len)
{
	const unsigned char *end = NULL;
	if (encoding == ENCODING_BOM)
		end = memchr(bytes, '\n', len);
	return end ? (size_t)(end - bytes) : len;
}
