/*
 * The objects of the machine format, one function for each "type". They are
 * the same in --format=jsonl and --format=json; docs/formats.md describes
 * them. Field names and their order are fixed: new ones may be added, none is
 * renamed or removed within format 1.
 */
#ifndef REPORT_FINDING_JSON_H
#define REPORT_FINDING_JSON_H

#include "report/json_writer.h"
#include "report/report.h"

#define JSON_FORMAT 1

void json_header(struct json_writer *json, const struct scan_result *result,
	const struct report_opts *opts);
void json_finding(struct json_writer *json, const struct finding *finding);

/** The members alone, of an object that the caller begins, adds to and ends. */
void json_header_members(struct json_writer *json,
	const struct scan_result *result, const struct report_opts *opts);
void json_finding_members(
	struct json_writer *json, const struct finding *finding);
void json_skipped_members(
	struct json_writer *json, const struct skipped *skipped);

/** What a decoder found, or null; `state` as evidence_state() words it. */
void json_evidence(struct json_writer *json, const struct evidence *evidence,
	const char *state);

/** Two members of an object: the path as text and, where that loses bytes, all
 * of them as base64 under `exact`. */
void json_path(struct json_writer *json, const char *key, const char *exact,
	const char *path);

void json_skipped(struct json_writer *json, const struct skipped *skipped);
void json_summary(struct json_writer *json, const struct scan_result *result);

#endif
