#include "cmd/settings.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MAX_JOBS 64

const char *setting_text(
	const struct cmd_env *env, struct repo *repo, const char *key)
{
	struct buf name;
	buf_init(&name, 0);
	buf_printf(&name, "hygiene.%s", key);
	const char *value = NULL;
	for (const char *const *at = env->settings; *at; at++)
		if (!strncasecmp(*at, name.bytes, name.len) &&
			(*at)[name.len] == '=')
			value = *at + name.len + 1;
	if (!value)
		value = repo_config_text(repo, name.bytes);
	buf_clear(&name);
	return value;
}

int setting_jobs(unsigned *out, uint64_t typed, const struct cmd_env *env,
	struct repo *repo, struct err *err)
{
	uint64_t jobs = typed;
	const char *configured = setting_text(env, repo, "jobs");
	if (!jobs && configured)
		jobs = strtoull(configured, NULL, 10);
	if (!jobs) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);
		jobs = cores < 1 ? 1 : (uint64_t)cores;
		jobs = jobs > MAX_JOBS ? MAX_JOBS : jobs;
	}
	if (jobs > MAX_JOBS)
		return err_set(
			err, ERR_USAGE, "--jobs takes 1 to %d", MAX_JOBS);
	*out = (unsigned)jobs;
	return 0;
}
