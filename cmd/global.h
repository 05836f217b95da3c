/* Options before the command's name, the same for every command. */
#ifndef CMD_GLOBAL_H
#define CMD_GLOBAL_H

#include "cmd/opt.h"

/** Texts are borrowed from argv. */
struct global_opts {
	struct opt_list dirs; /* -C, each relative to those before it */
	const char *git_dir;
	struct opt_list settings; /* -c, "hygiene.key=value" */
	bool version;
};

extern const struct opt_spec global_spec;

/** Frees the lists. */
void global_opts_clear(struct global_opts *options);

/**
 * Parses argv (the words behind the program's name) as opt_parse() does and
 * checks the settings; goes into the folders of -C.
 */
int global_opts_parse(struct global_opts *options, int argc, char **argv,
	struct err *err) MUST_CHECK;

#endif
