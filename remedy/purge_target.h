/*
 * What a purge takes away, and what a proof searches for: paths, ids of blobs,
 * secrets by their keyed hash, and Git LFS objects. A plan of it holds no
 * secret value: a path with a secret in it is known by its keyed hash as well.
 *
 * - A path is a target when a rule says that such a file does not belong into
 *   the repository, by its path or for all contents that it ever had.
 * - A blob is a target when it stood at such a path and nowhere else, or when a
 *   decoder recognised its content: that one is a target wherever it lies.
 * - A secret is a target when a pattern found it; then it goes wherever it
 *   stands. What a setting is set to is no secret in that sense: other settings
 *   have the same value.
 */
#ifndef REMEDY_PURGE_TARGET_H
#define REMEDY_PURGE_TARGET_H

#include "base/arena.h"
#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/fingerprint.h"
#include "scanner/history_walk.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>

#define LFS_ID_HEX 64

struct purge_secret {
	char id[FINGERPRINT_HEX + 1];
	const char *rule;
};

/** A path with a secret in it. */
struct purge_hidden_path {
	char id[FINGERPRINT_HEX + 1]; /* keyed hash of the path */
	const char *shown;            /* with the secret masked */
	const char *path;             /* or NULL: a plan does not tell it */
};

/** Each list is sorted and has no element twice; all zero is empty. */
struct purge_target {
	struct arena arena;
	const char **paths; /* those without a secret */
	size_t path_count, path_capacity;
	struct purge_hidden_path *hidden; /* the others, by id */
	size_t hidden_count, hidden_capacity;
	struct oid *blobs;
	size_t blob_count, blob_capacity;
	struct purge_secret *secrets; /* by id, then rule */
	size_t secret_count, secret_capacity;
	const char **lfs; /* SHA-256 of objects in the store of Git LFS */
	size_t lfs_count, lfs_capacity;
	size_t shared; /* blobs at target paths that also stand at other
			paths, and are kept there */
	/* told by the caller, and not searched for */
	size_t accepted;          /* findings that somebody has accepted */
	size_t excluded;          /* paths that .hygiene.yml leaves out */
	struct scan_result skips; /* what could not be looked at when it was
				made: it may lack something */
	char rules_digest[65];    /* of the rules that found all this */
	char key_check[FINGERPRINT_HEX + 1]; /* tells fingerprint keys apart */
	const char *key; /* that one: NULL is the built-in one, and after
				purge_target_load() not known */
};

/** From which severity on a finding counts. */
struct purge_threshold {
	int files;   /* of findings that are whole files */
	int secrets; /* of secrets inside files */
};

/**
 * Fills the target from a scan, without what is accepted. `changes` are those
 * of the whole repository: they tell where else a blob stands. The lists of LFS
 * objects stay empty.
 */
void purge_target_from_scan(struct purge_target *out,
	const struct scan_result *result, const struct changes *changes,
	const struct purge_threshold *threshold, const char *fingerprint_key);

/** Adds one; purge_target_sort() makes the lists whole again. */
void purge_target_add_path(struct purge_target *target, const char *path);
void purge_target_add_hidden(struct purge_target *target, const char *id,
	const char *shown, const char *path);
void purge_target_add_blob(struct purge_target *target, const struct oid *oid);
void purge_target_add_secret(
	struct purge_target *target, const char *id, const char *rule);
void purge_target_add_lfs(struct purge_target *target, const char *id);
void purge_target_sort(struct purge_target *target);

/** Sorts what was not looked at; what several have told of an object, with one
 * reason, is kept once. */
void purge_skips_join(struct scan_result *skips);

/** Adds what makes a scan incomplete, a copy. Not what is missing, where
 * `with_missing` is false: an inventory of the same repository knows better
 * what of that matters. */
void purge_target_add_skips(struct purge_target *target,
	const struct scan_result *result, bool with_missing);

/** Sets the fingerprint key; it is copied. */
void purge_target_set_key(struct purge_target *target, const char *key);

bool purge_target_is_empty(const struct purge_target *target);
bool purge_target_has_path(const struct purge_target *target, const char *path);

/** How a path that is a target may be shown, or NULL: it is none, or it may be
 * shown as it is. */
const char *purge_target_mask(
	const struct purge_target *target, const char *path);

/** How many paths are targets. */
size_t purge_target_count_paths(const struct purge_target *target);

bool purge_target_has_blob(
	const struct purge_target *target, const struct oid *oid);

/** The secret of that id, or NULL. */
const struct purge_secret *purge_target_find_secret(
	const struct purge_target *target, const char *id);

/** SHA-256 over all lists, 64 hex digits: equal for equal searches. */
void purge_target_digest(char out[65], const struct purge_target *target);

/** The check of a fingerprint key, which gives nothing of it away. */
void purge_key_check(char out[FINGERPRINT_HEX + 1], const char *key);

/** Reads a plan that purge --plan -o wrote. ERR_PARSE when it is none.
 * Defined in purge_target_file.c. */
int purge_target_load(
	struct purge_target *out, const char *path, struct err *err) MUST_CHECK;

void purge_target_clear(struct purge_target *target);

#endif
