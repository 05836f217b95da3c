#include "base/buf.h"
#include "cmd/progress.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const char *name;
	size_t done;
	double seconds;
	size_t left;
	const char *expected;
};

static const struct row rows[] = {
	{ "nothing_done", 0, 5, 10, "" },
	{ "too_early", 10, 0.2, 10, "" },
	{ "all_done", 3000, 2, 0, "1,500/s" },
	{ "seconds", 100, 10, 250, "10/s, about 25 s left" },
	{ "never_zero", 1000000, 10, 1, "100,000/s, about 1 s left" },
	{ "minutes", 100, 10, 6000, "10/s, about 10 min left" },
	{ "hours", 100, 10, 78000, "10/s, about 2 h 10 min left" },
	{ "slow", 1, 100, 2, "0/s, about 3 min left" },
};

static void rate_and_time_left_are_words(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	progress_add_rate(&text, row->done, row->seconds, row->left);
	assert_string_equal(text.len ? text.bytes : "", row->expected);
}

static void a_shorter_line_covers_a_longer_one(void **state)
{
	(void)state;
	char *text = NULL;
	size_t len = 0;
	setenv("GIT_PROGRESS_DELAY", "0", 1);
	FILE *out = open_memstream(&text, &len);
	struct progress progress;
	progress_init(&progress, out);
	progress_tell("Scanning", 1, 2, &progress);
	progress.width = 40; /* as if the line had been longer */
	progress.due = 0;
	progress_tell("Scanning", 2, 2, &progress);
	progress.due = 0;
	progress_tell("Walking", 0, 7, &progress);
	progress_end(&progress);
	fclose(out);
	assert_string_equal(text,
		"\rScanning:  50% (1/2)"
		"\rScanning: 100% (2/2)                    "
		"\n\rWalking:   0% (0/7), done.\n");
	free(text);
}

/* As where shards read contents a second time. */
static void what_begins_anew_has_a_rate_of_its_own(void **state)
{
	(void)state;
	char *text = NULL;
	size_t len = 0;
	setenv("GIT_PROGRESS_DELAY", "0", 1);
	FILE *out = open_memstream(&text, &len);
	struct progress progress;
	progress_init(&progress, out);
	progress_tell("Scanning", 500, 1000, &progress);
	progress.due = 0;
	progress.since -= 10;
	progress_tell("Scanning", 10, 20, &progress);
	progress_end(&progress);
	fclose(out);
	assert_string_equal(text,
		"\rScanning:  50% (500/1000)"
		"\n\rScanning:  50% (10/20), done.\n");
	free(text);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(*rows) + 2];
	size_t count = 0;
	for (; count < sizeof(rows) / sizeof(*rows); count++)
		tests[count] = (struct CMUnitTest){
			.name = rows[count].name,
			.test_func = rate_and_time_left_are_words,
			.initial_state = (void *)(uintptr_t)&rows[count],
		};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		a_shorter_line_covers_a_longer_one);
	tests[count] = (struct CMUnitTest)cmocka_unit_test(
		what_begins_anew_has_a_rate_of_its_own);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
