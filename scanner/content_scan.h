/*
 * Each blob read and matched once, on several threads. What comes out are
 * hits: a rule and a place in a blob, without a path; scan.c joins them with
 * the paths.
 *
 * Of a blob that the pack has as a delta only what is new is searched: where
 * keywords stand, and what the rules said of them, is taken over from its base.
 */
#ifndef SCANNER_CONTENT_SCAN_H
#define SCANNER_CONTENT_SCAN_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/matcher.h"
#include "scanner/finding.h"
#include "scanner/history_walk.h"
#include "scanner/later.h"
#include "scanner/objects/objects.h"
#include "scanner/oid_map.h"
#include "scanner/outside.h"
#include "scanner/path_table.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A rule whose path part accepted a path of the blob. */
struct candidate {
	uint32_t blob;
	uint32_t rule;
	const char *path; /* the smallest of those paths; for the decoder */
};

/** A rule that matched in a blob. */
struct hit {
	uint32_t blob;
	uint32_t rule;
	struct region region; /* in the blob; of what is encoded there */
	const char *inner;    /* path inside of it, when it is an archive; or
				 NULL */
	struct region inner_region; /* of a match in such a member: there */
	uint32_t encodings;         /* rules/encoded/encoding.h */
	char secret_id[33];         /* "" for a match of the file as a whole */
	const char *excerpt;        /* redacted, or NULL */
	const struct evidence *evidence;
	const struct finding_belief *belief; /* of a pattern, or NULL */
	unsigned char *secret; /* its bytes, for rules with a role; or NULL.
				  They leave memory with the hits */
	size_t secret_len;
	const struct suppression *allowed; /* by a comment beside it, or NULL */
};

/** Sorted by blob, rule, place; texts and evidence live in the arena. */
struct hits {
	struct arena arena;
	struct hit *items;
	size_t count, capacity;
};

/** Overwrites and frees the bytes of its secret. */
void hit_clear(struct hit *hit);

/** Frees all of it; the bytes of secrets are overwritten before. */
void hits_clear(struct hits *hits);

/** Moves the hits from `other`, which is empty then, into their order. */
void hits_absorb(struct hits *hits, struct hits *other);

/** What is known of a blob once it was read and searched. */
struct blob_scanned {
	size_t len;
	bool is_blob; /* or a commit or tag as text */
	bool done;
	bool told;        /* something of it was skipped */
	bool wants_path;  /* settings were not looked at for want of a path */
	bool asked_paths; /* the rules and settings of its paths were */
	bool has_members; /* rules were asked of paths inside of it */
	uint64_t path_keywords; /* matcher_path_keywords() of all in it */
};

struct content_scan_opts {
	const struct objects *objects;
	const struct rule_index *rules;
	const struct oid_map *blobs; /* all of them, by number; NULL where no
					outside is wanted and no cache asked */
	const struct oid *wanted;    /* those to be read, no id twice */
	const uint32_t *numbers;     /* of the wanted, among the blobs; NULL:
					their places are their numbers */
	size_t wanted_count;
	const struct outside *outside; /* contents that are no objects */
	const struct outside_item *const *outside_wanted; /* no id twice */
	size_t outside_count;
	size_t max_size;                    /* bytes of one of those */
	const struct candidate *candidates; /* sorted by blob, rule */
	size_t candidate_count;
	const uint32_t *settings_path; /* by blob: number of the path by which
					its settings are read, or PATH_NONE;
					NULL: no path is known */
	const struct path_table *paths;
	const char *fingerprint_key; /* or NULL */
	unsigned decode_depth; /* encodings within each other that are undone;
				  0: none */
	int64_t timeout_ms;    /* for one content; 0: the default */
	const bool *is_file;   /* by blob: it stands in a tree or the index, and
				  must be a blob; or NULL: none has to */
	const bool
		*unwanted; /* by blob: it is read for others alone, or NULL */
	bool alone;        /* for tests: no blob is known from its base */
	struct blob_scanned *scanned; /* by blob: filled; or NULL */
	struct rule_cost *costs;      /* by rule, added to; or NULL */
	unsigned jobs;
	const struct walk_progress *progress; /* or NULL */
	const atomic_bool *stop; /* once set, no more is read; or NULL */
	struct later *later;     /* tells the options with which the same blobs
				    are read from then on. The first thread begins
				    then; NULL: these are all there are */
};

/**
 * Scans every wanted blob, of the store and outside of it. Blobs that cannot be
 * read, and those where a bound cut the matching short, become `skipped`
 * entries of the result; its `blobs` and `bytes` are counted up.
 */
int content_scan(struct hits *out, const struct content_scan_opts *opts,
	struct scan_result *result, struct err *err) MUST_CHECK;

#endif
