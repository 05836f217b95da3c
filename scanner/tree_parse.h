/* Raw tree objects, entry by entry: gitformat-pack(5) has no word on them;
 * git's tree.c and git-mktree(1) do: "<octal mode> <name>\0<20-byte id>". */
#ifndef SCANNER_TREE_PARSE_H
#define SCANNER_TREE_PARSE_H

#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One entry, borrowed from the tree's bytes. */
struct tree_entry {
	uint32_t mode;
	const char *name; /* NUL-ended in the tree; may hold any other byte */
	size_t name_len;
	const unsigned char *oid; /* OID_SIZE bytes */
	size_t size;              /* of the whole entry in the tree */
};

/** Where the reading stands; `entry` is valid while `more`. */
struct tree_cursor {
	const unsigned char *at, *end;
	struct tree_entry entry;
	bool more;
	bool corrupt; /* the rest of the bytes is no entry */
};

/** Begins with the first entry. No bytes at all are an empty tree. */
void tree_cursor_init(
	struct tree_cursor *cursor, const unsigned char *bytes, size_t len);

/** Goes on to the next entry. */
void tree_cursor_next(struct tree_cursor *cursor);

/** Goes on at `at`, which must be the end or the first byte of an entry. */
void tree_cursor_seek(struct tree_cursor *cursor, const unsigned char *at);

bool mode_is_tree(uint32_t mode);
bool mode_is_gitlink(uint32_t mode);

/** The id of the tree without entries, which git knows without having it. */
bool tree_oid_is_empty(const struct oid *oid);

/** Git's order of tree entries: by name, a tree as if "/" ended it. 0 only for
 * the same name and both or neither a tree. */
int tree_entry_compare(const struct tree_entry *a, const struct tree_entry *b);

#endif
