/*
 * What a push asks to be scanned: the commits that it brings, said by git in
 * lines on standard input, githooks(5) "pre-push", "pre-receive", or by the
 * pre-commit framework in variables.
 */
#ifndef CMD_HOOK_REFS_H
#define CMD_HOOK_REFS_H

#include "base/err.h"
#include "scanner/oid.h"
#include "scanner/repo.h"

#include <stddef.h>

/** A list of object ids. */
struct hook_oids {
	struct oid *items;
	size_t count, capacity;
};

/** From the tips back to what is there already. All zero is empty. */
struct hook_range {
	struct hook_oids tips; /* new values of refs */
	struct hook_oids cuts; /* what is there already, may be missing here */
};

void hook_range_clear(struct hook_range *range);

/** Takes pre-push's lines: "<local ref> <local oid> <remote ref> <remote
 * oid>". ERR_PARSE with the line's number. */
int hook_range_add_pushed(struct hook_range *range, const char *text,
	size_t len, struct err *err) MUST_CHECK;

/** Takes pre-receive's lines: "<old oid> <new oid> <ref>". Cuts nowhere: what
 * is there already is for the refs to say, see hook_range_cut_refs(). */
int hook_range_add_received(struct hook_range *range, const char *text,
	size_t len, struct err *err) MUST_CHECK;

/** Takes the new value that update is given, in the same way. */
int hook_range_add_update(struct hook_range *range, const char *new_oid,
	struct err *err) MUST_CHECK;

/** Takes PRE_COMMIT_TO_REF, _FROM_REF and _LOCAL_BRANCH, in which the
 * pre-commit framework hands on one ref of a push, having read standard input
 * itself. False when it is not the framework that runs us for a push. */
int hook_range_add_framework(struct hook_range *range, struct repo *repo,
	struct err *err) MUST_CHECK;

/** Cuts at every ref whose name starts with `prefix` ("" for all). */
int hook_range_cut_refs(struct hook_range *range, struct repo *repo,
	const char *prefix, struct err *err) MUST_CHECK;

/** Drops cuts that are not in the repository. */
int hook_range_drop_missing(struct hook_range *range, struct repo *repo,
	struct err *err) MUST_CHECK;

#endif
