#include "scanner/revision.h"

#include "base/alloc.h"
#include "scanner/commit_parse.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STEPS  1000000 /* of one ~<n> */
#define MAX_TAGS   64      /* that name each other */
#define MIN_PREFIX 4       /* hex digits, as in git */

int revision_fail(
	const struct revision_lookup *lookup, const char *why, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "'%s': %s", lookup->name, why);
}

/* As objects_read(), with the name in the message. */
static int revision_read(struct object *out, struct revision_lookup *lookup,
	const struct oid *oid, struct err *err)
{
	int rc = objects_read(out, lookup->reader, oid, err);
	if (rc < 0)
		err_prefix(err, "'%s'", lookup->name);
	return rc;
}

int revision_peel_tags(struct object *object, struct revision_lookup *lookup,
	struct oid *oid, struct err *err)
{
	for (int i = 0; i < MAX_TAGS; i++) {
		int type;
		int rc = revision_read(object, lookup, oid, err);
		if (rc < 0 || object->type != OBJECT_TAG)
			return rc;
		if (!tag_parse(oid, &type, object->bytes, object->len))
			return revision_fail(lookup, "the tag is damaged", err);
	}
	return revision_fail(lookup, "tags of tags without an end", err);
}

static int read_commit(struct commit_header *out,
	struct revision_lookup *lookup, const struct oid *oid, struct err *err)
{
	struct object object;
	struct oid peeled = *oid;
	int rc = revision_peel_tags(&object, lookup, &peeled, err);
	if (rc < 0)
		return rc;
	if (object.type != OBJECT_COMMIT)
		return revision_fail(
			lookup, "is not a commit, it has no parents", err);
	if (!commit_parse(out, object.bytes, object.len))
		return revision_fail(lookup, "the commit is damaged", err);
	return 0;
}

/** Replaces the commit by its parent, counted from 1. */
static int go_to_parent(struct oid *oid, struct revision_lookup *lookup,
	unsigned long number, struct err *err)
{
	struct commit_header commit;
	int rc = read_commit(&commit, lookup, oid, err);
	if (rc < 0)
		return rc;
	if (number > commit.parent_count)
		return revision_fail(
			lookup, "the commit has no such parent", err);
	commit_parent(oid, &commit, number - 1);
	return 0;
}

/** One of ^ ^<n> ~ ~<n> ^{…}; moves *at behind it. */
static int apply_suffix(struct oid *oid, const char **at,
	struct revision_lookup *lookup, struct err *err)
{
	char kind = *(*at)++;
	if (kind == '^' && **at == '{') {
		*at += strcspn(*at, "}");
		*at += **at == '}';
		return 0; /* trees and blobs peel on their own */
	}
	char *end;
	bool has_number = **at >= '0' && **at <= '9';
	unsigned long number = has_number ? strtoul(*at, &end, 10) : 1;
	if (has_number)
		*at = end;
	if (number > MAX_STEPS)
		return revision_fail(lookup, "the number is too large", err);
	if (kind == '^')
		return number ? go_to_parent(oid, lookup, number, err) : 0;
	int rc = 0;
	for (unsigned long i = 0; i < number && rc == 0; i++)
		rc = go_to_parent(oid, lookup, 1, err);
	return rc;
}

static bool is_hex(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

static int find_base(struct oid *out, const struct revision_lookup *lookup,
	const char *base, struct err *err)
{
	size_t len = strlen(base);
	if (!strcmp(base, "@"))
		base = "HEAD";
	if (len == OID_HEX_SIZE && oid_from_hex(out, base))
		return 0;
	if (repo_find_ref(out, lookup->repo, base))
		return 0;
	if (len < MIN_PREFIX || len > OID_HEX_SIZE || !is_hex(base))
		return revision_fail(lookup,
			lookup->unknown ? lookup->unknown
					: "no ref or object of that name",
			err);
	return repo_find_prefix(out, lookup->repo, base, err);
}

int revision_find(struct oid *out, struct revision_lookup *lookup,
	const char *text, size_t len, struct err *err)
{
	CLEANUP(freep) char *base = xmemdupz(text, len);
	char *suffix = base + strcspn(base, "^~");
	CLEANUP(freep) char *suffixes = xstrdup(suffix);
	*suffix = '\0';
	int rc = find_base(out, lookup, base, err);
	const char *at = suffixes;
	while (rc == 0 && *at) {
		if (*at != '^' && *at != '~')
			return revision_fail(lookup, "is not a revision", err);
		rc = apply_suffix(out, &at, lookup, err);
	}
	return rc;
}

int revision_open_tree(struct object *tree, struct revision_lookup *lookup,
	struct oid *oid, struct err *err)
{
	int rc = revision_peel_tags(tree, lookup, oid, err);
	if (rc == 0 && tree->type == OBJECT_COMMIT) {
		struct commit_header commit;
		if (!commit_parse(&commit, tree->bytes, tree->len))
			return revision_fail(
				lookup, "the commit is damaged", err);
		*oid = commit.tree;
		rc = revision_read(tree, lookup, oid, err);
	}
	if (rc == 0 && tree->type != OBJECT_TREE)
		return revision_fail(
			lookup, "what stands before ':' is a file", err);
	return rc;
}
