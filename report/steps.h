/*
 * What to do about the findings, in the order to do it: the same for every
 * report for people.
 */
#ifndef REPORT_STEPS_H
#define REPORT_STEPS_H

#include "base/arena.h"
#include "report/store_group.h"

#include <stddef.h>

/** Texts, in the arena of the steps or of the rules. */
struct step_words {
	const char **items;
	size_t count;
};

struct step {
	const char *title;           /* a sentence, or its start and a colon */
	struct step_words notes;     /* what rules advise, the worst first */
	const char *const *commands; /* to copy, NULL-ended; or NULL */
};

#define STEPS_MAX 5

struct steps {
	struct arena arena;
	struct step items[STEPS_MAX];
	size_t count;
	struct step_words patterns; /* lines for .gitignore, sorted */
};

/** The steps that the groups call for; none for no groups. */
void steps_init(struct steps *steps, const struct group_list *list);
void steps_clear(struct steps *steps);

#endif
