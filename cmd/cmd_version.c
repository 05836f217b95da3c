/* version: of the program and of what its answers depend on. */
#include "cmd/cmd.h"

#include <git2.h>

static const struct opt opts[] = { { 0 } };

static const struct opt_spec spec = {
	.usage = "version",
	.description = "Prints the versions of the program and of the "
		       "libraries that it runs with: what a bug report needs.",
	.opts = opts,
};

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	int words = opt_parse(NULL, &spec, argc, argv, err);
	if (words < 0)
		return words;
	if (words == OPT_HELP_ASKED) {
		opt_print_help(env->out, &spec);
		return EXIT_CLEAN;
	}
	if (words)
		return err_set(err, ERR_USAGE, "too many arguments");

	int major;
	int minor;
	int patch;
	git_libgit2_version(&major, &minor, &patch);
	fprintf(env->out, "git-hygiene version %s\n", HYGIENE_VERSION);
	fprintf(env->out, "libgit2 %d.%d.%d\n", major, minor, patch);
	return EXIT_CLEAN;
}

const struct cmd cmd_version = {
	.name = "version",
	.summary = "show versions of the program and its libraries",
	.spec = &spec,
	.run = run,
};
