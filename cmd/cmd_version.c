/* version: of the program and of what its answers depend on. */
#include "cmd/cmd.h"

#include "rules/pattern.h"
#include "rules/ruleset.h"

#include <git2.h>
#include <string.h>

static const struct opt opts[] = { { 0 } };

static const struct opt_spec spec = {
	.usage = "version",
	.description = "Prints the versions of the program and of the "
		       "libraries that it runs with: what a bug report needs.",
	.opts = opts,
};

void cmd_print_version(FILE *out)
{
	fprintf(out, "git-hygiene version %s\n", HYGIENE_VERSION);
}

/** The number alone, of a version that the day stands behind. */
static void print_library(FILE *out, const char *name, const char *version)
{
	fprintf(out, "%s %.*s\n", name, (int)strcspn(version, " "), version);
}

static int print_all(FILE *out, struct err *err)
{
	const struct ruleset_opts builtin = { 0 };
	CLEANUP(ruleset_freep) struct ruleset *rules = NULL;
	int rc = ruleset_new(&rules, &builtin, err);
	if (rc < 0)
		return rc;
	int major;
	int minor;
	int patch;
	git_libgit2_version(&major, &minor, &patch);
	cmd_print_version(out);
	fprintf(out, "libgit2 %d.%d.%d\n", major, minor, patch);
	char pcre2[32];
	pattern_library_version(pcre2, sizeof(pcre2));
	print_library(out, "pcre2", pcre2);
	fprintf(out, "rules %zu, digest %s\n", ruleset_count(rules),
		ruleset_digest(rules));
	return EXIT_CLEAN;
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	int words = opt_begin(NULL, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (words)
		return err_set(err, ERR_USAGE, "too many arguments");
	return print_all(env->out, err);
}

const struct cmd cmd_version = {
	.name = "version",
	.summary = "show versions of the program and its libraries",
	.spec = &spec,
	.run = run,
};
