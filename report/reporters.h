/* The formats, one a file, and what their files share. For report/ alone. */
#ifndef REPORT_REPORTERS_H
#define REPORT_REPORTERS_H

#include "report/report.h"

extern const struct reporter reporter_human;
extern const struct reporter reporter_jsonl;
extern const struct reporter reporter_json;
extern const struct reporter reporter_sarif;
extern const struct reporter reporter_gitlab;
extern const struct reporter reporter_junit;
extern const struct reporter reporter_github;
extern const struct reporter reporter_code_climate;
extern const struct reporter reporter_rdjson;
extern const struct reporter reporter_gitleaks;
extern const struct reporter reporter_csv;
extern const struct reporter reporter_porcelain;
extern const struct reporter reporter_markdown;
extern const struct reporter reporter_html;

/** Flushes; ERR_IO when any write to the stream has failed. */
int report_finish(FILE *out, struct err *err);

#endif
