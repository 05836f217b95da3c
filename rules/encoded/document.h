/* Files that are text in another form, told by their first bytes. */
#ifndef RULES_ENCODED_DOCUMENT_H
#define RULES_ENCODED_DOCUMENT_H

#include <stddef.h>

/**
 * How a file as a whole is encoded: ENCODING_UTF16LE or _UTF16BE, with a byte
 * order mark or text of ASCII at its start; ENCODING_BOM; ENCODING_JSON for a
 * Jupyter notebook or an HTTP archive; else ENCODING_NONE.
 */
int document_encoding(const unsigned char *bytes, size_t len);

/** How much of it has to be decoded: all, but of one with a byte order mark the
 * first line alone, for the rest stands there in plain. */
size_t document_extent(int encoding, const unsigned char *bytes, size_t len);

#endif
