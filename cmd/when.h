/* The time by which expiry is judged: --now, else the clock. */
#ifndef CMD_WHEN_H
#define CMD_WHEN_H

#include "base/err.h"

#include <stdint.h>

/** Seconds since 1970 of a day written as YYYY-MM-DD (UTC); the present time
 * for NULL. ERR_USAGE for other text. */
int when_parse(int64_t *out, const char *text, struct err *err) MUST_CHECK;

#endif
