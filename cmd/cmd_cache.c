/* cache: where results of scans are kept, and how to be rid of them. */
#include "cmd/cmd.h"
#include "cmd/scan_cache.h"
#include "report/text_escape.h"

/** The command line as typed. */
struct fields {
	struct scan_cache_opts cache;
	bool clear;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_FLAG, 0, "clear", FIELD(clear), .help = "remove what is stored" },
	{ OPT_TEXT, 0, "cache", FIELD(cache.dir), .argument = "<dir>",
		.help = "the cache in this folder" },
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "cache [<options>]",
	.description =
		"Prints where the results of scans of this repository are "
		"kept, how many files that are, and how many bytes.\n\n"
		"A scan of all that is committed looks there first: when "
		"nothing has changed, the result is taken from there, else "
		"only blobs are read that were not there before, and rules "
		"tried that are new. The cache is the folder 'hygiene' in the "
		".git folder, or the one that --cache or hygiene.cache names; "
		"hygiene.cache=false, or scan --no-cache, does without.",
	.opts = opts,
};

static int clear(
	struct cache *cache, const struct cmd_env *env, struct err *err)
{
	struct cache_usage removed;
	int rc = cache_clear(&removed, cache, err);
	if (rc < 0)
		return rc;
	fprintf(env->out, "removed %zu files, %ju bytes\n", removed.files,
		(uintmax_t)removed.bytes);
	return EXIT_CLEAN;
}

static int show(struct cache *cache, const struct cmd_env *env)
{
	CLEANUP(buf_clear) struct buf path;
	struct cache_usage usage;
	buf_init(&path, 0);
	text_add(&path, cache_path(cache), true);
	cache_measure(&usage, cache);
	fprintf(env->out, "%s: %zu files, %ju bytes\n", path.bytes, usage.files,
		(uintmax_t)usage.bytes);
	if (cache_note(cache))
		log_warn(&env->log, "%s", cache_note(cache));
	return EXIT_CLEAN;
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (words)
		return err_set(err, ERR_USAGE, "cache takes no '%s'", argv[0]);
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(cache_freep) struct cache *cache = NULL;
	const struct repo_opts repo_opts = { .git_dir = env->git_dir };
	int rc = repo_open(&repo, &repo_opts, err);
	if (rc == 0)
		rc = scan_cache_open(&cache, &fields.cache, env, repo, err);
	if (rc < 0)
		return rc;
	if (!cache)
		return err_set(err, ERR_NOT_FOUND,
			"hygiene.cache says that there is no cache");
	return fields.clear ? clear(cache, env, err) : show(cache, env);
}

static const struct cmd_example examples[] = {
	{ "cache", "where it is, and how large" },
	{ "cache --clear", "the next scan reads everything again" },
	{ 0 },
};

const struct cmd cmd_cache = {
	.name = "cache",
	.summary = "show or clear what scans have stored",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
