/* Whether git would ignore what was found, if it were not tracked. */
#ifndef SCANNER_MARK_IGNORED_H
#define SCANNER_MARK_IGNORED_H

#include "scanner/finding.h"
#include "scanner/repo.h"

/** Asks git's rules about the path of every finding that has one; those in the
 * .git folder they are not about. */
void mark_ignored(struct scan_result *result, struct repo *repo);

#endif
