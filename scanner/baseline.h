/*
 * Findings that somebody has looked at and accepted, in a file of the
 * repository. One JSON object a line, the lines sorted as bytes, each line
 * independent of all others: two branches that add lines merge by taking both
 * (gitattributes(5) "merge=union"). An entry is known by the fingerprint of
 * its finding alone, so it outlives rebase, squash and moved lines, and it
 * says nothing about any other secret.
 *
 * A jsonl report is a baseline too: its findings are entries without reason.
 */
#ifndef SCANNER_BASELINE_H
#define SCANNER_BASELINE_H

#include "base/arena.h"
#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/fingerprint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BASELINE_FORMAT 1
#define BASELINE_FILE   ".hygiene-baseline"

/** The key check: which hygiene.fingerprintKey the secrets were hashed by. */
#define BASELINE_KEY_HEX 16

struct baseline_entry {
	const char *rule;
	const char *path; /* for people; bad UTF-8 as U+FFFD */
	char fingerprint[FINGERPRINT_HEX + 1];
	const char *reason, *owner; /* or NULL */
	const char *expires;        /* last day, "2026-12-31"; NULL: never */
	int64_t until;              /* second from which it counts again */
	bool used;                  /* baseline_apply() met its finding */
};

/** All zero is empty. Texts live in the arena. */
struct baseline {
	struct arena arena;
	struct baseline_entry *entries; /* sorted by baseline_sort() */
	size_t count, capacity;
	char key[BASELINE_KEY_HEX + 1]; /* of the first file that has one */
};

void baseline_clear(struct baseline *baseline);

/** Appends the entries of a file. `flags` as for file_read(). ERR_PARSE with
 * "file:line: what is wrong" for the first mistake: it is taken whole or not
 * at all. */
int baseline_read(struct baseline *baseline, const char *path, unsigned flags,
	struct err *err) MUST_CHECK;

/** The same for text; `name` is for messages. */
int baseline_parse(struct baseline *baseline, const char *name,
	const char *text, size_t len, struct err *err) MUST_CHECK;

/** Appends an entry for the finding; caller fills reason, owner and expiry. */
struct baseline_entry *baseline_add(
	struct baseline *baseline, const struct finding *finding);

/** Appends a copy of an entry whose texts outlive the baseline. */
void baseline_append(
	struct baseline *baseline, const struct baseline_entry *entry);

/** Puts the entries into order by fingerprint, as baseline_apply() wants. */
void baseline_sort(struct baseline *baseline);

/** The entry of a sorted baseline that holds longest, or NULL. */
struct baseline_entry *baseline_find(
	const struct baseline *baseline, const char *fingerprint);

/**
 * Marks the findings of the result that the sorted baseline accepts; of
 * several entries for one, the one that holds longest. An entry whose day has
 * passed leaves the finding counting, and marked as expired.
 */
void baseline_apply(struct baseline *baseline, struct scan_result *result);

/** The key check of a fingerprint key; NULL is the built-in key. */
void baseline_key(char out[BASELINE_KEY_HEX + 1], const char *key);

/** The first second behind the day YYYY-MM-DD (UTC); false when it is none. */
bool baseline_day_end(int64_t *out, const char *day);

#endif
