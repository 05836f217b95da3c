/*
 * The whole of a scan, in one function: sources give paths and blobs, rules
 * are asked for each path once and for each blob once, the two are joined,
 * and history is asked about the findings alone.
 */
#ifndef SCANNER_SCAN_H
#define SCANNER_SCAN_H

#include "base/err.h"
#include "rules/path_glob.h"
#include "rules/rule_cost.h"
#include "rules/ruleset.h"
#include "scanner/cache_file.h"
#include "scanner/finding.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan_opts {
	unsigned sources;      /* enum place. PLACE_HISTORY also looks at
				  stash entries and notes, PLACE_MESSAGE
				  at the commits and annotated tags of the
				  other sources, as text */
	unsigned jobs;         /* threads, at least 1 */
	size_t max_blob_size;  /* bytes; larger blobs are skipped */
	unsigned decode_depth; /* encodings and archives within each other that
				  are undone; 0: none */
	int64_t timeout_ms;    /* for one content; 0: ten seconds */
	int64_t now;           /* expiry is judged by this time */
	const char *fingerprint_key;     /* or NULL */
	const struct pathspec *pathspec; /* or NULL: all paths */
	bool libgit2_only;               /* read packs through libgit2 */
	bool expect_paths;   /* looking at nothing is no clean result */
	bool verify_objects; /* hash every object that is read */
	bool ignored_too;    /* PLACE_WORKTREE: also what git ignores */
	bool text_places;    /* findings get their text_place */
	bool not_ignored;    /* nobody wants to know what git would ignore:
				with deep paths that is many files to look for */
	struct shard shard;  /* tell of this share alone; 0 of 0: of all */

	/* All of these are of PLACE_HISTORY and PLACE_MESSAGE. Walk from these
	 * objects (commits, or tags of them) instead of from all refs; NULL:
	 * all refs */
	const struct oid *range_tips;
	size_t range_tip_count;
	/* and leave out every commit that these reach; a change still counts
	 * against all parents of its commit */
	const struct oid *range_cuts;
	size_t range_cut_count;

	/* walk these commits alone, each against its parents; or NULL */
	const struct oid *commits;
	size_t commit_count;
	bool has_since;
	int64_t since; /* leave out commits with an older committer date */

	/* a message that is no commit yet, scanned as text at the path
	 * "COMMIT_EDITMSG" in the place "message"; or NULL. Not together with
	 * PLACE_MESSAGE */
	const char *message;
	size_t message_len;

	struct rule_cost *costs; /* by place in the ruleset: what each rule
					cost is added to it; or NULL */
	struct path_glob *const *exclude; /* paths that are left out, or NULL */
	size_t exclude_count;

	bool no_allow_comments;      /* comments beside findings have no say */
	const char *gitleaks_ignore; /* text of a .gitleaksignore, or NULL */
	size_t gitleaks_ignore_len;
	/* commits of PLACE_HISTORY that are looked at too, whether or not a
	 * ref reaches them, and all that they reach; or NULL. What stands in
	 * nothing that a ref reaches is in PLACE_UNREACHABLE instead */
	const struct oid *more_commits;
	size_t more_commit_count;

	struct cache *cache; /* what was found before; or NULL */

	/* told on the caller's thread what is being done; may be NULL */
	void (*progress)(
		const char *what, size_t done, size_t total, void *ctx);
	void *progress_ctx;
};

/**
 * Scans. What cannot be read becomes a `skipped` entry; errors are those of
 * the machine (memory, threads) or of the repository as a whole. `rules` must
 * outlive the result. Caller clears.
 */
int scan_run(struct scan_result *out, struct repo *repo,
	const struct ruleset *rules, const struct scan_opts *opts,
	struct err *err) MUST_CHECK;

#endif
