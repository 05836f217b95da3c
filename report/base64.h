/* Base64, RFC 4648 §4, padded. */
#ifndef REPORT_BASE64_H
#define REPORT_BASE64_H

#include "base/buf.h"

#include <stddef.h>

void add_base64(struct buf *out, const void *bytes, size_t len);

#endif
