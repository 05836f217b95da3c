#include "scanner/cache_file.h"

#include "base/alloc.h"
#include "base/folder.h"
#include "rules/digest.h"
#include "scanner/cache_folder.h"
#include "tests/support/test.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** A .git folder and a home, both empty. */
struct fixture {
	char path[PATH_MAX];
	char git_dir[PATH_MAX + 8];
};

static int setup(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));
	snprintf(fixture->path, sizeof(fixture->path), "/tmp/cache-XXXXXX");
	if (!mkdtemp(fixture->path))
		return -1;
	snprintf(fixture->git_dir, sizeof(fixture->git_dir), "%s/git/",
		fixture->path);
	*state = fixture;
	return mkdir(fixture->git_dir, 0700) ||
			setenv("XDG_CACHE_HOME", fixture->path, 1)
		? -1
		: 0;
}

static int remove_entry(const char *name, int type, void *ctx, struct err *err)
{
	int folder = *(const int *)ctx;
	if (type == FOLDER_ENTRY_FOLDER) {
		CLEANUP(fd_close)
		int below = openat(folder, name, O_RDONLY | O_DIRECTORY);
		if (folder_each(below, remove_entry, &below, err) < 0)
			return -1;
	}
	int flags = type == FOLDER_ENTRY_FOLDER ? AT_REMOVEDIR : 0;
	return unlinkat(folder, name, flags) ? err_errno(err, "%s", name) : 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	struct err err;
	CLEANUP(fd_close)
	int folder = open(fixture->path, O_RDONLY | O_DIRECTORY);
	int rc = folder_each(folder, remove_entry, &folder, &err);
	rc = rc < 0 ? rc : rmdir(fixture->path);
	free(fixture);
	return rc;
}

static struct cache *open_cache(const struct fixture *fixture)
{
	const struct cache_opts opts = { .git_dir = fixture->git_dir };
	return cache_new(&opts);
}

static void make_id(
	uint8_t out[SHA256_DIGEST_SIZE], struct cache *cache, int number)
{
	struct sha256_ctx sha;
	cache_id_init(&sha, cache, "test");
	digest_number(&sha, number);
	sha256_digest(&sha, SHA256_DIGEST_SIZE, out);
}

static void put(struct cache *cache, int number, const char *text)
{
	uint8_t id[SHA256_DIGEST_SIZE];
	CLEANUP(buf_clear) struct buf body;
	buf_init(&body, 0);
	buf_add_text(&body, text);
	make_id(id, cache, number);
	cache_write(cache, "test", id, &body);
}

static bool has(struct cache *cache, int number, const char *text)
{
	uint8_t id[SHA256_DIGEST_SIZE];
	CLEANUP(buf_clear) struct buf file = { 0 };
	struct cache_body body;
	make_id(id, cache, number);
	return cache_read(&body, &file, cache, "test", id) &&
		body.len == strlen(text) && !memcmp(body.bytes, text, body.len);
}

static void file_path(char out[PATH_MAX], const struct fixture *fixture,
	struct cache *cache, int number)
{
	uint8_t id[SHA256_DIGEST_SIZE];
	char name[CACHE_NAME_SIZE];
	make_id(id, cache, number);
	cache_name(name, "test", id);
	snprintf(out, PATH_MAX, "%shygiene/%s", fixture->git_dir, name);
}

static void nothing_is_made_before_something_is_stored(void **state)
{
	const struct fixture *fixture = *state;
	CLEANUP(cache_freep) struct cache *cache = open_cache(fixture);
	assert_false(cache_is_there(cache));
	assert_false(has(cache, 1, "text"));
	assert_null(cache_note(cache));
	assert_int_equal(access(cache_path(cache), F_OK), -1);
	put(cache, 1, "text");
	assert_null(cache_note(cache));
	assert_true(has(cache, 1, "text"));
	assert_false(has(cache, 2, "text"));
	CLEANUP(cache_freep) struct cache *later = open_cache(fixture);
	assert_true(has(later, 1, "text"));
}

/** A copy of a file's bytes with one changed, or an end cut off. */
static void put_bytes(const char *path, const void *bytes, size_t len)
{
	CLEANUP(fclosep) FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
}

static size_t get_bytes(unsigned char *bytes, size_t size, const char *path)
{
	CLEANUP(fclosep) FILE *file = fopen(path, "rb");
	assert_non_null(file);
	return fread(bytes, 1, size, file);
}

static void every_bit_counts(void **state)
{
	const struct fixture *fixture = *state;
	char path[PATH_MAX];
	unsigned char bytes[256];
	CLEANUP(cache_freep) struct cache *cache = open_cache(fixture);
	put(cache, 1, "some text");
	file_path(path, fixture, cache, 1);
	size_t len = get_bytes(bytes, sizeof(bytes), path);
	assert_int_equal(len, 80 + strlen("some text"));
	for (size_t i = 0; i < 8 * len; i++) {
		bytes[i / 8] ^= (unsigned char)(1U << i % 8);
		put_bytes(path, bytes, len);
		assert_false(has(cache, 1, "some text"));
		bytes[i / 8] ^= (unsigned char)(1U << i % 8);
	}
	for (size_t cut = 0; cut < len; cut++) {
		put_bytes(path, bytes, cut);
		assert_false(has(cache, 1, "some text"));
	}
	bytes[len] = 0;
	put_bytes(path, bytes, len + 1);
	assert_false(has(cache, 1, "some text"));
	put_bytes(path, bytes, len);
	assert_true(has(cache, 1, "some text"));
}

static void a_file_is_read_in_its_own_place_alone(void **state)
{
	const struct fixture *fixture = *state;
	char one[PATH_MAX];
	char two[PATH_MAX];
	CLEANUP(cache_freep) struct cache *cache = open_cache(fixture);
	put(cache, 1, "text");
	file_path(one, fixture, cache, 1);
	file_path(two, fixture, cache, 2);
	assert_int_equal(symlink(one, two), 0);
	assert_false(has(cache, 2, "text"));
	assert_int_equal(unlink(two), 0);
	assert_int_equal(rename(one, two), 0);
	assert_false(has(cache, 2, "text"));
	assert_int_equal(symlink(two, one), 0);
	assert_false(has(cache, 1, "text"));
	put(cache, 1, "text"); /* in place of the link */
	assert_true(has(cache, 1, "text"));
}

static void another_key_does_not_count(void **state)
{
	const struct fixture *fixture = *state;
	char other[PATH_MAX + 8];
	CLEANUP(cache_freep) struct cache *cache = open_cache(fixture);
	put(cache, 1, "text");
	snprintf(other, sizeof(other), "%s/other", fixture->path);
	assert_int_equal(setenv("XDG_CACHE_HOME", other, 1), 0);
	CLEANUP(cache_freep) struct cache *theirs = open_cache(fixture);
	assert_false(cache_is_there(theirs));
	put(theirs, 2, "text");
	assert_true(has(theirs, 2, "text"));
	assert_false(has(theirs, 1, "text"));
	assert_false(has(cache, 2, "text"));
	assert_true(has(cache, 1, "text"));
}

static void set_time(const char *path, time_t seconds)
{
	const struct timespec times[2] = { { .tv_sec = seconds },
		{ .tv_sec = seconds } };
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void the_oldest_go_first(void **state)
{
	const struct fixture *fixture = *state;
	const struct cache_opts opts = {
		.git_dir = fixture->git_dir,
		.max_total = 3 * (80 + 4), /* three such files */
	};
	char path[PATH_MAX];
	CLEANUP(cache_freep) struct cache *cache = cache_new(&opts);
	for (int i = 1; i <= 3; i++) {
		put(cache, i, "text");
		file_path(path, fixture, cache, i);
		set_time(path, 1000 + i);
	}
	assert_true(has(cache, 1, "text")); /* which makes it the newest */
	put(cache, 4, "text");
	assert_true(has(cache, 1, "text"));
	assert_false(has(cache, 2, "text"));
	assert_true(has(cache, 3, "text"));
	assert_true(has(cache, 4, "text"));
}

static void there_are_not_too_many(void **state)
{
	const struct fixture *fixture = *state;
	struct cache_usage usage;
	CLEANUP(cache_freep) struct cache *cache = open_cache(fixture);
	for (int i = 0; i < CACHE_MAX_FILES + 9; i++)
		put(cache, i, "text");
	cache_measure(&usage, cache);
	assert_int_equal(usage.files, CACHE_MAX_FILES);
	assert_int_equal(usage.bytes, CACHE_MAX_FILES * (80 + 4));
	assert_true(has(cache, CACHE_MAX_FILES + 8, "text"));
}

static void what_a_killed_scan_left_goes(void **state)
{
	const struct fixture *fixture = *state;
	char old[PATH_MAX];
	char young[PATH_MAX];
	char name[CACHE_NAME_SIZE];
	CLEANUP(cache_freep) struct cache *cache = open_cache(fixture);
	put(cache, 1, "text");
	cache_temporary_name(name, 1);
	snprintf(old, sizeof(old), "%s/%s", cache_path(cache), name);
	cache_temporary_name(name, 2);
	snprintf(young, sizeof(young), "%s/%s", cache_path(cache), name);
	put_bytes(old, "x", 1);
	set_time(old, 1000);
	put_bytes(young, "x", 1);
	put(cache, 2, "text");
	assert_int_equal(access(old, F_OK), -1);
	assert_int_equal(access(young, F_OK), 0);
	assert_true(has(cache, 1, "text"));
}

static void only_its_own_files_are_cleared(void **state)
{
	const struct fixture *fixture = *state;
	char path[PATH_MAX];
	struct err err;
	struct cache_usage removed;
	CLEANUP(cache_freep) struct cache *cache = open_cache(fixture);
	put(cache, 1, "text");
	put(cache, 2, "text");
	snprintf(path, sizeof(path), "%s/result-mine", cache_path(cache));
	put_bytes(path, "x", 1);
	assert_ok(cache_clear(&removed, cache, &err), &err);
	assert_int_equal(removed.files, 2);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(unlink(path), 0);
	assert_ok(cache_clear(&removed, cache, &err), &err);
	assert_int_equal(removed.files, 0);
	assert_int_equal(access(cache_path(cache), F_OK), -1);
}

static void too_much_is_not_stored(void **state)
{
	const struct fixture *fixture = *state;
	uint8_t id[SHA256_DIGEST_SIZE];
	CLEANUP(cache_freep) struct cache *cache = open_cache(fixture);
	CLEANUP(buf_clear) struct buf body;
	buf_init(&body, 3);
	buf_add_text(&body, "text"); /* is more than the limit */
	make_id(id, cache, 1);
	cache_write(cache, "test", id, &body);
	assert_string_equal(cache_note(cache), "too much to store");
	assert_false(has(cache, 1, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nothing_is_made_before_something_is_stored, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			every_bit_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_file_is_read_in_its_own_place_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(
			another_key_does_not_count, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_oldest_go_first, setup, teardown),
		cmocka_unit_test_setup_teardown(
			there_are_not_too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_a_killed_scan_left_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(
			only_its_own_files_are_cleared, setup, teardown),
		cmocka_unit_test_setup_teardown(
			too_much_is_not_stored, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
