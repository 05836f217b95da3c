/*
 * Runs a fuzz target once on each file of the folders given, where libFuzzer
 * is not at hand. Fails when a folder has no file: a test that read nothing
 * proves nothing.
 */
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define MAX_INPUT_SIZE ((size_t)16 * 1024 * 1024)

static int run_file(const char *folder, const char *name)
{
	struct err err = { 0 };
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf content;
	buf_init(&path, 0);
	buf_init(&content, MAX_INPUT_SIZE);
	buf_printf(&path, "%s/%s", folder, name);
	if (file_read(&content, path.bytes, 0, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return -1;
	}
	/* a copy of the exact size, so that ASan sees a read past the end */
	CLEANUP(freep) unsigned char *bytes = xmalloc(content.len);
	if (content.len)
		memcpy(bytes, content.bytes, content.len);
	LLVMFuzzerTestOneInput(bytes, content.len);
	return 0;
}

/** Returns the number of files run, or -1. */
static int run_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	if (!dir) {
		perror(folder);
		return -1;
	}
	int count = 0;
	const struct dirent *entry;
	while (count >= 0 && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		count = run_file(folder, entry->d_name) ? -1 : count + 1;
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int count = run_folder(argv[i]);
		if (count <= 0) {
			fprintf(stderr, "%s: no input was run\n", argv[i]);
			return 1;
		}
		printf("%s: %d inputs\n", argv[i], count);
	}
	return argc > 1 ? 0 : 1;
}
