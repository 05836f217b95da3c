/*
 * Does a rule ask for all of its secret? Each match example is taken with its
 * secret broken in one way, and must then no longer match:
 *
 * - prefix: a byte of the literal that the secret holds is another one;
 * - alphabet: a byte is one that secrets do not have (a quote, a blank, a
 *   control byte …; one of them must do), or a letter where there are only
 *   digits, one beyond `f` where there is only hex, a capital where there are
 *   only small letters;
 * - length: a byte is missing, or one too many, where all match examples of the
 *   rule have the same length; else all but an eighth of the secret is, behind
 *   its prefix;
 * - boundary: a letter or digit stands before or behind it, or `_`, a letter or
 *   a digit in it makes that a part alone is taken.
 *
 * A rule says by `tolerates` what cannot be asked of it, and why.
 */
#ifndef RULES_RULE_MUTATION_H
#define RULES_RULE_MUTATION_H

#include "base/err.h"
#include "rules/matcher.h"
#include "rules/rule.h"

#include <stdbool.h>
#include <stddef.h>

/** A match example, and the place of the secret in its content. */
struct mutation_secret {
	const struct rule *rule;
	const struct rule_example *example;
	size_t start, end;
};

/** What the secrets of all match examples of a rule have; zero at first. */
struct mutation_survey {
	size_t count;
	size_t len; /* of the last one */
	bool lengths_differ;
	size_t digits, hex_letters, lower, upper; /* behind the prefix */
};

void mutation_survey_add(
	struct mutation_survey *survey, const struct mutation_secret *secret);

/** All borrowed. */
struct mutation_input {
	struct matcher *matcher;
	size_t rule_index;
	struct mutation_secret secret;
	const struct mutation_survey *survey;
};

/** Sets bit `1 << kind` of *survived for each kind of mutation (enum
 * rule_mutation) after which the rule still matches. */
int rule_mutate(unsigned *survived, const struct mutation_input *input,
	struct err *err) MUST_CHECK;

#endif
