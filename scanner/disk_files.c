#include "scanner/disk_files.h"

#include "scanner/objects/objects.h"
#include "scanner/pathspec.h"

#include <string.h>

void disk_files_skip(const struct disk_files *files, const char *path,
	int reason, const char *detail)
{
	struct scan_result *result = files->result;
	struct skipped *skipped = scan_result_add_skipped(result, reason);
	skipped->path = arena_strdup(&result->arena, path);
	skipped->detail = arena_strdup(&result->arena, detail);
}

void disk_files_add(struct disk_files *files, const char *path)
{
	struct err err;
	if (files->pathspec && !pathspec_matches(files->pathspec, path))
		return;
	int rc = outside_read_file(
		&files->content, files->outside, files->root, path, &err);
	if (rc == ERR_NOT_FOUND)
		return; /* taken away by now; or not a file */
	if (rc < 0) {
		disk_files_skip(files, path,
			rc == ERR_LIMIT ? SKIP_TOO_LARGE : SKIP_MISSING,
			err.msg);
		return;
	}
	struct oid oid;
	object_hash(&oid, OBJECT_BLOB,
		(const unsigned char *)files->content.bytes,
		files->content.len);
	struct changes *changes = files->changes;
	entries_add(files->entries,
		path_table_add(&changes->paths, path, strlen(path)),
		oid_map_add(&changes->blobs, &oid, NULL), files->place);
	outside_add_file(files->outside, files->root, path, &oid);
	files->count++;
	files->bytes += files->content.len;
}
