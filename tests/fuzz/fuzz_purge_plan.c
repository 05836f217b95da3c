#include "remedy/purge_target.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_files.h"

/* A purge plan of any bytes: none, or a target with the digest of its lists. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct buf folder;
	struct err err = { 0 };
	struct purge_target target = { 0 };
	CLEANUP(buf_clear) struct buf path;
	fuzz_folder_make(&folder);
	fuzz_file_write(&folder, "plan", bytes, len);
	buf_init(&path, 0);
	buf_printf(&path, "%s/plan", folder.bytes);
	int rc = purge_target_load(&target, path.bytes, &err);
	FUZZ_ASSERT(rc == 0 || *err.msg);
	if (rc == 0) {
		char digest[65];
		purge_target_digest(digest, &target);
		for (size_t i = 0; i < target.blob_count; i++)
			FUZZ_ASSERT(purge_target_has_blob(
				&target, &target.blobs[i]));
		for (size_t i = 0; i < target.path_count; i++)
			FUZZ_ASSERT(purge_target_has_path(
				&target, target.paths[i]));
	}
	purge_target_clear(&target);
	fuzz_folder_remove(&folder);
	return 0;
}
