#include "scanner/alternates.h"
#include "scanner/ref_list.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_files.h"

#include <string.h>

/** Sorted, each name once. */
static void check_refs(const struct ref_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		FUZZ_ASSERT(list->items[i].name != NULL);
		FUZZ_ASSERT(!i ||
			strcmp(list->items[i - 1].name, list->items[i].name) <
				0);
	}
}

/* packed-refs and HEAD of any bytes; the first is tried as a list of alternates
 * too. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_halves halves = fuzz_cut(bytes, len);
	struct buf folder;
	struct err err = { 0 };
	fuzz_folder_make(&folder);
	fuzz_file_write(&folder, "packed-refs", halves.first, halves.first_len);
	fuzz_file_write(&folder, "HEAD", halves.second, halves.second_len);
	fuzz_file_write(
		&folder, "refs/heads/a", halves.second, halves.second_len);
	fuzz_file_write(&folder, "objects/info/alternates", halves.first,
		halves.first_len);
	struct object_dirs dirs = { 0 };
	int rc = object_dirs_find(&dirs, folder.bytes, &err);
	FUZZ_ASSERT(rc < 0 || dirs.count >= 1);
	object_dirs_clear(&dirs);
	buf_add_byte(&folder, '/');
	struct ref_list list = { 0 };
	if (ref_list_read(&list, folder.bytes, folder.bytes, &err) == 0)
		check_refs(&list);
	ref_list_clear(&list);
	fuzz_folder_remove(&folder);
	return 0;
}
