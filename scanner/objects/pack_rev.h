/*
 * The reverse index of a pack, gitformat-pack(5) "pack-*.rev files have the
 * format": its objects in order of their offsets. git writes one beside most
 * packs; to sort the offsets takes three times as long as to read it.
 */
#ifndef SCANNER_OBJECTS_PACK_REV_H
#define SCANNER_OBJECTS_PACK_REV_H

#include "scanner/objects/pack.h"

#include <stdbool.h>
#include <stdint.h>

/** An entry of a pack. */
struct placed {
	uint64_t offset;
	uint32_t position; /* in the index */
};

/** Fills in all entries by offset. False when there is no such file, or it is
 * not in order: nothing that it says is believed. */
bool pack_rev_read(struct placed *entries, const struct pack *pack);

#endif
