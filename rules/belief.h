/*
 * Why a match of a pattern is believed: short reasons for reports, and the
 * other parts of a secret that a rule asks for by `with`. No text in it gives
 * anything of a secret away.
 */
#ifndef RULES_BELIEF_H
#define RULES_BELIEF_H

#include "base/arena.h"
#include "base/cleanup.h"
#include "rules/pattern.h"
#include "rules/rule.h"
#include "rules/rule_patterns.h"

#include <stddef.h>

/** Another part of the secret; the span is of its own secret. */
struct belief_part {
	const char *title; /* of the rule's `with` */
	size_t start, end;
};

/** All of it lives in the arena that it was made in. */
struct belief {
	const char *const *reasons; /* "named DB_PASSWORD", "verified as jwt" */
	size_t reason_count;
	const struct belief_part *parts; /* one for each `with` that is there */
	size_t part_count;
};

/** A match, with what is needed to look around it. All borrowed. */
struct belief_input {
	const struct rule *rule;
	const struct rule_patterns *patterns;
	struct pattern_state *state;
	const unsigned char *bytes; /* of the blob */
	size_t len;
	const struct pattern_span *span;
	struct arena *arena;
};

/**
 * 1 and *out; 0 when a part that the rule asks for is not there; ERR_LIMIT when
 * a pattern gave up on looking for it.
 */
int belief_make(
	const struct belief **out, const struct belief_input *in) MUST_CHECK;

#endif
