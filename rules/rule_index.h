/*
 * The rules of a run, compiled for matching: made once, then constant and
 * shared by the matchers of all threads. Patterns of contents are not in it:
 * most are never needed, so each matcher compiles those that a keyword asks
 * for.
 */
#ifndef RULES_RULE_INDEX_H
#define RULES_RULE_INDEX_H

#include "base/cleanup.h"
#include "base/err.h"
#include "rules/decoder.h"
#include "rules/literal_set.h"
#include "rules/path_set.h"
#include "rules/rule.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Indexes of rules, ascending. */
struct rule_list {
	size_t *items;
	size_t count, capacity;
};

/** A keyword of a rule. */
struct keyword_slot {
	uint32_t rule;
	uint32_t len; /* bytes of the keyword */
	bool of_path; /* of a rule with a path part */
	bool occurs;  /* and it only has to occur */
};

/** Read by matcher.c, judge.c and keyword_search.c; to all others it is
 * opaque. */
struct rule_index {
	const struct rule **rules; /* borrowed rules */
	size_t count;
	const struct decoder **decoders; /* by rule; NULL: it has none */
	struct path_set *paths;

	/* Keywords of all rules, no text twice, and what each is for: the
	 * slots from first_slot[literal] up to first_slot[literal + 1]. */
	struct literal_set *literals;
	size_t literal_count;
	struct keyword_slot *slots;
	uint32_t *first_slot;
	size_t longest_reach; /* of a rule with keywords */

	/* The rules without a path part and keywords, each behind the cheapest
	 * thing that can rule it out: */
	struct rule_list by_first[UCHAR_MAX + 1]; /* signature's first byte */
	struct rule_list always;
};

/** How far a match may extend from its keyword: its ends, and its start. */
size_t rule_reach(const struct rule *rule);
size_t rule_reach_before(const struct rule *rule);

/** True for a rule whose pattern is searched for at its keywords, also where it
 * has a path part; false where the whole blob has to be looked at. */
bool rule_is_sought(const struct rule *rule);

/**
 * Compiles. ERR_PARSE names the rule that is wrong: a glob, a name, an unknown
 * decoder, or a rule that asks for nothing. The rules must outlive the index;
 * matches refer to them by their place in `rules`. Caller frees.
 */
int rule_index_new(struct rule_index **out, const struct rule *const *rules,
	size_t count, struct err *err) MUST_CHECK;
void rule_index_free(struct rule_index *index);
DEFINE_CLEANUP(rule_index_freep, struct rule_index, rule_index_free)

#endif
