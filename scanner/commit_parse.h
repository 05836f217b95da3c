/* Raw commit and tag objects, read without libgit2: git-commit-tree(1),
 * git-mktag(1). Replace refs and grafts have no say. */
#ifndef SCANNER_COMMIT_PARSE_H
#define SCANNER_COMMIT_PARSE_H

#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A commit has a parent or two. What it has beyond these few counts against a
 * bound for all commits together: a pack of some kilobytes can hold thousands
 * that name 60,000 each. */
#define COMMIT_FEW_PARENTS       16
#define COMMITS_MAX_MORE_PARENTS ((size_t)4 << 20)

/** A name and a time as a commit states them; `name` is borrowed. */
struct signature {
	const char *name;
	size_t name_len;
	int64_t time;
	int offset_minutes;
};

/** Header of a commit; spans are borrowed from the object's bytes. */
struct commit_header {
	struct oid tree;
	const char *parents; /* "parent <hex>\n" lines, one behind the other */
	size_t parent_count;
	struct signature author, committer;
};

/** False when the bytes are no commit. A signature that cannot be read is
 * left empty, with time 0: git itself accepts such commits. */
bool commit_parse(
	struct commit_header *out, const unsigned char *bytes, size_t len);

/** How many of so many parents are beyond the first few. */
size_t commit_more_parents(size_t count);

/** The id of one parent, from 0. */
void commit_parent(
	struct oid *out, const struct commit_header *commit, size_t number);

/** The object that a tag names and its type, as in the tag; false when the
 * bytes are no tag. */
bool tag_parse(
	struct oid *target, int *type, const unsigned char *bytes, size_t len);

#endif
