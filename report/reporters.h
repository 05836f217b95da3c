/* The formats, one a file, and what their files share. For report/ alone. */
#ifndef REPORT_REPORTERS_H
#define REPORT_REPORTERS_H

#include "report/report.h"

extern const struct reporter reporter_human;
extern const struct reporter reporter_jsonl;
extern const struct reporter reporter_json;

/** Flushes; ERR_IO when any write to the stream has failed. */
int report_finish(FILE *out, struct err *err);

#endif
