/*
 * Matches contents on one thread: a blob, and all that can be unpacked or
 * decoded from it. What comes out are hits.
 */
#ifndef SCANNER_CONTENT_MATCH_H
#define SCANNER_CONTENT_MATCH_H

#include "rules/encoded_search.h"
#include "scanner/content.h"
#include "scanner/content_scan.h"
#include "scanner/hit_repeats.h"
#include "scanner/unpack.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Of one thread; the first three are set by the caller. */
struct content_match {
	const struct content_scan_opts *opts;
	atomic_size_t *secret_bytes; /* kept by all threads */
	struct matcher *matcher;     /* borrowed */
	struct hits hits;
	struct scan_result skips;

	/* of the present blob */
	uint32_t blob;
	const struct oid *oid;
	bool wants_path;  /* settings were not looked at for want of a path */
	bool has_members; /* rules were asked of paths inside of it */
	bool has_parts;   /* there are members or tables in it */
	size_t first_hit; /* of the blob, in `hits` */
	struct hit_secrets inner; /* those in its members */
	uint64_t path_keywords;   /* matcher_path_keywords() of all in it */
	size_t path_count;        /* contents inside that have a path */
	size_t candidate, candidate_end;
	uint32_t *path_rules; /* of these */
	size_t path_rule_count, path_rule_capacity;
	struct content root;
	struct content *content; /* being matched: it, or one inside of it */
	struct unpack unpack;
	size_t limit_count; /* times that a rule gave up */
	bool told_limit, told_timeout;
	struct encoded_runs runs;    /* of its text */
	struct encoded_runs telling; /* those in which something was found */
};

/** A blob, and what is known of it. */
struct content_blob {
	const unsigned char *bytes;
	size_t len;
	uint32_t number; /* in opts->blobs */
	const struct oid *oid;
	const struct blob_base *base; /* or NULL */
	bool keep;                    /* matcher_hits() will be asked for */
	bool is_name;                 /* the name of a file: not one itself */
};

/** Matches the blob itself, with the rules that want one of its paths. */
int content_match_blob(struct content_match *match,
	const struct content_blob *blob, struct err *err) MUST_CHECK;

/** Matches what is inside of that blob; afterwards `telling` is set, by start.
 * The matcher's hits are those of another content then. */
int content_match_inside(struct content_match *match,
	const struct content_blob *blob, struct err *err) MUST_CHECK;

/** Says that something of the present blob was not looked at; `inner` and
 * `detail` may be NULL and live in skips.arena. */
void content_match_skip(struct content_match *match, int reason,
	const char *inner, const char *detail);

/** Frees what is left of it. */
void content_match_clear(struct content_match *match);

#endif
