/*
 * Which findings stand in the tree of a ref's tip. Only folders on the way to
 * a finding's path are opened, and each of those once, however many refs
 * share it.
 */
#ifndef SCANNER_TIP_SEARCH_H
#define SCANNER_TIP_SEARCH_H

#include "base/err.h"
#include "scanner/exposure.h"

struct tip_search;

/** Prepares for the traces, which stay the caller's. Caller frees. */
int tip_search_new(struct tip_search **out, struct trace *traces, size_t count,
	const struct changes *changes, const struct objects *objects,
	struct err *err) MUST_CHECK;
void tip_search_free(struct tip_search *search);
DEFINE_CLEANUP(tip_search_freep, struct tip_search, tip_search_free)

/** What is marked from now on stands at a tip of this kind: see
 * exposure_add_tip(). */
void tip_search_begin(struct tip_search *search, int kind);

/** Marks the traces that the tree holds. Trees that cannot be read were told by
 * the walk; they hold nothing here. */
int tip_search_mark(struct tip_search *search, const struct oid *tree,
	struct err *err) MUST_CHECK;

#endif
