#include "cmd/global.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

static const struct opt opts[] = {
	{ OPT_LIST, 'C', NULL, offsetof(struct global_opts, dirs), 0, "<dir>",
		"run as if started in <dir>" },
	{ OPT_TEXT, 0, "git-dir", offsetof(struct global_opts, git_dir), 0,
		"<dir>", "the repository, instead of looking for one" },
	{ OPT_LIST, 'c', NULL, offsetof(struct global_opts, settings), 0,
		"hygiene.<key>=<value>",
		"a setting that goes before those of the configuration" },
	{ OPT_FLAG, 0, "version", offsetof(struct global_opts, version), 0,
		NULL, "print the version of the program" },
	{ 0 },
};

const struct opt_spec global_spec = {
	.usage = "[-C <dir>] [--git-dir=<dir>] [-c hygiene.<key>=<value>] "
		 "<command> [<options>] [--] [<pathspec>…]",
	.description = "Finds session data and other secrets committed to a "
		       "Git repository, proves what they are, and helps to "
		       "get rid of them.",
	.opts = opts,
	.stop_at_word = true,
};

void global_opts_clear(struct global_opts *options)
{
	opt_list_clear(&options->dirs);
	opt_list_clear(&options->settings);
}

/** A setting is "hygiene.", a key, "=" and a value that may be empty. */
static bool is_setting(const char *text)
{
	static const char section[] = "hygiene.";
	size_t len = strlen(section);
	return !strncasecmp(text, section, len) && text[len] &&
		text[len] != '=' && strchr(text + len, '=');
}

int global_opts_parse(
	struct global_opts *options, int argc, char **argv, struct err *err)
{
	int words = opt_parse(options, &global_spec, argc, argv, err);
	if (words < 0 || words == OPT_HELP_ASKED)
		return words;
	for (size_t i = 0; i < options->settings.count; i++)
		if (!is_setting(options->settings.items[i]))
			return err_set(err, ERR_USAGE,
				"option '-c' expects hygiene.<key>=<value>");
	for (size_t i = 0; i < options->dirs.count; i++)
		/* as git: an empty one stays where it is */
		if (*options->dirs.items[i] && chdir(options->dirs.items[i]))
			return err_errno(err, "cannot change to '%s'",
				options->dirs.items[i]);
	return words;
}
