/*
 * Loose refs that hold neither an object id nor the name of another ref.
 * libgit2's iterator passes over them without a word; a scan that did the same
 * would call a branch clean that it never saw.
 */
#include "base/file.h"
#include "scanner/file_tree.h"
#include "scanner/repo.h"

#include <string.h>

static bool holds_a_ref(const char *path)
{
	struct buf text;
	struct err ignored;
	struct oid oid;
	buf_init(&text, 4096);
	bool good = file_read(&text, path, 0, &ignored) == 0 &&
		(!strncmp(text.len ? text.bytes : "", "ref: ", 5) ||
			(text.len >= OID_HEX_SIZE &&
				oid_from_hex(&oid, text.bytes)));
	buf_clear(&text);
	return good;
}

static void look_at(const char *name, const char *path, void *ctx)
{
	struct scan_result *result = ctx;
	size_t len = strlen(name);
	bool lock = len > 5 && !strcmp(name + len - 5, ".lock");
	if (lock || holds_a_ref(path))
		return;
	struct skipped *skipped = scan_result_add_skipped(result, SKIP_CORRUPT);
	skipped->detail = arena_printf(
		&result->arena, "the ref %s does not hold an object id", name);
}

void repo_note_broken_refs(struct scan_result *result, const struct repo *repo)
{
	file_tree_each(repo_common_dir(repo), "refs", look_at, result);
}
