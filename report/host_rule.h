/* What code hosts want to know of rules and of a scan as a whole. */
#ifndef REPORT_HOST_RULE_H
#define REPORT_HOST_RULE_H

#include "base/buf.h"
#include "scanner/finding.h"

#include <stddef.h>

/** The rules that findings name, sorted by id, none twice. */
struct rule_table {
	const struct rule **items;
	size_t count;
};

void rule_table_init(
	struct rule_table *table, const struct scan_result *result);
void rule_table_clear(struct rule_table *table);

/** The index of a rule that is in it. */
size_t rule_table_find(const struct rule_table *table, const struct rule *rule);

/** The first http(s) address that the rule refers to, or NULL. */
const char *rule_url(const struct rule *rule);

/** Appends why it matters and what to do, as plain text. */
void add_rule_help(struct buf *out, const struct rule *rule);

#define RULE_MAX_CWES 8

/** The number of a weakness (cwe.mitre.org), without "CWE-"; NULL behind the
 * last. A rule that names none has that of a secret in source code or, for
 * files, of data kept where others can read it. */
const char *rule_cwe(const struct rule *rule, size_t at);

/** A score of 0.1 to 10 as CVSS has it: "9.5" for critical. */
const char *severity_score(int severity);

/** "very-high", "high", "medium", "low". */
const char *rule_precision(int confidence);

/** Appends the text, cut to `most` bytes between characters. */
void add_cut(struct buf *out, const char *text, size_t most);

/** Appends "index, history: 12 commits, 3 paths, 3 blobs, 1.6 KiB". */
void add_looked_at(struct buf *out, const struct scan_result *result);

/** Appends what of the findings is left out, "3 accepted before", or nothing.
 */
void add_left_out(struct buf *out, const struct scan_result *result);

/** Appends one sentence on what was not looked at but should have been; nothing
 * for a scan that is complete. */
void add_incomplete(struct buf *out, const struct scan_result *result);

#endif
