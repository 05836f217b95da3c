#include "cmd/shard_option.h"

#include "base/buf.h"
#include "scanner/fingerprint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/** How an engine tells a job which of how many it is. */
struct engine {
	const char *name;  /* for messages */
	const char *index; /* variable: number of the job */
	const char *count; /* variable: of all jobs */
	uint64_t first;    /* the least index */
};

/* Each with the page of its vendor that names the variables:
 * docs.gitlab.com/ci/variables/predefined_variables,
 * circleci.com/docs/variables,
 * buildkite.com/docs/pipelines/environment-variables,
 * kubernetes.io/docs/concepts/workloads/controllers/job (which tells the index
 * alone), docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html */
static const struct engine engines[] = {
	{ "GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", 1 },
	{ "CircleCI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0 },
	{ "Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT",
		0 },
	{ "Kubernetes", "JOB_COMPLETION_INDEX", "HYGIENE_SHARD_COUNT", 0 },
	{ "AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE",
		0 },
	{ "Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", 0 },
};

/** Digits alone, up to a number that no engine reaches. */
static bool read_number(uint64_t *out, const char *text, size_t len)
{
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9' || *out > UINT32_MAX)
			return false;
		*out = *out * 10 + (uint64_t)(text[i] - '0');
	}
	return len > 0;
}

/** The variable's text; NULL when it is not set, or set to nothing. */
static const char *variable(const char *name)
{
	const char *text = getenv(name);
	return text && *text ? text : NULL;
}

static int variable_number(uint64_t *out, const char *name, struct err *err)
{
	const char *text = variable(name);
	if (!text)
		return err_set(err, ERR_USAGE,
			"--shard=auto: %s is not set, so it cannot be told of "
			"how many shards this is one",
			name);
	if (read_number(out, text, strlen(text)))
		return 0;
	return err_set(err, ERR_USAGE, "--shard=auto: %s is no number: '%s'",
		name, text);
}

static int set_shard(
	struct shard *out, uint64_t index, uint64_t count, struct err *err)
{
	if (!index || index > count || count > SHARD_MAX)
		return err_set(err, ERR_USAGE,
			"there is no shard %" PRIu64 " of %" PRIu64
			": they count from 1, up to %d",
			index, count, SHARD_MAX);
	*out = (struct shard){ (uint32_t)index, (uint32_t)count };
	return 0;
}

/** Tasks of an array may count in steps, and from any number on; one with gaps
 * gives no shares. sbatch(1), "OUTPUT ENVIRONMENT VARIABLES". */
static int from_slurm(uint64_t *index, uint64_t count, struct err *err)
{
	uint64_t least;
	uint64_t greatest;
	uint64_t step;
	int rc = variable_number(&least, "SLURM_ARRAY_TASK_MIN", err);
	if (rc == 0)
		rc = variable_number(&greatest, "SLURM_ARRAY_TASK_MAX", err);
	if (rc == 0)
		rc = variable_number(&step, "SLURM_ARRAY_TASK_STEP", err);
	if (rc < 0)
		return rc;
	if (!step || *index < least || greatest < least ||
		(*index - least) % step ||
		(greatest - least) / step + 1 != count)
		return err_set(err, ERR_USAGE,
			"--shard=auto: the Slurm array has gaps: its %" PRIu64
			" tasks are no shards",
			count);
	*index = (*index - least) / step;
	return 0;
}

static int from_engine(
	struct shard *out, const struct engine *engine, struct err *err)
{
	uint64_t index;
	uint64_t count;
	int rc = variable_number(&index, engine->index, err);
	if (rc == 0)
		rc = variable_number(&count, engine->count, err);
	if (rc == 0 && !strcmp(engine->name, "Slurm"))
		rc = from_slurm(&index, count, err);
	if (rc < 0)
		return rc;
	/* one below the first becomes 0, which is refused */
	return set_shard(out, index - engine->first + 1, count, err);
}

/** Outside of `parallel` GitLab says that there is one job, and not which. */
static bool is_one_of_one(void)
{
	const char *total = variable("CI_NODE_TOTAL");
	return total && !strcmp(total, "1");
}

static int from_environment(struct shard *out, struct err *err)
{
	const struct engine *found = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++) {
		if (!variable(engines[i].index))
			continue;
		if (found)
			return err_set(err, ERR_USAGE,
				"--shard=auto: both %s (%s) and %s (%s) number "
				"this job; say --shard=<i>/<n>",
				found->name, found->index, engines[i].name,
				engines[i].index);
		found = &engines[i];
	}
	if (found)
		return from_engine(out, found, err);
	if (is_one_of_one())
		return set_shard(out, 1, 1, err);
	return err_set(err, ERR_USAGE,
		"--shard=auto: no variable of GitLab, CircleCI, Buildkite, "
		"Kubernetes, AWS Batch or Slurm says which job this is");
}

int shard_parse(struct shard *out, const char *text, struct err *err)
{
	*out = (struct shard){ 0 };
	if (!text)
		return 0;
	if (!strcmp(text, "auto"))
		return from_environment(out, err);
	const char *slash = strchr(text, '/');
	uint64_t index;
	uint64_t count;
	if (!slash || !read_number(&index, text, (size_t)(slash - text)) ||
		!read_number(&count, slash + 1, strlen(slash + 1)))
		return err_set(err, ERR_USAGE,
			"--shard takes <i>/<n> or auto, not '%s'", text);
	return set_shard(out, index, count, err);
}

int shard_check_reports(const struct report_plan *plan, struct err *err)
{
	bool fits = !plan->reporter || !strcmp(plan->reporter->name, "jsonl");
	for (size_t i = 0; i < plan->files.count; i++)
		fits = fits &&
			!strcmp(plan->files.items[i].reporter->name, "jsonl");
	if (fits)
		return 0;
	return err_set(err, ERR_USAGE,
		"the report of a shard is jsonl; git hygiene merge writes the "
		"other formats of all of them");
}

void shard_prepare(struct scan_setup *setup, const struct shard *shard)
{
	setup->scan.shard = *shard;
	setup->scan.text_places = true; /* merge cannot ask for them */
	setup->scan.cache = NULL;       /* that keeps whole results */
}

/** Its entries, each part with the NUL that ends it. */
static void add_baseline(struct buf *text, const struct baseline *baseline)
{
	for (size_t i = 0; i < baseline->count; i++) {
		const struct baseline_entry *entry = &baseline->entries[i];
		const char *const parts[] = { entry->fingerprint, entry->reason,
			entry->owner, entry->expires };
		for (size_t k = 0; k < ARRAY_SIZE(parts); k++) {
			buf_add_text(text, parts[k] ? parts[k] : "");
			buf_add_byte(text, '\0');
		}
	}
}

void shard_options_digest(char out[65], const struct scan_setup *setup)
{
	const struct scan_opts *scan = &setup->scan;
	char key[BASELINE_KEY_HEX + 1];
	baseline_key(key, setup->key);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "size %zu\ndepth %u\n", scan->max_blob_size,
		scan->decode_depth);
	buf_printf(&text, "confidence %d\nverify %d\nkey %s\n",
		setup->min_confidence, scan->verify_objects, key);
	buf_printf(&text, "comments %d\ngitleaks %zu\n",
		!scan->no_allow_comments, scan->gitleaks_ignore_len);
	buf_add(&text, scan->gitleaks_ignore, scan->gitleaks_ignore_len);
	add_baseline(&text, &setup->acceptance.baseline);
	text_digest(out, text.bytes, text.len);
}
