#include "cmd/finding_scan.h"

#include "cmd/progress.h"
#include "cmd/settings.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MAX_JOBS      64
#define BLOB_PLACES   (PLACE_INDEX | PLACE_HISTORY)
#define MAX_BLOB_SIZE ((size_t)256 << 20)

void finding_scan_opts_clear(struct finding_scan_opts *opts)
{
	opt_list_clear(&opts->rules);
	opt_list_clear(&opts->select);
	opt_list_clear(&opts->disable);
	opt_list_clear(&opts->session_dirs);
}

unsigned finding_scan_jobs(const struct cmd_env *env, struct repo *repo)
{
	const char *configured = setting_text(env, repo, "jobs");
	long jobs = configured ? strtol(configured, NULL, 10) : 0;
	if (jobs < 1)
		jobs = sysconf(_SC_NPROCESSORS_ONLN);
	if (jobs < 1)
		jobs = 1;
	return jobs > MAX_JOBS ? MAX_JOBS : (unsigned)jobs;
}

int finding_scan(struct scan_result *out, struct ruleset **rules,
	struct repo *repo, const struct repo_pathspec *pathspec,
	const struct finding_scan_opts *opts, const struct cmd_env *env,
	struct err *err)
{
	const struct ruleset_opts rule_opts = {
		.no_builtin = opts->no_builtin_rules,
		.files = opts->rules.items,
		.select = opts->select.items,
		.disable = opts->disable.items,
		.session_dirs = opts->session_dirs.items,
	};
	unsigned sources = opts->sources ? opts->sources : BLOB_PLACES;
	int rc = ruleset_new(rules, &rule_opts, err);
	if (rc < 0)
		return rc;
	out->complete = true;
	if (!(sources & BLOB_PLACES))
		return 0;
	struct progress progress;
	progress_init(&progress, env->log.out);
	bool show = isatty(fileno(env->log.out));
	const struct scan_opts scan_opts = {
		.sources = sources & BLOB_PLACES,
		.jobs = finding_scan_jobs(env, repo),
		.max_blob_size = MAX_BLOB_SIZE,
		.now = (int64_t)time(NULL),
		.pathspec = pathspec,
		.progress = show ? progress_tell : NULL,
		.progress_ctx = &progress,
	};
	rc = scan_run(out, repo, *rules, &scan_opts, err);
	progress_end(&progress);
	return rc;
}
