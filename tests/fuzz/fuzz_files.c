#define _XOPEN_SOURCE 700

#include "tests/fuzz/fuzz_files.h"

#include "tests/fuzz/fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_OPEN 16

void fuzz_folder_make(struct buf *path)
{
	buf_init(path, 0);
	buf_printf(path, "%s/fuzz-XXXXXX",
		access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	FUZZ_ASSERT(mkdtemp(path->bytes) != NULL);
}

void fuzz_file_write(const struct buf *folder, const char *name,
	const uint8_t *bytes, size_t len)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s/%s", folder->bytes, name);
	for (size_t i = folder->len + 1; i < path.len; i++) {
		if (path.bytes[i] != '/')
			continue;
		path.bytes[i] = '\0';
		(void)mkdir(path.bytes, 0700);
		path.bytes[i] = '/';
	}
	FILE *file = fopen(path.bytes, "wb");
	FUZZ_ASSERT(file != NULL);
	FUZZ_ASSERT(!len || fwrite(bytes, len, 1, file) == 1);
	FUZZ_ASSERT(fclose(file) == 0);
}

static int remove_one(
	const char *path, const struct stat *stat, int flag, struct FTW *ftw)
{
	(void)stat;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void fuzz_folder_remove(struct buf *path)
{
	FUZZ_ASSERT(nftw(path->bytes, remove_one, MAX_OPEN,
			    FTW_DEPTH | FTW_PHYS) == 0);
	buf_clear(path);
}

struct fuzz_halves fuzz_cut(const uint8_t *bytes, size_t len)
{
	const uint8_t *mark = len ? memchr(bytes, 0xff, len) : NULL;
	if (!mark)
		return (struct fuzz_halves){ .first = bytes, .first_len = len };
	size_t at = (size_t)(mark - bytes);
	return (struct fuzz_halves){
		.first = bytes,
		.first_len = at,
		.second = mark + 1,
		.second_len = len - at - 1,
	};
}
