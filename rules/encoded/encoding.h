/*
 * Names for the ways in which content is wrapped, and how wrappings nest.
 */
#ifndef RULES_ENCODED_ENCODING_H
#define RULES_ENCODED_ENCODING_H

#include <stdint.h>

enum encoding {
	ENCODING_NONE,
	ENCODING_BASE64,
	ENCODING_HEX,
	ENCODING_PERCENT,
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_BOM,  /* of UTF-8 */
	ENCODING_JSON, /* the texts of a document that holds documents */
	ENCODING_ZIP,
	ENCODING_TAR,
	ENCODING_GZIP,
	ENCODING_BZIP2,
	ENCODING_XZ,
	ENCODING_ZSTD,
	ENCODING_SQLITE, /* the texts of a table */
	ENCODING_PICKLE, /* the texts of its values */
};
#define ENCODING_COUNT (ENCODING_PICKLE + 1)

/** "base64", "zip", …; "plain" for none. */
const char *encoding_name(int encoding);

/** Wrappings as one number: four bits each, the outermost lowest; 0: plain. */
#define ENCODINGS_MAX 8

/** With one more inside of it; unchanged when it is full. */
uint32_t encodings_add(uint32_t encodings, int encoding);

/** The wrapping at that depth, 0 the outermost; ENCODING_NONE beyond. */
int encodings_at(uint32_t encodings, unsigned depth);

/** How many there are. */
unsigned encodings_count(uint32_t encodings);

#endif
