#include "cmd/finding_scan.h"

#include <unistd.h>

#define BLOB_PLACES (PLACE_INDEX | PLACE_HISTORY)

void finding_scan_opts_clear(struct finding_scan_opts *opts)
{
	scan_setup_opts_clear(&opts->setup);
}

/* Says how many findings are accepted, and so left alone, if any are. */
static void finding_scan_tell_accepted(
	const struct scan_result *result, const struct log *log)
{
	size_t count = scan_result_count_accepted(result);
	struct log talk = *log;
	talk.level = LOG_INFO;
	if (count)
		log_info(&talk,
			"%zu accepted %s left alone (git hygiene scan counts "
			"them)",
			count, count == 1 ? "finding is" : "findings are");
}

/* Who acts on what was found is told that there may be more. */
static void tell_incomplete(
	const struct scan_result *result, const struct log *log)
{
	for (size_t i = 0; i < result->skipped_count; i++) {
		const struct skipped *skipped = &result->skipped[i];
		if (!skip_is_incomplete(skipped->reason))
			continue;
		log_warn(log,
			"not everything could be looked at, so there may be "
			"more than is told here (%s%s%s); git hygiene scan "
			"tells all of it",
			skip_reason_name(skipped->reason),
			*skipped->object ? " " : "", skipped->object);
		return;
	}
}

int finding_scan(struct scan_result *out, struct scan_setup *setup,
	struct repo *repo, const struct pathspec *pathspec,
	const struct finding_scan_opts *opts, const struct cmd_env *env,
	struct err *err)
{
	unsigned sources = opts->sources ? opts->sources : BLOB_PLACES;
	int rc = scan_setup_make(setup, &opts->setup, env, repo, err);
	if (rc < 0)
		return rc;
	setup->scan.sources = sources & BLOB_PLACES;
	setup->scan.pathspec = pathspec;
	out->complete = true;
	if (!setup->scan.sources)
		return 0;
	rc = scan_setup_run(
		out, setup, repo, env, isatty(fileno(env->log.out)), err);
	if (rc < 0)
		return rc;
	finding_scan_tell_accepted(out, &env->log);
	tell_incomplete(out, &env->log);
	return 0;
}
