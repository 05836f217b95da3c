/*
 * Trees read base first (objects_each()): what a tree has that the one it was
 * made from has not. A copied range that begins where an entry of the base
 * begins holds the same entries, up to the last one that ends in it; nothing
 * there is parsed. What no such range covers is.
 *
 * Only a base whose names are in git's order is built upon. A name then stands
 * in a tree once, and a tree is its base without the names that are gone and
 * with the entries that are new, also in place of one of the same name: a set,
 * no sequence. Everything else (a tree
 * out of order, damaged, or too different) is all new.
 */
#ifndef SCANNER_TREE_SHAPE_H
#define SCANNER_TREE_SHAPE_H

#include "base/err.h"
#include "scanner/objects/objects.h"
#include "scanner/path_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHAPE_NO_BASE UINT32_MAX
#define SHAPE_NO_NAME UINT32_MAX

/** An entry that the base has not. */
struct shape_entry {
	uint32_t name; /* see struct shape_reader */
	uint32_t mode;
	const unsigned char *oid; /* OID_SIZE bytes, borrowed from the tree */
};

struct shape_note;

/**
 * One thread's reader, with what the last tree gave. Names are numbered without
 * asking other threads: number n of the thread's table is n * `threads` +
 * `thread`. A tree's name is another than a file's: it counts its NUL.
 */
struct shape_reader {
	uint32_t thread, threads;
	struct path_table names;
	uint32_t *next; /* by place in `names`: that of the name which stood
			   behind it last, in git's order; or SHAPE_NO_NAME */
	uint32_t next_count, next_capacity;

	uint32_t base; /* number of the tree that this is built upon, as given
			  to shape_read() for it; or SHAPE_NO_BASE */
	struct shape_entry *fresh;
	size_t fresh_count, fresh_capacity;
	uint32_t *gone; /* names, but of those that are new again */
	size_t gone_count, gone_capacity;
	bool odd;     /* a name twice, or out of order, or with a slash */
	bool corrupt; /* the bytes end with something that is no entry */

	struct shape_note *draft; /* of this tree, if one will be built upon
				     it; or NULL */
	size_t copied;            /* entries that the base has as well */
	size_t replaced;          /* new in place of one of the base's */
};

/** Begins; caller clears. */
void shape_reader_init(
	struct shape_reader *reader, uint32_t thread, uint32_t threads);
void shape_reader_clear(struct shape_reader *reader);

/**
 * Reads a tree that objects_each() pushed, or one without delta and note.
 * `number` is what trees built upon this one will call it. ERR_LIMIT: more
 * names than can be numbered.
 */
int shape_read(struct shape_reader *reader, const struct object *tree,
	uint32_t number, struct err *err) MUST_CHECK;

#endif
