/*
 * --shard: which share of a scan this process tells of. By number, or as the CI
 * engine or scheduler numbers its jobs.
 */
#ifndef CMD_SHARD_OPTION_H
#define CMD_SHARD_OPTION_H

#include "base/err.h"
#include "cmd/report_plan.h"
#include "cmd/scan_setup.h"
#include "scanner/finding.h"

#define SHARD_MAX 10000

/** Reads "<i>/<n>", or "auto" from the environment; NULL is no shard. ERR_USAGE
 * when it is none, or when the environment leaves open which one. */
int shard_parse(
	struct shard *out, const char *text, struct err *err) MUST_CHECK;

/** ERR_USAGE for another format than jsonl: merge reads no other. */
int shard_check_reports(
	const struct report_plan *plan, struct err *err) MUST_CHECK;

/** Sets the share. No cache is used. */
void shard_prepare(struct scan_setup *setup, const struct shard *shard);

/** Over what decides what is found besides rules, paths and blobs: limits, the
 * fingerprint key, what is accepted. */
void shard_options_digest(char out[65], const struct scan_setup *setup);

#endif
