/*
 * What this very program is: its build id, and those of the libraries that it
 * was started with. Two runs with the same answer do the same work.
 */
#ifndef BASE_BUILD_ID_H
#define BASE_BUILD_ID_H

#include "base/buf.h"

#include <stdbool.h>

/** Appends the ids. False where a program has none: not ELF, or linked without
 * --build-id. */
bool build_id_add(struct buf *out);

#endif
