#include "rules/encoded/encoding.h"

#define BITS 4
#define MASK 15U
_Static_assert(ENCODING_COUNT - 1 <= MASK, "they fit in so many bits");

static const char *const names[] = {
	[ENCODING_NONE] = "plain",
	[ENCODING_BASE64] = "base64",
	[ENCODING_HEX] = "hex",
	[ENCODING_PERCENT] = "percent",
	[ENCODING_UTF16LE] = "utf-16le",
	[ENCODING_UTF16BE] = "utf-16be",
	[ENCODING_BOM] = "utf-8-bom",
	[ENCODING_JSON] = "json",
	[ENCODING_ZIP] = "zip",
	[ENCODING_TAR] = "tar",
	[ENCODING_GZIP] = "gzip",
	[ENCODING_BZIP2] = "bzip2",
	[ENCODING_XZ] = "xz",
	[ENCODING_ZSTD] = "zstd",
	[ENCODING_SQLITE] = "sqlite",
	[ENCODING_PICKLE] = "pickle",
};

const char *encoding_name(int encoding)
{
	return names[encoding];
}

int encodings_at(uint32_t encodings, unsigned depth)
{
	if (depth >= ENCODINGS_MAX)
		return ENCODING_NONE;
	return (int)(encodings >> depth * BITS & MASK);
}

unsigned encodings_count(uint32_t encodings)
{
	unsigned count = 0;
	while (encodings_at(encodings, count) != ENCODING_NONE)
		count++;
	return count;
}

uint32_t encodings_add(uint32_t encodings, int encoding)
{
	unsigned depth = encodings_count(encodings);
	if (depth == ENCODINGS_MAX)
		return encodings;
	return encodings | (uint32_t)encoding << depth * BITS;
}
