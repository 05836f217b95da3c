/*
 * Reads a repository's objects and prints "<id> <type> <size> <sha1>" for each,
 * the last being that of the bytes that were read; "<id> error <code>" for one
 * that cannot be read, and "bad copies" where one was not made from its base as
 * the reader says. For tests that hold the reader against git.
 *
 *   objects_dump each|read|libgit2 <jobs> <max size> <objects folder>...
 *
 * Ids come from stdin, one a line; with none at all, from objects_list().
 */
#include "base/alloc.h"
#include "base/array.h"
#include "scanner/objects/objects.h"
#include "tests/support/object_notes.h"

#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ids {
	struct oid *oids;
	size_t count;
	size_t capacity;
};

static const char *type_name(enum object_type type)
{
	static const char *const names[] = { "?", "commit", "tree", "blob",
		"tag" };
	return names[type <= OBJECT_TAG ? type : 0];
}

static int print_object(
	const struct object *object, int status, void *ctx, struct err *err)
{
	char id[OID_HEX_SIZE + 1];
	char hash[OID_HEX_SIZE + 1];
	(void)ctx;
	oid_to_hex(id, object->oid);
	if (status < 0) {
		printf("%s error %d %zu\n", id, status, object->len);
		fprintf(stderr, "%s\n", err->msg);
		return 0;
	}
	if (object->delta && !copies_are_right(object))
		puts("bad copies");
	leave_copy(object);
	struct sha1_ctx sha1;
	struct oid digest;
	sha1_init(&sha1);
	sha1_update(&sha1, object->len, object->bytes);
	sha1_digest(&sha1, OID_SIZE, digest.bytes);
	oid_to_hex(hash, &digest);
	printf("%s %s %zu %s\n", id, type_name(object->type), object->len,
		hash);
	return 0;
}

static void read_ids(struct ids *ids)
{
	char line[OID_HEX_SIZE + 2];
	while (fgets(line, sizeof(line), stdin)) {
		struct oid oid;
		if (strlen(line) < OID_HEX_SIZE || !oid_from_hex(&oid, line))
			continue;
		ARRAY_GROW(ids->oids, ids->count, ids->capacity);
		ids->oids[ids->count++] = oid;
	}
}

static int list_ids(
	struct ids *ids, const struct objects *objects, struct err *err)
{
	CLEANUP(freep) struct object_name *names = NULL;
	int rc = objects_list(&names, &ids->count, objects, 1, err);
	if (rc < 0)
		return rc;
	ids->oids = xcalloc(ids->count, sizeof(*ids->oids));
	for (size_t i = 0; i < ids->count; i++)
		ids->oids[i] = names[i].oid;
	return 0;
}

static int read_one_by_one(
	const struct objects *objects, const struct ids *ids, struct err *err)
{
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, objects, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < ids->count; i++) {
		struct object object;
		int status = objects_read(&object, reader, &ids->oids[i], err);
		print_object(&object, status, NULL, err);
	}
	return 0;
}

static int dump(char **argv, struct ids *ids, struct err *err)
{
	unsigned jobs = (unsigned)strtoul(argv[2], NULL, 10);
	struct objects_opts opts = {
		.dirs = (const char *const *)(argv + 4),
		.max_object_size = strtoul(argv[3], NULL, 10),
		.libgit2_only = !strcmp(argv[1], "libgit2"),
		.verify = true,
	};
	CLEANUP(objects_freep) struct objects *objects = NULL;
	int rc = objects_open(&objects, &opts, err);
	if (rc < 0)
		return rc;
	read_ids(ids);
	if (!ids->count)
		rc = list_ids(ids, objects, err);
	if (rc < 0)
		return rc;
	if (strcmp(argv[1], "each") != 0)
		return read_one_by_one(objects, ids, err);
	CLEANUP(freep) void **contexts = xcalloc(jobs, sizeof(*contexts));
	return objects_each(objects, ids->oids, ids->count, jobs, print_object,
		contexts, err);
}

int main(int argc, char **argv)
{
	if (argc < 5) {
		fputs("usage: objects_dump each|read|libgit2 <jobs>"
		      " <max size> <objects folder>...\n",
			stderr);
		return 129;
	}
	struct err err = { 0 };
	struct ids ids = { 0 };
	int rc = dump(argv, &ids, &err);
	free(ids.oids);
	if (rc < 0)
		fprintf(stderr, "objects_dump: %s\n", err.msg);
	return rc < 0;
}
