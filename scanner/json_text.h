/* Texts as JSON, for contents that are written out to be searched. */
#ifndef SCANNER_JSON_TEXT_H
#define SCANNER_JSON_TEXT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/** True for UTF-8 without a NUL. */
bool json_text_is(const unsigned char *bytes, size_t len);

/** Appends the bytes as a text of JSON (RFC 8259 §7), in quotes; those that are
 * no UTF-8 stay as they are. */
void json_text_add(struct buf *out, const unsigned char *bytes, size_t len);

#endif
