#include "scanner/objects/git2_packs.h"

#include "base/alloc.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <string.h>

struct git2_packs {
	git_odb *odb;
};

DEFINE_CLEANUP(git2_packs_freep, struct git2_packs, git2_packs_free)
DEFINE_CLEANUP(odb_object_freep, git_odb_object, git_odb_object_free)

static int git2_failed(struct err *err, int code, const char *what)
{
	const git_error *error = git_error_last();
	return err_set(err, code, "%s: %s", what,
		error ? error->message : "libgit2 gives no reason");
}

/* A pack that libgit2 does not know either is left out. */
static int add_pack(git_odb *odb, const char *index_path, struct err *err)
{
	git_odb_backend *backend = NULL;
	if (git_odb_backend_one_pack(&backend, index_path) < 0)
		return 0;
	if (git_odb_add_backend(odb, backend, 1) < 0) {
		backend->free(backend);
		return git2_failed(err, ERR_GIT, index_path);
	}
	return 0;
}

int git2_packs_new(struct git2_packs **out, char *const *index_paths,
	size_t count, struct err *err)
{
	if (git_libgit2_init() < 0)
		return git2_failed(err, ERR_GIT, "libgit2");
	CLEANUP(git2_packs_freep)
	struct git2_packs *packs = xcalloc(1, sizeof(*packs));
	if (git_odb_new(&packs->odb) < 0)
		return git2_failed(err, ERR_GIT, "libgit2");
	for (size_t i = 0; i < count; i++) {
		int rc = add_pack(packs->odb, index_paths[i], err);
		if (rc < 0)
			return rc;
	}
	*out = STEAL(packs);
	return 0;
}

void git2_packs_free(struct git2_packs *packs)
{
	if (!packs)
		return;
	git_odb_free(packs->odb);
	free(packs);
	git_libgit2_shutdown();
}

static int check_size(size_t *size, struct git2_packs *packs, const git_oid *id,
	size_t limit, struct err *err)
{
	git_object_t type = GIT_OBJECT_INVALID;
	char hex[OID_HEX_SIZE + 1];
	git_oid_tostr(hex, sizeof(hex), id);
	int rc = git_odb_read_header(size, &type, packs->odb, id);
	if (rc == GIT_ENOTFOUND)
		return err_set(err, ERR_NOT_FOUND, "%s: no such object", hex);
	if (rc < 0)
		return git2_failed(err, ERR_CORRUPT, hex);
	if (*size > limit)
		return err_set(err, ERR_LIMIT, "%s: too large", hex);
	return 0;
}

int git2_packs_read(struct body **out, enum object_type *type, size_t *size,
	struct git2_packs *packs, const struct oid *oid, size_t limit,
	struct err *err)
{
	git_oid id;
	memcpy(id.id, oid->bytes, OID_SIZE);
	int rc = check_size(size, packs, &id, limit, err);
	if (rc < 0)
		return rc;
	CLEANUP(odb_object_freep) git_odb_object *object = NULL;
	if (git_odb_read(&object, packs->odb, &id) < 0)
		return git2_failed(err, ERR_CORRUPT, "libgit2");
	struct body *body = body_new(git_odb_object_size(object), 0);
	if (!body)
		return err_set(err, ERR_LIMIT, "no memory for an object");
	memcpy(body->bytes, git_odb_object_data(object), body->len);
	/* both number the types as packs do */
	*type = (enum object_type)git_odb_object_type(object);
	*size = body->len;
	*out = body;
	return 0;
}
