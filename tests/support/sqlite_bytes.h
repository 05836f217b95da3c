/* SQLite databases for tests. */
#ifndef TESTS_SUPPORT_SQLITE_BYTES_H
#define TESTS_SUPPORT_SQLITE_BYTES_H

#include "base/buf.h"

/** Fills `out`, which is not initialised, with the file of the database that
 * the statements make. Caller clears. */
void sqlite_bytes(struct buf *out, const char *sql);

#endif
