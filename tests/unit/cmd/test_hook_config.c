/* Our section of a configuration file goes; all else stays, byte for byte. */
#include "base/buf.h"
#include "base/file.h"
#include "cmd/hook_config.h"
#include "tests/support/test.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OURS "[hook \"hygiene-pre-push\"]\n\tcommand = x\n\tevent = pre-push\n"

struct scene {
	char folder[64];
	char file[96];
	const char *meanwhile; /* what git makes of the file before the lock */
};

static struct scene *racing; /* open() has no other way to be told */

static void put(const char *file, const char *text, size_t len)
{
	FILE *out = fopen(file, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

/* Somebody else changes the file just before the lock is taken. */
int __wrap_open(const char *path, int flags, ...)
{
	size_t len = strlen(path);
	if (racing && racing->meanwhile && len > 5 &&
		!strcmp(path + len - 5, ".lock"))
		put(racing->file, racing->meanwhile, strlen(racing->meanwhile));
	va_list args;
	va_start(args, flags);
	unsigned mode = flags & O_CREAT ? va_arg(args, unsigned) : 0;
	va_end(args);
	return __real_open(path, flags, mode);
}

static int set_up(void **state)
{
	static struct scene place;
	place = (struct scene){ .folder = "/tmp/hook-config.XXXXXX" };
	if (!mkdtemp(place.folder))
		return -1;
	snprintf(place.file, sizeof(place.file), "%s/config", place.folder);
	racing = &place;
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *place = *state;
	racing = NULL;
	unlink(place->file);
	return rmdir(place->folder); /* no lock is left */
}

static void expect_file(const struct scene *place, const char *text, size_t len)
{
	CLEANUP(buf_clear) struct buf got;
	struct err err = { 0 };
	buf_init(&got, 0);
	assert_ok(file_read(&got, place->file, 0, &err), &err);
	assert_int_equal(got.len, len);
	assert_memory_equal(got.bytes, text, len);
}

static const struct hook_event *pre_push(void)
{
	const struct hook_event *event;
	struct err err = { 0 };
	assert_ok(hook_event_find(&event, "pre-push", &err), &err);
	return event;
}

static void the_section_goes_alone(void **state)
{
	struct scene *place = *state;
	struct err err = { 0 };
	static const char before[] = "[a]\n\tb = 1\n" OURS "[c]\n\td\n";
	put(place->file, before, strlen(before));
	assert_int_equal(hook_config_unset(place->file, pre_push(), &err), 1);
	expect_file(place, "[a]\n\tb = 1\n[c]\n\td\n", 18);
	assert_int_equal(hook_config_unset(place->file, pre_push(), &err), 0);
}

static void a_change_before_the_lock_stays(void **state)
{
	struct scene *place = *state;
	struct err err = { 0 };
	put(place->file, OURS, strlen(OURS));
	place->meanwhile = OURS "[new]\n\tkey = 1\n";
	assert_int_equal(hook_config_unset(place->file, pre_push(), &err), 1);
	place->meanwhile = NULL;
	expect_file(place, "[new]\n\tkey = 1\n", 15);
	put(place->file, OURS, strlen(OURS));
	place->meanwhile = "[new]\n";
	assert_int_equal(hook_config_unset(place->file, pre_push(), &err), 0);
	place->meanwhile = NULL;
	expect_file(place, "[new]\n", 6);
}

static void a_file_with_a_nul_is_left_alone(void **state)
{
	struct scene *place = *state;
	struct err err = { 0 };
	static const char text[] = OURS "[a]\n\tb = \0\n[c]\n\td = 1\n";
	put(place->file, text, sizeof(text) - 1);
	assert_err(hook_config_unset(place->file, pre_push(), &err),
		ERR_UNSUPPORTED, &err);
	expect_file(place, text, sizeof(text) - 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_section_goes_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_change_before_the_lock_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_file_with_a_nul_is_left_alone, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
