/*
 * A regular file mapped for reading. Symlinks and FIFOs are refused, not
 * followed or waited for. The file may vanish while it is mapped; git never
 * writes to a pack or an index again once it has its name.
 */
#ifndef SCANNER_OBJECTS_MAP_H
#define SCANNER_OBJECTS_MAP_H

#include "base/err.h"

#include <stddef.h>

/** All zero is no file; an empty file has len 0 and no bytes. */
struct map {
	const unsigned char *bytes;
	size_t len;
};

/**
 * Maps `path`. ERR_NOT_FOUND when nothing lies there, ERR_IO when it is not a
 * regular file. Messages name the path.
 */
int map_open(struct map *out, const char *path, struct err *err) MUST_CHECK;

/** Unmaps; the map is as all zero. */
void map_clear(struct map *map);

#endif
