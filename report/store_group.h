/*
 * What people read: one group for each session store, for each secret (with
 * all the places that hold it), for each setting of a file, and for each other
 * path. What a column of a database holds, row by row, is one group: a table
 * of users has as many passwords. Counts are of files, that is of distinct
 * paths, not of findings or versions. Findings that were accepted are in no
 * group.
 */
#ifndef REPORT_STORE_GROUP_H
#define REPORT_STORE_GROUP_H

#include "scanner/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum group_kind {
	GROUP_STORE,
	GROUP_SECRET,
	GROUP_PATH,
};

struct group {
	int kind;                    /* enum group_kind */
	const char *name;            /* store or path, raw bytes; "" for none */
	bool is_folder;              /* of a store: it holds files */
	const struct finding *worst; /* of the highest severity; names it */
	const struct finding *const *members; /* sorted by path */
	size_t member_count;

	size_t values;     /* of a table: distinct ones in it; else 0 */
	size_t files;      /* without companions, unless all are */
	size_t companions; /* counters, locks, temporary files of a store */
	size_t versions;   /* distinct contents of the files */
	size_t entries;    /* sessions, cookies or rows inside */
	bool are_sessions; /* all decoded files hold sessions */
	size_t tracked;    /* companions included, as in the next three */
	size_t in_history;
	size_t at_tip;
	size_t not_ignored; /* git would not ignore them */

	size_t live, expired, never; /* files by state */
	bool has_expiry;
	int64_t first_expiry, last_expiry;

	size_t decoded;              /* files that a decoder read */
	size_t holding[HOLDS_COUNT]; /* … and found this inside, by bit */
	int id;                      /* enum id_exposure, the worst of them */
	const char **calls; /* what loading them would call; no duplicates,
				at most GROUP_MAX_CALLS */
	size_t call_count;

	unsigned places;                   /* enum place */
	const struct commit_info *first;   /* earliest; NULL if one is_cut */
	const struct commit_info *last;    /* latest change */
	const struct commit_info *removed; /* latest removal, when no file of
						it is at a tip */
	const char **refs;                 /* sorted, no duplicates */
	size_t refs_listed;
	size_t refs_count; /* at least */
	const char **logs; /* of reflogs, likewise */
	size_t logs_listed;
	size_t logs_count;
	unsigned held_by, tip_of; /* as of an exposure */
	bool is_cut;              /* likewise, of any */
};

#define GROUP_MAX_CALLS 64

/** The groups, worst first; borrowed findings, so it must not outlive them. */
struct group_list {
	struct arena arena;
	struct group *groups;
	size_t count;
};

/** True for a setting of a file: a group of kind GROUP_PATH, of which there can
 * be several at one path. */
bool group_is_setting(const struct group *group);

void group_list_init(struct group_list *list, const struct scan_result *result);

/** The same of the findings alone that were seen in one of these places. */
void group_list_init_in(struct group_list *list,
	const struct scan_result *result, unsigned places);

/** The same of the findings that were accepted, and of those alone. */
void group_list_init_accepted(
	struct group_list *list, const struct scan_result *result);
void group_list_clear(struct group_list *list);

#endif
