#include "cmd/settings.h"

#include "base/array.h"
#include "base/buf.h"
#include "cmd/opt.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MAX_JOBS 64

const struct setting settings[] = {
	{ "allowComments", "true",
		"comments like 'hygiene:allow RULE reason' accept findings" },
	{ "baseline", ".hygiene-baseline",
		"file of accepted findings; empty for none" },
	{ "cache", ".git/hygiene",
		"folder for results of scans, which the repository's own "
		"configuration cannot name; or true or false" },
	{ "decodeDepth", "4",
		"encodings and archives within each other that are undone" },
	{ "failOn", "low", "least severity for exit code 1, or never" },
	{ "fingerprintKey", "a public one",
		"text that the hashes of secrets are keyed by" },
	{ "jobs", "one a core", "threads" },
	{ "maxBlobSize", "256m", "larger objects are skipped, and named" },
	{ "minConfidence", "low", "least confidence of what is reported" },
	{ "repoConfig", "true",
		"what the repository says of itself counts: .hygiene.yml, "
		"baseline, allow comments" },
	{ "rules", "none", "rule file or folder to add; may stand repeatedly" },
	{ 0 },
};

#define ORIGIN "command line:"

/** What stands behind "hygiene.<key>=" in a -c, or NULL. */
static const char *value_of(const char *typed, const char *name)
{
	size_t len = strlen(name);
	if (strncasecmp(typed, name, len) != 0 || typed[len] != '=')
		return NULL;
	return typed + len + 1;
}

/** "hygiene.<key>" in lower case. Caller frees. */
static char *full_name(const char *key)
{
	struct buf name;
	buf_init(&name, 0);
	buf_printf(&name, "hygiene.%s", key);
	for (size_t i = 0; i < name.len; i++)
		name.bytes[i] = (char)tolower((unsigned char)name.bytes[i]);
	return buf_steal(&name);
}

static const struct config *config_of(
	const struct cmd_env *env, struct repo *repo)
{
	const struct config *config = NULL;
	struct err err;
	if (!repo)
		return env->config;
	/* a file that cannot be read has kept the repository from opening */
	return repo_settings(&config, repo, &err) < 0 ? NULL : config;
}

bool setting_find(struct config_entry *out, const struct cmd_env *env,
	struct repo *repo, const char *key, bool protected_only)
{
	CLEANUP(freep) char *name = full_name(key);
	const char *typed = NULL;
	for (const char *const *at = env->settings; *at; at++)
		if (value_of(*at, name))
			typed = value_of(*at, name);
	*out = (struct config_entry){
		.value = typed,
		.scope = CONFIG_COMMAND,
		.origin = ORIGIN,
	};
	if (typed)
		return true;
	const struct config *config = config_of(env, repo);
	const struct config_entry *entry =
		config ? config_find(config, name, protected_only) : NULL;
	if (entry)
		*out = *entry;
	return entry != NULL;
}

const char *setting_text(
	const struct cmd_env *env, struct repo *repo, const char *key)
{
	struct config_entry entry;
	return setting_find(&entry, env, repo, key, false) ? entry.value : NULL;
}

bool setting_word(bool *out, const char *text)
{
	static const char *const words[] = { "false", "true", "no", "yes",
		"off", "on", "0", "1", "" };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcasecmp(text, words[i])) {
			*out = i % 2;
			return true;
		}
	return false;
}

int setting_bool(bool *out, const struct cmd_env *env, struct repo *repo,
	const char *key, bool protected_only, bool standard, struct err *err)
{
	struct config_entry entry;
	*out = standard;
	if (!setting_find(&entry, env, repo, key, protected_only))
		return 0;
	if (setting_word(out, entry.value))
		return 0;
	return err_set(err, ERR_PARSE,
		"hygiene.%s is true or false, not '%s' (%s)", key, entry.value,
		entry.origin);
}

/** Values being collected. */
struct values {
	const char **items;
	size_t count, capacity;
};

static void add_value(struct values *values, const char *value)
{
	if (!*value)
		values->count = 0;
	ARRAY_GROW(values->items, values->count + 1, values->capacity);
	if (*value)
		values->items[values->count++] = value;
	values->items[values->count] = NULL;
}

const char **setting_all(const struct cmd_env *env, struct repo *repo,
	const char *key, bool protected_only)
{
	CLEANUP(freep) char *name = full_name(key);
	struct values values = { 0 };
	add_value(&values, "");
	const struct config *config = config_of(env, repo);
	for (size_t i = 0; config && i < config->count; i++) {
		const struct config_entry *entry = &config->entries[i];
		if (!strcmp(entry->key, name) &&
			(!protected_only || config_is_protected(entry->scope)))
			add_value(&values, entry->value);
	}
	for (const char *const *at = env->settings; *at; at++)
		if (value_of(*at, name))
			add_value(&values, value_of(*at, name));
	return values.items;
}

int setting_jobs(unsigned *out, uint64_t typed, const struct cmd_env *env,
	struct repo *repo, struct err *err)
{
	uint64_t jobs = typed;
	struct config_entry entry;
	if (!jobs && setting_find(&entry, env, repo, "jobs", false) &&
		(!opt_parse_number(&jobs, entry.value) || jobs > MAX_JOBS))
		return err_set(err, ERR_PARSE,
			"hygiene.jobs takes 1 to %d, not '%s' (%s)", MAX_JOBS,
			entry.value, entry.origin);
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
