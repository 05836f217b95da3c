/*
 * One group as code hosts want it: an identity that lasts, and the one place
 * to show it at.
 */
#ifndef REPORT_GROUP_IDENTITY_H
#define REPORT_GROUP_IDENTITY_H

#include "base/buf.h"
#include "report/store_group.h"
#include "scanner/fingerprint.h"

#include <stdbool.h>
#include <stddef.h>

/** Names the group over time: a store by its folder, a secret by its rule and
 * keyed hash wherever it stands, the values of a column by rule and table,
 * anything else by its path. It does not change
 * with commits, lines, or what else is in the group. */
void group_fingerprint(
	char out[FINGERPRINT_HEX + 1], const struct group *group);

/** The fingerprints of all groups of a list, to look one up. */
struct identities {
	char (*items)[FINGERPRINT_HEX + 1]; /* sorted */
	size_t count;
};

void identities_init(
	struct identities *identities, const struct group_list *list);
void identities_clear(struct identities *identities);
bool identities_have(
	const struct identities *identities, const char *fingerprint);

/** The member to show: of the worst ones the first that is in a tree now, so
 * that there is something to see; else the worst. */
const struct finding *group_spot(const struct group *group);

/** Appends the path of a finding as valid UTF-8, U+FFFD for each byte that is
 * none. A message, or a blob without a path, is ".git/objects/…" of its
 * object, else ".git". */
void add_host_path(struct buf *out, const struct finding *finding);

/** The same as a relative reference of RFC 3986, percent-encoded. */
void add_host_uri(struct buf *out, const struct finding *finding);

#endif
