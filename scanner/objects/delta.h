/*
 * Deltas, gitformat-pack(5) "Deltified representation": the sizes of base and
 * result, then instructions that copy from the base or insert new bytes.
 */
#ifndef SCANNER_OBJECTS_DELTA_H
#define SCANNER_OBJECTS_DELTA_H

#include "scanner/objects/objects.h"

#include <stdbool.h>
#include <stddef.h>

/** Bytes that one of the two sizes takes at most. */
#define DELTA_SIZE_MAX 10

/** A delta with its sizes read; instructions are borrowed, not yet checked. */
struct delta {
	size_t base_size;
	size_t result_size;
	const unsigned char *instructions;
	size_t len;
};

/** What a delta copied; see struct object_delta. All zero is empty. */
struct delta_copies {
	struct object_copy *items;
	size_t count, capacity;
};

/** Reads the two sizes; false when they do not parse. */
bool delta_parse(struct delta *out, const unsigned char *bytes, size_t len);

/**
 * Builds the result, delta->result_size bytes at `out`, from a base of
 * delta->base_size bytes. False, with `out` half written, when an instruction
 * is not known, reads outside of the base or the delta, or the instructions
 * make more or fewer bytes than the delta says. `copies` then tells what was
 * copied; what it held is overwritten. Caller frees copies->items.
 */
bool delta_apply(unsigned char *out, const struct delta *delta,
	const unsigned char *base, struct delta_copies *copies);

#endif
