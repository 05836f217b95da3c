/*
 * Reads commits into a history and numbers them as they are found: what
 * loading all of it (history.c) and a range of it (history_range.c) share.
 */
#ifndef SCANNER_COMMIT_LOADER_H
#define SCANNER_COMMIT_LOADER_H

#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/history.h"
#include "scanner/objects/objects.h"
#include "scanner/oid_map.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stdint.h>

struct survey;

/** Numbers commits as history.commits does, up to the first tip that is none:
 * those of a survey by their numbers there, which takes no look-up. */
struct commit_loader {
	struct history *history;
	struct objects_reader *reader;
	struct survey *survey; /* that has read most commits, or NULL */
	struct scan_result *result;
	struct oid_map ids; /* without a survey */
	uint32_t *objects;  /* with one: by commit, its number there */
	size_t object_count, object_capacity;
	uint32_t *commit_of; /* the other way round, or NO_COMMIT */
	size_t commit_of_count, commit_of_capacity;
	struct oid_map cut; /* commits of the shallow file */
	bool cut_reported;
	size_t more_parents; /* of all commits, as COMMITS_MAX_MORE_PARENTS */
	bool more_reported;
};

/** Begins; all is borrowed. Caller clears, which leaves the history. */
int commit_loader_init(struct commit_loader *loader, struct history *history,
	struct repo *repo, struct objects_reader *reader,
	struct scan_result *result, struct err *err) MUST_CHECK;
void commit_loader_clear(struct commit_loader *loader);

/** The number of the commit, added unread if it is new. */
uint32_t commit_loader_add(struct commit_loader *loader, const struct oid *oid);

/** Reads a commit and adds its parents. It has none when a shallow clone ends
 * with it, or when it cannot be read, and only the first few where all commits
 * have too many; this is recorded, unless it is left out. Pointers into
 * history.commits do not outlive this. */
int commit_loader_read(struct commit_loader *loader, uint32_t number,
	struct err *err) MUST_CHECK;

/** Begins to load commits that will soon be read, the next of them this. */
void commit_loader_load(const struct commit_loader *loader, uint32_t number);

/** Records an object that could not be read; false when `rc` is an error that
 * must end the scan. */
bool commit_loader_skip(struct commit_loader *loader, const struct oid *oid,
	int rc, const char *what, const struct err *err);

/** Follows annotated tags from `oid` to what they name in the end. */
int commit_loader_peel(struct commit_loader *loader, struct oid *oid, int *type,
	struct err *err) MUST_CHECK;

#endif
