/*
 * Findings and everything else that a scan brings back: plain data, written
 * by scanner/, read by report/ and remedy/. All texts and arrays live in the
 * arena of the scan_result.
 */
#ifndef SCANNER_FINDING_H
#define SCANNER_FINDING_H

#include "base/arena.h"
#include "rules/evidence.h"
#include "rules/rule.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where a finding was seen; a set of bits. */
enum place {
	PLACE_INDEX = 1 << 0,
	PLACE_STAGED = 1 << 1,
	PLACE_WORKTREE = 1 << 2,
	PLACE_HISTORY = 1 << 3,
	PLACE_STASH = 1 << 4,
	PLACE_REFLOG = 1 << 5,
	PLACE_NOTE = 1 << 6,
	PLACE_MESSAGE = 1 << 7,
	PLACE_UNREACHABLE = 1 << 8, /* nothing names it */
	PLACE_REPLACED = 1 << 9,    /* git log shows another commit instead */
	PLACE_ALTERNATE = 1 << 10,  /* nothing here names it, and it lies in the
				       store that another repository lends */
	PLACE_CONFLICT = 1 << 11,   /* stages 1 to 3 of an index */
	PLACE_OTHER_INDEX = 1 << 12, /* that of another worktree */
	PLACE_GIT_DIR = 1 << 13,     /* a file of the .git folder itself */
	PLACE_PATH_NAME = 1 << 14,   /* beside others: the path has the secret,
					whatever its contents have */
	PLACE_REF_NAME = 1 << 15,    /* the name of a ref has it */
};
#define PLACE_COUNT 16

/** What a scan can be asked to look at: some places are parts of others. */
#define PLACES_TO_ASK                                                      \
	(PLACE_INDEX | PLACE_OTHER_INDEX | PLACE_STAGED | PLACE_WORKTREE | \
		PLACE_HISTORY | PLACE_STASH | PLACE_NOTE | PLACE_REFLOG |  \
		PLACE_UNREACHABLE | PLACE_MESSAGE | PLACE_GIT_DIR)

#define PLACES_OF_INDEX \
	(PLACE_INDEX | PLACE_STAGED | PLACE_CONFLICT | PLACE_OTHER_INDEX)

/** The places of commits. What stands in several of them is in the first of
 * this order alone: history, replaced, stash, note, reflog, unreachable. */
#define PLACES_OF_HISTORY                                            \
	(PLACE_HISTORY | PLACE_REPLACED | PLACE_STASH | PLACE_NOTE | \
		PLACE_REFLOG | PLACE_UNREACHABLE)

/** Where a message cannot be: PLACE_MESSAGE beside one of these is also of a
 * file of its path. */
#define PLACES_OF_FILES \
	(PLACES_OF_INDEX | PLACE_WORKTREE | PLACE_HISTORY | PLACE_GIT_DIR)

/** Where a path is none that git tracks, ignores or has in a tree. */
#define PLACES_BESIDE_TREES (PLACE_GIT_DIR | PLACE_REF_NAME)

/** "index", "history", …; the word for one bit. */
const char *place_name(unsigned bit);

/* A commit or tag as text has no path. Its findings have that of the file in
 * which git has its message written, the same for all: their fingerprints
 * survive rebase, and are those that a commit-msg hook has seen. */
#define COMMIT_MESSAGE_PATH "COMMIT_EDITMSG"
#define TAG_MESSAGE_PATH    "TAG_EDITMSG"

enum tristate {
	UNKNOWN =
		-1, /* cannot be told: a bare repository has no ignore rules */
	NO = 0,
	YES = 1,
};

/** Where in the blob; start_line 0 means "the file as a whole". Lines and
 * columns count from 1, columns in bytes; end_column is that of the last
 * byte; start_byte..end_byte is half open. */
struct region {
	size_t start_line, start_column;
	size_t end_line, end_column;
	size_t start_byte, end_byte;
};

/** The start and end of a region as code hosts count: columns in UTF-16 code
 * units from 1, the end exclusive. */
struct text_place {
	size_t start_column, end_column;
	char line_hash[40]; /* of its first line (line_hash.h), "" for none */
};

/** A commit as reports show it. */
struct commit_info {
	char oid[OID_HEX_SIZE + 1];
	const char *author; /* name alone, raw bytes as in the commit, cut
				after some 1024 of them */
	int64_t time;       /* author date, seconds since 1970 */
	int offset_minutes; /* author's time zone, +120 for +0200 */
	bool is_root;       /* it has no parents */
};

/** Since when, by whom, and from where it can still be reached. */
struct exposure {
	const struct commit_info *first;   /* first commit that has it; NULL
						when history was not looked at,
						or is_cut */
	const struct commit_info *last;    /* last that brought or changed it;
						likewise */
	const struct commit_info *removed; /* that took it away; NULL while it
						is at a tip, or never was */
	const char **refs; /* names of refs and stash entries whose history
				holds it, sorted; at most EXPOSURE_MAX_REFS */
	size_t refs_listed;
	size_t refs_count; /* all of them */
	const char **logs; /* "HEAD@{3}": of each reflog that reaches it the
			       newest entry that does; likewise */
	size_t logs_listed;
	size_t logs_count;
	unsigned held_by; /* 1 << enum holder_kind: what reaches it */
	unsigned tip_of;  /* those of them that have it in their tree now */
	bool is_cut;      /* it is where a shallow clone ends, or above a commit
				that cannot be read: who brought it, and when,
				is not known */
};

#define EXPOSURE_MAX_REFS 20

/** What ties a finding to another one, or to a key that is published. */
struct finding_link {
	const char *relation; /* static: "signs", "signed-by", "session-of" */
	const char *scheme;   /* static: how: "flask", "django", … */
	const char *rule;     /* of the other finding; NULL: a published key */
	const char *path;
	const char *fingerprint;
	size_t line;                     /* of the other, or 0 */
	const struct commit_info *since; /* both were there from this commit
						on; NULL: not known */
};

/** Who has said that a finding is accepted. */
enum suppressed_by {
	SUPPRESSED_NOT,
	SUPPRESSED_BASELINE, /* an entry of a baseline */
	SUPPRESSED_COMMENT,  /* a comment beside it */
	SUPPRESSED_GITLEAKS, /* a line of .gitleaksignore */
};

/** "baseline", "comment", "gitleaksignore". */
const char *suppressed_by_name(int by);

/** All zero: nobody has accepted it. */
struct suppression {
	int by;              /* enum suppressed_by */
	bool expired;        /* it was accepted once, and counts again */
	const char *reason;  /* or NULL, as the next two */
	const char *owner;   /* who answers for it */
	const char *expires; /* last day, "2026-12-31" */
};

/** Another part of a secret in several parts. */
struct finding_part {
	const char *title; /* of the rule's `with` */
	struct region region;
};

/** Why a secret is believed to be one, and its other parts. */
struct finding_belief {
	const char *const *why; /* ASCII, one short reason each */
	size_t why_count;
	const struct finding_part *parts;
	size_t part_count;
};

struct ruleset;

struct finding {
	const struct rule *rule;      /* borrowed from the ruleset */
	const struct rule *file_rule; /* the same: one that says where the file
				belongs, whatever rule finds something in it;
				NULL: `rule` does. finding_remedy() */
	int severity;                 /* after the rule's grades */
	int confidence;
	const char *path;     /* raw bytes, NUL-ended; "" for an object without.
				  A secret in a name is masked, here and in all
				  other paths and names of refs */
	const char *raw_path; /* of such a name: the path as it is, never to be
				told; else NULL: finding_file() */
	const char *nested; /* of a member of an archive "a.zip!dir/.env", else
				NULL: finding_name() */
	const char *inner;  /* what is behind the "!" of it, or NULL */
	const char *store;  /* folder or file of the store, or NULL */
	unsigned places;    /* enum place */
	bool tracked;       /* the path is in the index now */
	int ignored; /* enum tristate: git would ignore it if untracked */
	bool at_tip; /* a branch, tag, HEAD or other ref holds it in its tree;
			stashes and notes do not count */
	char blob[OID_HEX_SIZE + 1]; /* newest blob of it, "" for none */
	size_t versions;             /* distinct blobs of it */
	const struct oid *blobs;     /* all of them, or NULL */
	struct region region;        /* in the blob: of what is encoded there */
	struct region inner_region;  /* of a member: inside of that */
	uint32_t encodings;          /* rules/encoded/encoding.h */
	struct text_place *text_place; /* or NULL: nobody asked for it, or its
					content cannot be read again */
	struct exposure exposure;
	const char *excerpt;             /* redacted text, or NULL */
	char secret_id[33];              /* keyed hash of the secret, or "" */
	char fingerprint[33];            /* rule, path, secret_id */
	const struct evidence *evidence; /* of the newest blob, or NULL */
	const struct finding_belief *belief; /* of a pattern, or NULL */
	const char *state; /* "live", "expired", "never", "unknown"; static */
	const struct finding_link *links; /* sorted; proofs, not guesses */
	size_t link_count;
	struct suppression suppressed;
};

/** The path, with that inside of an archive where there is one: a name for
 * people, and what tells one place from another. */
const char *finding_name(const struct finding *finding);

/** The rule that says what git should do with the file: whose patterns to
 * ignore and `untrack` hold. */
const struct rule *finding_remedy(const struct finding *finding);

/** The path as it is, to find the file by. */
const char *finding_file(const struct finding *finding);

/** False where git has no say about the path: it is of the .git folder, or no
 * path but a ref. */
bool finding_is_in_tree(const struct finding *finding);

/** The line in the file, or in the member of an archive; 0 for none. */
size_t finding_line(const struct finding *finding);

/** True when the finding counts: nobody has accepted it, or no longer. */
bool finding_counts(const struct finding *finding);

enum skip_reason {
	SKIP_TOO_LARGE,
	SKIP_CORRUPT,
	SKIP_MISSING,
	SKIP_LIMIT,
	SKIP_TIMEOUT, /* --timeout */
	SKIP_LFS_POINTER,
	SKIP_SUBMODULE,
	SKIP_SHALLOW,
	SKIP_UNSUPPORTED,
	SKIP_NOTHING, /* there was nothing to look at */
};
#define SKIP_REASON_COUNT (SKIP_NOTHING + 1)

/** "too-large", "corrupt", … */
const char *skip_reason_name(int reason);

/** True when something was not looked at that should have been: the scan is
 * incomplete. LFS pointers and submodules are not part of the repository. */
bool skip_is_incomplete(int reason);

/** Something that was not looked at. */
struct skipped {
	int reason;                    /* enum skip_reason */
	char object[OID_HEX_SIZE + 1]; /* or "" */
	const char *path;              /* or NULL */
	const char *inner;             /* path inside of an archive, or NULL */
	const char *detail;            /* one line, or NULL */
	const char *lfs_oid;           /* SKIP_LFS_POINTER: what it is of */
	uint64_t lfs_size;             /* likewise: its bytes */
};

/** A share of a scan: shard `index`, from 1, of `count`; 0 of 0: all of it. */
struct shard {
	uint32_t index, count;
};

/** All that a scan found out. */
struct scan_result {
	struct arena arena;
	struct finding *findings; /* sorted by rule, path, secret */
	size_t finding_count, finding_capacity;
	struct skipped *skipped; /* sorted by reason, object, path */
	size_t skipped_count, skipped_capacity;

	const struct ruleset
		*rules;         /* what was looked for; borrowed, or NULL */
	unsigned sources;       /* enum place: what was asked for */
	const char *repository; /* path as the user would name it */
	bool bare;
	int64_t now;             /* the time by which expiry was judged */
	char rules_digest[65];   /* ruleset_digest() */
	char tips_digest[65];    /* over the sorted "oid name" of all refs */
	struct shard shard;      /* what this is a part of */
	char entries_digest[65]; /* of a shard: over the paths and blobs that
					all shards listed */
	char options_digest[65]; /* of a shard: over all else that decides what
					is found */

	size_t paths;    /* distinct paths seen */
	size_t excluded; /* paths left out by the repository's own wish */
	size_t unsure;   /* findings that scan_result_drop_unsure() dropped */
	size_t blobs;    /* distinct blobs read */
	uint64_t bytes;  /* their bytes */
	size_t commits;  /* commits walked */
	bool complete;   /* no skip_is_incomplete() entry */
};

/** What a finding stands in. */
enum finding_object {
	OBJECT_IS_FILE,
	OBJECT_OF_COMMIT, /* in a commit as text, or in what is to be one */
	OBJECT_OF_TAG,
};

/** One of them; OBJECT_IS_FILE when it stands in a file, too. */
int finding_object(const struct finding *finding);

/** Frees all of it; the result is empty then. */
void scan_result_clear(struct scan_result *result);

/** Appends; the texts must live in result->arena. */
struct finding *scan_result_add_finding(struct scan_result *result);
struct skipped *scan_result_add_skipped(struct scan_result *result, int reason);

/** Moves findings and skipped entries, with their memory, from `other`, which
 * is empty then. */
void scan_result_absorb(struct scan_result *result, struct scan_result *other);

/** Drops findings below a confidence (enum confidence), and counts them. */
void scan_result_drop_unsure(struct scan_result *result, int confidence);

/** How many findings do not count, because somebody has accepted them. */
size_t scan_result_count_accepted(const struct scan_result *result);

/** Puts findings and skipped entries into their order, drops equal skipped
 * ones, and sets `complete`. */
void scan_result_sort(struct scan_result *result);

#endif
