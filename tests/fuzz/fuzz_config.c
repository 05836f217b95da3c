#define _POSIX_C_SOURCE 200809L

#include "base/alloc.h"
#include "scanner/config.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_files.h"

#include <git2/global.h>
#include <stdlib.h>
#include <string.h>

/* The user's settings, and those that `git -c` hands down, of any bytes: an
 * error with a word, or entries that are found. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_halves halves = fuzz_cut(bytes, len);
	struct buf folder;
	struct err err = { 0 };
	fuzz_folder_make(&folder);
	fuzz_file_write(&folder, "config", halves.first, halves.first_len);
	CLEANUP(freep)
	char *handed = xmemdupz(halves.second, halves.second_len);
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s/config", folder.bytes);
	setenv("GIT_CONFIG_GLOBAL", path.bytes, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CONFIG_PARAMETERS", handed, 1);
	git_libgit2_init(); /* takes long the first time, so it stays */
	CLEANUP(config_freep) struct config *config = NULL;
	int rc = config_read(&config, NULL, &err);
	FUZZ_ASSERT(rc == 0 || *err.msg);
	for (size_t i = 0; rc == 0 && i < config->count; i++) {
		const struct config_entry *entry = &config->entries[i];
		FUZZ_ASSERT(entry->key && entry->value && entry->origin);
		FUZZ_ASSERT(config_find(config, entry->key, false) != NULL);
	}
	fuzz_folder_remove(&folder);
	return 0;
}
