#include "rules/path_glob.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_files.h"

#include "base/alloc.h"

#include <string.h>

/* A glob and a path. What the glob says that all its paths have in common,
 * those that it matches do have. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_halves halves = fuzz_cut(bytes, len);
	CLEANUP(freep)
	char *pattern = xmemdupz(halves.first, halves.first_len);
	CLEANUP(freep)
	char *path = xmemdupz(halves.second, halves.second_len);
	CLEANUP(path_glob_freep) struct path_glob *glob = NULL;
	struct err err = { 0 };
	if (path_glob_new(&glob, pattern, &err) < 0)
		return 0;
	FUZZ_ASSERT(!strcmp(path_glob_pattern(glob), pattern));
	if (!path_glob_match(glob, path, halves.second_len))
		return 0;
	struct glob_key key = path_glob_key(glob);
	const char *slash = memrchr(path, '/', halves.second_len);
	const char *name = slash ? slash + 1 : path;
	size_t name_len = (size_t)(path + halves.second_len - name);
	FUZZ_ASSERT(name_len > 0);
	if (key.kind == GLOB_KEY_NAME)
		FUZZ_ASSERT(key.len == name_len &&
			!memcmp(key.bytes, name, name_len));
	if (key.kind == GLOB_KEY_PREFIX)
		FUZZ_ASSERT(key.len <= name_len &&
			!memcmp(key.bytes, name, key.len));
	if (key.kind == GLOB_KEY_EXTENSION)
		FUZZ_ASSERT(key.len < name_len &&
			!memcmp(key.bytes, name + name_len - key.len, key.len));
	if (key.kind == GLOB_KEY_PIECE)
		FUZZ_ASSERT(key.len > 0 &&
			memmem(path, halves.second_len, key.bytes, key.len));
	return 0;
}
