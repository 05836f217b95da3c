/* Dates as reports show them: UTC, RFC 3339, no locale, no time zone files. */
#ifndef REPORT_ISO_DATE_H
#define REPORT_ISO_DATE_H

#include "base/cleanup.h"

#include <stdbool.h>
#include <stdint.h>

#define ISO_DATE_SIZE 21 /* 2024-01-02T03:04:05Z and a NUL */
#define ISO_DAY_LEN   10 /* its first part, 2024-01-02 */

/** Writes the second since 1970, cut to the years 0000 to 9999, which is all
 * that RFC 3339 can say; commits and session files can claim any other. */
void iso_date(char out[ISO_DATE_SIZE], int64_t time);

/** The second that iso_date() wrote the text for; false for any other text. */
bool iso_date_read(int64_t *out, const char *text) MUST_CHECK;

#endif
