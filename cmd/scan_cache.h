/*
 * Which cache a scan uses: --cache, else hygiene.cache, else the folder
 * "hygiene" in the .git folder.
 */
#ifndef CMD_SCAN_CACHE_H
#define CMD_SCAN_CACHE_H

#include "cmd/cmd.h"
#include "scanner/cache_file.h"
#include "scanner/repo.h"

#include <stdbool.h>

/** What the command line says of it. */
struct scan_cache_opts {
	const char *dir;     /* --cache, or NULL */
	bool off;            /* --no-cache */
	bool protected_only; /* the repository's .git/config has no say */
};

/**
 * Opens it; *out stays NULL where there is to be none. hygiene.cache is true,
 * false or a folder; a folder counts only where the user has named it: who
 * hands on a .git/config could hand on a folder with a key of his own. Caller
 * frees.
 */
int scan_cache_open(struct cache **out, const struct scan_cache_opts *opts,
	const struct cmd_env *env, struct repo *repo,
	struct err *err) MUST_CHECK;

/** Says on standard error what came from the cache, and why nothing did. */
void scan_cache_tell(const struct cache *cache, const struct cmd_env *env);

#endif
