#include "cmd/scan_setup.h"

#include "base/alloc.h"
#include "cmd/fail_on.h"
#include "cmd/progress.h"
#include "cmd/settings.h"
#include "cmd/when.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_BLOB_SIZE ((uint64_t)256 << 20)
#define MAX_TIMEOUT       86400 /* a day */
#define DECODE_DEPTH      4
#define DECODE_DEPTH_MAX  8

/** What the functions below work with. */
struct maker {
	struct scan_setup *setup;
	const struct scan_setup_opts *opts;
	const struct cmd_env *env;
	struct repo *repo;
	bool no_repo;        /* nothing of the repository's content counts */
	bool protected_only; /* nor its .git/config */
	struct err *err;
};

void scan_setup_opts_clear(struct scan_setup_opts *opts)
{
	opt_list_clear(&opts->rules);
	opt_list_clear(&opts->select);
	opt_list_clear(&opts->disable);
	opt_list_clear(&opts->session_dirs);
	opt_list_clear(&opts->baselines);
}

void scan_setup_clear(struct scan_setup *setup)
{
	acceptance_clear(&setup->acceptance);
	ruleset_free(setup->rules);
	repo_file_clear(&setup->repo_file);
	cache_free(setup->cache);
	free(setup->key);
	*setup = (struct scan_setup){ 0 };
}

/** What an option or else a setting says. */
struct word {
	const char *text;   /* NULL: neither is there */
	const char *option; /* as it is typed */
	const char *key;    /* of the setting */
	const char *origin; /* of the setting; NULL: the option said it */
};

static struct word word_of(const struct maker *maker, const char *typed,
	const char *option, const char *key)
{
	struct word word = { typed, option, key, NULL };
	struct config_entry entry;
	if (!typed &&
		setting_find(&entry, maker->env, maker->repo, key,
			maker->protected_only)) {
		word.text = entry.value;
		word.origin = entry.origin;
	}
	return word;
}

/** A mistake of the command line, or of a file that it is good to name. */
static int refuse(
	const struct maker *maker, const struct word *word, const char *takes)
{
	if (!word->origin)
		return err_set(maker->err, ERR_USAGE, "%s takes %s, not '%s'",
			word->option, takes, word->text);
	return err_set(maker->err, ERR_PARSE,
		"hygiene.%s takes %s, not '%s' (%s)", word->key, takes,
		word->text, word->origin);
}

static int take_fail_on(const struct maker *maker)
{
	struct err ignored;
	const struct word word =
		word_of(maker, maker->opts->fail_on, "--fail-on", "failOn");
	if (fail_on_parse(&maker->setup->fail_on, word.text, &ignored) == 0)
		return 0;
	return refuse(
		maker, &word, "info, low, medium, high, critical or never");
}

static int take_min_confidence(const struct maker *maker)
{
	const struct word word = word_of(maker, maker->opts->min_confidence,
		"--min-confidence", "minConfidence");
	maker->setup->min_confidence =
		word.text ? confidence_parse(word.text) : CONFIDENCE_LOW;
	if (maker->setup->min_confidence >= 0)
		return 0;
	return refuse(maker, &word, "low, medium, high or certain");
}

static int take_max_blob_size(const struct maker *maker)
{
	uint64_t size = maker->opts->max_blob_size;
	const struct word word =
		word_of(maker, NULL, "--max-blob-size", "maxBlobSize");
	if (!size && word.text &&
		(!opt_parse_number(&size, word.text) || !size))
		return refuse(maker, &word, "a size like 64m");
	maker->setup->scan.max_blob_size = size ? size : DEFAULT_BLOB_SIZE;
	return 0;
}

static int take_timeout(const struct maker *maker)
{
	uint64_t seconds = maker->opts->timeout;
	if (seconds > MAX_TIMEOUT)
		return err_set(maker->err, ERR_USAGE,
			"--timeout takes %d seconds at most", MAX_TIMEOUT);
	maker->setup->scan.timeout_ms = (int64_t)seconds * 1000;
	return 0;
}

static int take_decode_depth(const struct maker *maker)
{
	uint64_t depth = DECODE_DEPTH;
	const struct word word = word_of(maker, maker->opts->decode_depth,
		"--decode-depth", "decodeDepth");
	if (word.text &&
		(!opt_parse_number(&depth, word.text) ||
			depth > DECODE_DEPTH_MAX))
		return refuse(maker, &word, "a number from 0 to 8");
	maker->setup->scan.decode_depth = (unsigned)depth;
	return 0;
}

/** The rule files of the settings before those of the command line. */
static int load_rules(const struct maker *maker)
{
	const struct scan_setup_opts *opts = maker->opts;
	CLEANUP(freep)
	const char **files = setting_all(
		maker->env, maker->repo, "rules", maker->protected_only);
	size_t count = 0;
	while (files[count])
		count++;
	files = xreallocarray(
		files, count + opts->rules.count + 1, sizeof(*files));
	for (size_t i = 0; i < opts->rules.count; i++)
		files[count++] = opts->rules.items[i];
	files[count] = NULL;
	const struct ruleset_opts rule_opts = {
		.no_builtin = opts->no_builtin_rules,
		.files = files,
		.repo_rules = maker->setup->repo_file.rules,
		.select = opts->select.items,
		.disable = opts->disable.items,
		.session_dirs = opts->session_dirs.items,
	};
	return ruleset_new(&maker->setup->rules, &rule_opts, maker->err);
}

/** Rules, after what the repository says of itself. */
static int load_repo_rules(const struct maker *maker)
{
	int rc = maker->no_repo || !maker->repo
		? 0
		: repo_file_load(
			  &maker->setup->repo_file, maker->repo, maker->err);
	return rc < 0 ? rc : load_rules(maker);
}

static int load_files(const struct maker *maker)
{
	struct scan_setup *setup = maker->setup;
	const struct acceptance_opts opts = {
		.files = maker->opts->baselines.items,
		.no_repo = maker->no_repo,
		.protected_only = maker->protected_only,
	};
	int rc = load_repo_rules(maker);
	if (rc == 0)
		rc = acceptance_load(&setup->acceptance, &opts, maker->env,
			maker->repo, maker->err);
	return rc;
}

/** A server has no user whose key could be trusted. */
static int open_cache(const struct maker *maker)
{
	const struct scan_cache_opts opts = {
		.dir = maker->opts->cache,
		.off = maker->opts->no_cache || maker->opts->is_server,
		.protected_only = maker->protected_only,
	};
	struct scan_setup *setup = maker->setup;
	int rc = scan_cache_open(
		&setup->cache, &opts, maker->env, maker->repo, maker->err);
	setup->scan.cache = setup->cache;
	return rc;
}

/** Whether the repository is believed. */
static int decide_trust(struct maker *maker)
{
	const struct scan_setup_opts *opts = maker->opts;
	/* what cannot be read must not look like what nobody has set */
	const struct config *config;
	bool repo_config = true;
	int rc = maker->repo ? repo_settings(&config, maker->repo, maker->err)
			     : 0;
	if (rc == 0)
		rc = setting_bool(&repo_config, maker->env, maker->repo,
			"repoConfig", !opts->is_server, true, maker->err);
	maker->protected_only =
		!opts->is_server && (opts->no_repo_config || !repo_config);
	maker->no_repo = opts->is_server || maker->protected_only;
	maker->setup->believes_repo = !maker->no_repo;
	return rc;
}

/** All that is a word or a number. */
static int take_values(struct maker *maker)
{
	const struct scan_setup_opts *opts = maker->opts;
	struct scan_setup *setup = maker->setup;
	setup->expect_complete = opts->expect_complete;
	int rc = decide_trust(maker);
	if (rc == 0)
		rc = take_fail_on(maker);
	if (rc == 0)
		rc = take_min_confidence(maker);
	if (rc == 0)
		rc = when_parse(&setup->scan.now, opts->now, maker->err);
	if (rc == 0)
		rc = setting_jobs(&setup->scan.jobs, opts->jobs, maker->env,
			maker->repo, maker->err);
	if (rc == 0)
		rc = take_max_blob_size(maker);
	if (rc == 0)
		rc = take_decode_depth(maker);
	if (rc == 0)
		rc = take_timeout(maker);
	const char *key =
		setting_text(maker->env, maker->repo, "fingerprintKey");
	setup->key = key ? xstrdup(key) : NULL;
	setup->scan.fingerprint_key = setup->key;
	return rc;
}

static struct maker begin(struct scan_setup *out,
	const struct scan_setup_opts *opts, const struct cmd_env *env,
	struct repo *repo, struct err *err)
{
	*out = (struct scan_setup){ 0 };
	return (struct maker){
		.setup = out,
		.opts = opts,
		.env = env,
		.repo = repo,
		.err = err,
	};
}

int scan_setup_make_part(struct scan_setup *out,
	const struct scan_setup_opts *opts, const struct cmd_env *env,
	struct repo *repo, struct err *err)
{
	struct maker maker = begin(out, opts, env, repo, err);
	int rc = take_values(&maker);
	return rc < 0 ? rc : load_repo_rules(&maker);
}

int scan_setup_make_common(struct scan_setup *out,
	const struct scan_setup_opts *opts, const struct cmd_env *env,
	struct err *err)
{
	struct maker maker = begin(out, opts, env, NULL, err);
	int rc = take_values(&maker);
	if (rc == 0)
		rc = load_files(&maker);
	acceptance_prepare(&out->acceptance, &out->scan);
	return rc;
}

int scan_setup_make(struct scan_setup *out, const struct scan_setup_opts *opts,
	const struct cmd_env *env, struct repo *repo, struct err *err)
{
	struct maker maker = begin(out, opts, env, repo, err);
	int rc = take_values(&maker);
	if (rc == 0)
		rc = load_files(&maker);
	if (rc == 0)
		rc = open_cache(&maker);
	if (rc < 0)
		return rc;
	out->scan.exclude = out->repo_file.exclude;
	out->scan.exclude_count = out->repo_file.exclude_count;
	acceptance_prepare(&out->acceptance, &out->scan);
	return 0;
}

int scan_setup_run(struct scan_result *out, struct scan_setup *setup,
	struct repo *repo, const struct cmd_env *env, bool show_progress,
	struct err *err)
{
	struct progress progress;
	progress_init(&progress, env->log.out);
	struct scan_opts opts = setup->scan;
	if (show_progress) {
		opts.progress = progress_tell;
		opts.progress_ctx = &progress;
	}
	int rc = scan_run(out, repo, setup->rules, &opts, err);
	progress_end(&progress);
	if (rc == 0)
		scan_result_drop_unsure(out, setup->min_confidence);
	if (rc == 0)
		acceptance_apply(&setup->acceptance, out, setup->key, env);
	return rc;
}

int scan_setup_exit_code(
	const struct scan_setup *setup, const struct scan_result *result)
{
	if (setup->expect_complete && result->skipped_count)
		return EXIT_INCOMPLETE;
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].severity >= setup->fail_on &&
			finding_counts(&result->findings[i]))
			return EXIT_FINDINGS;
	return result->complete ? EXIT_CLEAN : EXIT_INCOMPLETE;
}
