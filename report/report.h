/*
 * Findings in, text out. A reporter writes one format; it knows neither
 * libgit2 nor PCRE2, and nothing that it prints is a secret: content reaches
 * it as names, spans, hashes and redacted excerpts.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/err.h"
#include "scanner/finding.h"

#include <stdbool.h>
#include <stdio.h>

/** Which of several repositories a jsonl report is of. */
struct report_list {
	const char *repository;     /* as the list names it */
	size_t number, count;       /* from 1 */
	const char *options_digest; /* the same for all of them */
	struct shard shard;      /* that scanned it; 0 of 0: there are none */
	const char *plan_digest; /* of shards: who scans which */
};

struct report_opts {
	bool color;     /* terminal colours; human report alone */
	bool utf8;      /* the terminal shows UTF-8; otherwise ASCII alone */
	unsigned width; /* columns of the terminal */
	int verbosity;  /* -q: -1, 0, -v: 1 */
	bool nul_ended; /* -z: records of `porcelain` end with NUL */
	const char *version;
	const struct report_list *list; /* of `jsonl`; or NULL */
};

/** One format, one file: report_<name>.c. */
struct reporter {
	const char *name;
	const char *summary;    /* for --help */
	bool needs_text_places; /* scan_opts.text_places was set */
	int (*write)(FILE *out, const struct scan_result *result,
		const struct report_opts *opts, struct err *err);
};

/** All formats, NULL-ended. */
extern const struct reporter *const reporters[];

/** The reporter of that name, or NULL. */
const struct reporter *reporter_find(const char *name);

#endif
