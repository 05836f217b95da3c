/* Which files with settings belong to which application. */
#ifndef SCANNER_AUDIT_GROUP_H
#define SCANNER_AUDIT_GROUP_H

#include "scanner/audit.h"

#include <stddef.h>
#include <stdint.h>

#define AUDIT_NO_APP SIZE_MAX

/**
 * Makes the applications of the audit's files. Caller frees the result: for
 * each file and framework (file * FRAMEWORK_COUNT + framework) the number of
 * its application, or AUDIT_NO_APP. An application is
 *
 *   a file that makes one (calls Flask(…), session({…}), …), for Django the
 *   folder of its settings, for PHP the whole repository;
 *   the files that it loads settings from, or imports, by name;
 *   other files that speak of sessions, in its folder or below it, or above it,
 * when there is no second application that they could belong to;
 *
 * and what belongs to none of these is one of its own for each file.
 */
size_t *audit_group(struct audit *audit);

#endif
