#include "cmd/shard_option.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define MAX_VARIABLES 8

/** A job as an engine starts it, and what --shard makes of it. */
struct row {
	const char *name;
	const char *text;                     /* of --shard */
	const char *variables[MAX_VARIABLES]; /* "NAME=value" */
	uint32_t index, count;                /* 0: refused */
	const char *message;                  /* a part of why */
};

static const struct row rows[] = {
	{ "no shard", NULL, { "CI_NODE_INDEX=1" }, 0, 0, NULL },
	{ "first", "1/1", { NULL }, 1, 1, NULL },
	{ "last", "64/64", { NULL }, 64, 64, NULL },
	{ "most", "10000/10000", { NULL }, 10000, 10000, NULL },
	{ "from zero", "0/4", { NULL }, 0, 0, "no shard 0 of 4" },
	{ "beyond", "5/4", { NULL }, 0, 0, "no shard 5 of 4" },
	{ "too many", "1/10001", { NULL }, 0, 0, "up to 10000" },
	{ "huge", "1/99999999999999999999", { NULL }, 0, 0, "<i>/<n> or auto" },
	{ "sign", "+1/2", { NULL }, 0, 0, "<i>/<n> or auto" },
	{ "one number", "3", { NULL }, 0, 0, "<i>/<n> or auto" },
	{ "empty", "", { NULL }, 0, 0, "<i>/<n> or auto" },
	{ "tail", "1/2/", { NULL }, 0, 0, "<i>/<n> or auto" },
	{ "nowhere", "auto", { NULL }, 0, 0, "no variable of GitLab" },
	{ "GitLab counts from 1", "auto",
		{ "CI_NODE_INDEX=4", "CI_NODE_TOTAL=4" }, 4, 4, NULL },
	{ "GitLab has no 0", "auto", { "CI_NODE_INDEX=0", "CI_NODE_TOTAL=4" },
		0, 0, "no shard 0 of 4" },
	{ "GitLab without parallel", "auto", { "CI_NODE_TOTAL=1" }, 1, 1,
		NULL },
	{ "GitLab without an index", "auto", { "CI_NODE_TOTAL=4" }, 0, 0,
		"no variable" },
	{ "CircleCI counts from 0", "auto",
		{ "CIRCLE_NODE_INDEX=0", "CIRCLE_NODE_TOTAL=3" }, 1, 3, NULL },
	{ "CircleCI last", "auto",
		{ "CIRCLE_NODE_INDEX=2", "CIRCLE_NODE_TOTAL=3" }, 3, 3, NULL },
	{ "CircleCI beyond", "auto",
		{ "CIRCLE_NODE_INDEX=3", "CIRCLE_NODE_TOTAL=3" }, 0, 0,
		"no shard 4 of 3" },
	{ "Buildkite", "auto",
		{ "BUILDKITE_PARALLEL_JOB=5",
			"BUILDKITE_PARALLEL_JOB_COUNT=8" },
		6, 8, NULL },
	{ "Kubernetes", "auto",
		{ "JOB_COMPLETION_INDEX=0", "HYGIENE_SHARD_COUNT=5" }, 1, 5,
		NULL },
	{ "Kubernetes does not tell the count", "auto",
		{ "JOB_COMPLETION_INDEX=0" }, 0, 0,
		"HYGIENE_SHARD_COUNT is not set" },
	{ "AWS Batch", "auto",
		{ "AWS_BATCH_JOB_ARRAY_INDEX=9",
			"AWS_BATCH_JOB_ARRAY_SIZE=10" },
		10, 10, NULL },
	{ "Slurm 0-5", "auto",
		{ "SLURM_ARRAY_TASK_ID=5", "SLURM_ARRAY_TASK_COUNT=6",
			"SLURM_ARRAY_TASK_MIN=0", "SLURM_ARRAY_TASK_MAX=5",
			"SLURM_ARRAY_TASK_STEP=1" },
		6, 6, NULL },
	{ "Slurm 10-20:5", "auto",
		{ "SLURM_ARRAY_TASK_ID=15", "SLURM_ARRAY_TASK_COUNT=3",
			"SLURM_ARRAY_TASK_MIN=10", "SLURM_ARRAY_TASK_MAX=20",
			"SLURM_ARRAY_TASK_STEP=5" },
		2, 3, NULL },
	{ "Slurm 1,5,7", "auto",
		{ "SLURM_ARRAY_TASK_ID=5", "SLURM_ARRAY_TASK_COUNT=3",
			"SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_MAX=7",
			"SLURM_ARRAY_TASK_STEP=1" },
		0, 0, "has gaps" },
	{ "Slurm step 0", "auto",
		{ "SLURM_ARRAY_TASK_ID=0", "SLURM_ARRAY_TASK_COUNT=1",
			"SLURM_ARRAY_TASK_MIN=0", "SLURM_ARRAY_TASK_MAX=0",
			"SLURM_ARRAY_TASK_STEP=0" },
		0, 0, "has gaps" },
	{ "Slurm without a range", "auto",
		{ "SLURM_ARRAY_TASK_ID=5", "SLURM_ARRAY_TASK_COUNT=6" }, 0, 0,
		"SLURM_ARRAY_TASK_MIN is not set" },
	{ "two engines", "auto",
		{ "CI_NODE_INDEX=1", "CI_NODE_TOTAL=2", "SLURM_ARRAY_TASK_ID=0",
			"SLURM_ARRAY_TASK_COUNT=2" },
		0, 0, "both GitLab" },
	{ "no number", "auto", { "CI_NODE_INDEX=one", "CI_NODE_TOTAL=2" }, 0, 0,
		"CI_NODE_INDEX is no number" },
	{ "set to nothing", "auto",
		{ "CI_NODE_INDEX=", "CIRCLE_NODE_INDEX=0",
			"CIRCLE_NODE_TOTAL=1" },
		1, 1, NULL },
};

static void clear_variables(void)
{
	static const char *const names[] = { "CI_NODE_INDEX", "CI_NODE_TOTAL",
		"CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL",
		"BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT",
		"JOB_COMPLETION_INDEX", "HYGIENE_SHARD_COUNT",
		"AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE",
		"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT",
		"SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX",
		"SLURM_ARRAY_TASK_STEP" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}

static void a_job_is_the_shard(void **state)
{
	const struct row *row = *state;
	clear_variables();
	for (size_t i = 0; i < MAX_VARIABLES && row->variables[i]; i++) {
		const char *value = strchr(row->variables[i], '=');
		char name[64];
		snprintf(name, sizeof(name), "%.*s",
			(int)(value - row->variables[i]), row->variables[i]);
		assert_int_equal(setenv(name, value + 1, 1), 0);
	}
	struct err err = { 0 };
	struct shard shard;
	int rc = shard_parse(&shard, row->text, &err);
	assert_int_equal(rc, row->message ? ERR_USAGE : 0);
	assert_int_equal(shard.index, row->index);
	assert_int_equal(shard.count, row->count);
	if (row->message && !strstr(err.msg, row->message))
		fail_msg("'%s' is not in '%s'", row->message, err.msg);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = a_job_is_the_shard,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
