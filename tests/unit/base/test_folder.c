#include "base/file.h"
#include "base/folder.h"
#include "tests/support/test.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/** A folder with a file `f`, a folder `d`, and symlinks to both. */
static int make_folder(void **state)
{
	char path[] = "/tmp/test_folder_XXXXXX";
	char *real = mkdtemp(path) ? realpath(path, NULL) : NULL;
	*state = real;
	return !real || chdir(real) || mkdir("d", 0700) ||
		close(open("f", O_CREAT | O_WRONLY, 0600)) ||
		symlink("d", "to-d") || symlink("f", "to-f");
}

static int remove_folder(void **state)
{
	int failed = unlink("f") || unlink("to-d") || unlink("to-f") ||
		rmdir("d") || chdir("/") || rmdir(*state);
	free(*state);
	return failed;
}

/** Opens `name` in the folder; what folder_open() returns. */
static int open_inside(const char *folder, const char *name)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s%s", folder, name);
	struct err err = { 0 };
	CLEANUP(fd_close) int fd = -1;
	int rc = folder_open(&fd, path, &err);
	assert_int_equal(rc == 0, fd >= 0);
	return rc;
}

static void only_folders_without_symlinks_are_opened(void **state)
{
	static const struct {
		const char *name;
		int rc;
	} rows[] = {
		{ "", 0 },
		{ "/", 0 },
		{ "/d", 0 },
		{ "//d//", 0 },
		{ "/f", ERR_NOT_FOUND },
		{ "/f/x", ERR_NOT_FOUND },
		{ "/to-d", ERR_NOT_FOUND },
		{ "/to-d/", ERR_NOT_FOUND },
		{ "/to-d/x", ERR_NOT_FOUND },
		{ "/none", ERR_NOT_FOUND },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(open_inside(*state, rows[i].name), rows[i].rc);
}

/* Whichever way it was opened, a link on the way is no folder. */
static void below_an_open_folder_it_is_the_same(void **state)
{
	static const struct {
		const char *path;
		int rc;
	} rows[] = {
		{ "", 0 },
		{ "d", 0 },
		{ "to-d", ERR_NOT_FOUND },
		{ "to-d/x", ERR_NOT_FOUND },
		{ "f", ERR_NOT_FOUND },
		{ "none", ERR_NOT_FOUND },
	};
	struct err err = { 0 };
	CLEANUP(fd_close) int root = -1;
	assert_ok(folder_open(&root, *state, &err), &err);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(fd_close) int fd = -1;
		int rc = folder_open_at(&fd, root, rows[i].path, &err);
		assert_int_equal(rc, rows[i].rc);
		assert_int_equal(rc == 0, fd >= 0);
	}
}

static void only_a_regular_file_is_read(void **state)
{
	struct err err = { 0 };
	struct stat st;
	CLEANUP(buf_clear) struct buf bytes;
	CLEANUP(fd_close) int root = -1;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP(fd_close) int bound = socket(AF_UNIX, SOCK_STREAM, 0);
	buf_init(&bytes, 0);
	assert_ok(folder_open(&root, *state, &err), &err);
	snprintf(address.sun_path, sizeof(address.sun_path), "s");
	assert_int_equal(
		bind(bound, (struct sockaddr *)&address, sizeof(address)), 0);
	int rc = file_read_at(&bytes, &st, root, "s", &err);
	unlink("s");
	assert_int_equal(rc, ERR_UNSUPPORTED);
	assert_int_equal(
		file_read_at(&bytes, &st, root, "to-f", &err), ERR_UNSUPPORTED);
	assert_int_equal(
		file_read_at(&bytes, &st, root, "d", &err), ERR_UNSUPPORTED);
	assert_int_equal(
		file_read_at(&bytes, &st, root, "none", &err), ERR_NOT_FOUND);
	assert_ok(file_read_at(&bytes, &st, root, "f", &err), &err);
}

static void a_name_that_no_system_takes_is_refused(void **state)
{
	char name[NAME_MAX + 3] = "/";
	memset(name + 1, 'a', NAME_MAX + 1);
	assert_int_equal(open_inside(*state, name), ERR_IO);
}

static int add_entry(const char *name, int type, void *ctx, struct err *err)
{
	(void)err;
	char *seen = ctx;
	static const char *const order[] = { "d", "f", "to-d", "to-f" };
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (!strcmp(order[i], name))
			seen[i] = (char)('0' + type);
	return 0;
}

static int stop(const char *name, int type, void *ctx, struct err *err)
{
	(void)name;
	(void)type;
	(void)err;
	++*(int *)ctx;
	return 1;
}

static void entries_are_told_apart_and_may_be_listed_twice(void **state)
{
	struct err err = { 0 };
	CLEANUP(fd_close) int fd = -1;
	assert_ok(folder_open(&fd, *state, &err), &err);
	for (int i = 0; i < 2; i++) {
		char seen[] = "----";
		assert_ok(folder_each(fd, add_entry, seen, &err), &err);
		assert_string_equal(seen, "1022");
	}
	int calls = 0;
	assert_int_equal(folder_each(fd, stop, &calls, &err), 1);
	assert_int_equal(calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_folders_without_symlinks_are_opened),
		cmocka_unit_test(below_an_open_folder_it_is_the_same),
		cmocka_unit_test(only_a_regular_file_is_read),
		cmocka_unit_test(a_name_that_no_system_takes_is_refused),
		cmocka_unit_test(
			entries_are_told_apart_and_may_be_listed_twice),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
