/* Base64, RFC 4648 §4, padded. */
#ifndef REPORT_BASE64_H
#define REPORT_BASE64_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

void add_base64(struct buf *out, const void *bytes, size_t len);

/** Appends the bytes that add_base64() made the text of; false for a text that
 * it would not have made. */
bool base64_read(struct buf *out, const char *text) MUST_CHECK;

#endif
