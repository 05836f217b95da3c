/*
 * Runs every file of the given files and folders through a fuzz target, for
 * builds without libFuzzer: what a fuzzer once found stays found.
 */
#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX ((size_t)16 * 1024 * 1024)

static void clear_buf(struct buf *buf)
{
	buf_clear(buf);
}

static int run_file(const char *path)
{
	CLEANUP(clear_buf) struct buf bytes;
	buf_init(&bytes, INPUT_MAX);
	struct err err = { 0 };
	if (file_read(&bytes, path, FILE_FOLLOW, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return -1;
	}
	/* A copy of just that size: a read past its end is then seen. */
	CLEANUP(freep) unsigned char *exact = xmalloc(bytes.len);
	if (bytes.len)
		memcpy(exact, bytes.bytes, bytes.len);
	LLVMFuzzerTestOneInput(exact, bytes.len);
	return 1;
}

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* The number of files that were run, or -1. */
static int run_path(const char *path)
{
	CLEANUP(close_dir) DIR *dir = opendir(path);
	if (!dir)
		return run_file(path);
	int count = 0;
	const struct dirent *entry;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		char name[4096];
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (run_file(name) < 0)
			return -1;
		count++;
	}
	return count;
}

int main(int argc, char **argv)
{
	int total = 0;
	for (int i = 1; i < argc; i++) {
		int count = run_path(argv[i]);
		if (count < 0)
			return 1;
		total += count;
	}
	printf("%d inputs\n", total);
	return total ? 0 : 1;
}
