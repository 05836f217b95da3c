/*
 * A purge for people and for machines: the plan of one, and the certificate
 * that says what is left, or that nothing is. Neither holds a secret.
 */
#ifndef CMD_PURGE_VIEW_H
#define CMD_PURGE_VIEW_H

#include "base/buf.h"
#include "remedy/purge_files.h"
#include "remedy/purge_plan.h"
#include "remedy/purge_search.h"
#include "report/report.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** All that there is to show; borrowed. */
struct purge_view {
	const struct inventory *inventory;
	const struct purge_target *target;
	const struct purge_search *search;
	const struct purge_plan *plan;   /* NULL in a certificate */
	const struct purge_files *files; /* of the plan; NULL: not written */
	const struct report_opts *opts;
	const char *rules_digest; /* of the rules that searched */
	int64_t now;
};

/** Prints it. A view with a plan is a plan, without one a certificate. */
void purge_print(FILE *out, const struct purge_view *view);

/** Writes it as one JSON object; docs/formats.md describes it. */
void purge_write_json(FILE *out, const struct purge_view *view);

/** True when the ref names a blob or tree itself: no rewrite changes that. */
bool purge_is_bare(
	const struct inventory *inventory, const struct holder *holder);

/** True when git-filter-repo, run on a mirror, takes it out of this place. */
bool purge_is_rewritten(
	const struct purge_view *view, const struct holder *holder);

/** Appends the command that makes a place let go of what it keeps, one line
 * for a shell. */
void purge_add_remover(struct buf *out, const struct purge_view *view,
	const struct purge_place *place, bool utf8);

/** Appends the words of the git-filter-repo call, for a shell. */
void purge_add_command(
	struct buf *out, const struct purge_files *files, bool utf8);

#endif
