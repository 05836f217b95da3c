/* Which tables of a SQLite database are stores that a decoder knows. */
#ifndef RULES_DECODERS_SQLITE_STORE_H
#define RULES_DECODERS_SQLITE_STORE_H

#include "rules/decoders/sqlite_db.h"

#include <stdbool.h>

/** True for a table that has the name and the columns of a store, with rows or
 * without. */
bool sqlite_store_is(struct sqlite_db *db, const char *table);

#endif
