/*
 * Paths whose last component is a session id, as PHP's sess_<id>: a report that
 * is handed on must not log its readers in.
 */
#ifndef REPORT_ID_IN_NAME_H
#define REPORT_ID_IN_NAME_H

#include "base/buf.h"
#include "scanner/finding.h"

#include <stdbool.h>

/** True when the name of the finding's file may be a session id: it is a
 * session file, and neither its decoder nor its form says that the name is a
 * hash, or of no session. */
bool finding_names_id(const struct finding *finding);

/** Appends the path without the id: of each run of 16 or more letters, digits,
 * commas and hyphens in its last component only the first four stay. */
void add_path_without_id(struct buf *out, const char *path);

#endif
