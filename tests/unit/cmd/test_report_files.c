#include "cmd/interrupt.h"
#include "cmd/report_files.h"
#include "tests/support/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_text(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)result, (void)opts, (void)err;
	fputs("new", out);
	return 0;
}

/* As if somebody pressed Ctrl-C in the middle of it. */
static int write_and_interrupt(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	raise(SIGINT);
	return write_text(out, result, opts, err);
}

static int write_nothing(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)out, (void)result, (void)opts;
	return err_set(err, ERR_IO, "disk full");
}

static const struct reporter good = { .name = "good", .write = write_text };
static const struct reporter bad = { .name = "bad", .write = write_nothing };
static const struct reporter slow = { .name = "slow",
	.write = write_and_interrupt };

static int enter_folder(void **state)
{
	char name[] = "/tmp/report_files.XXXXXX";
	if (!mkdtemp(name) || chdir(name) < 0)
		return -1;
	*state = strdup(name);
	return 0;
}

static int leave_folder(void **state)
{
	CLEANUP(freep) char *name = *state;
	return chdir("/") == 0 && rmdir(name) == 0 ? 0 : -1;
}

static void content_is(const char *path, const char *expected)
{
	char text[16] = "";
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_string_equal(text, expected);
}

static void make(const char *path)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	fputs("old", file);
	fclose(file);
}

/** Writes both; returns what report_files_write() does. */
static int write_both(
	const struct reporter *first, const struct reporter *second)
{
	struct err err = { 0 };
	const struct scan_result result = { 0 };
	const struct report_opts opts = { 0 };
	CLEANUP(report_files_clear) struct report_files files = { 0 };
	assert_ok(report_files_add(&files, first, "a", &err), &err);
	assert_ok(report_files_add(&files, second, "b", &err), &err);
	return report_files_write(&files, &result, &opts, &err);
}

static void all_files_are_written(void **state)
{
	(void)state;
	make("b");
	assert_int_equal(write_both(&good, &good), 0);
	content_is("a", "new");
	content_is("b", "new");
	assert_int_equal(unlink("a") + unlink("b"), 0);
}

/* leave_folder() fails where anything else was left. */
static void one_that_fails_leaves_all_as_they_were(void **state)
{
	(void)state;
	make("a");
	assert_int_equal(write_both(&good, &bad), ERR_IO);
	content_is("a", "old");
	assert_int_equal(unlink("a"), 0);
}

static void an_interrupt_leaves_all_as_they_were(void **state)
{
	(void)state;
	make("b");
	pid_t child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		dup2(null, STDERR_FILENO);
		interrupt_announce();
		write_both(&good, &slow);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
	content_is("b", "old");
	assert_int_equal(unlink("b"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			all_files_are_written, enter_folder, leave_folder),
		cmocka_unit_test_setup_teardown(
			one_that_fails_leaves_all_as_they_were, enter_folder,
			leave_folder),
		cmocka_unit_test_setup_teardown(
			an_interrupt_leaves_all_as_they_were, enter_folder,
			leave_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
