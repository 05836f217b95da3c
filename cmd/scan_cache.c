#include "cmd/scan_cache.h"

#include "cmd/settings.h"

#include <string.h>

int scan_cache_open(struct cache **out, const struct scan_cache_opts *opts,
	const struct cmd_env *env, struct repo *repo, struct err *err)
{
	struct cache_opts cache = {
		.git_dir = repo_common_dir(repo),
		.dir = opts->dir,
		.even_small = opts->dir != NULL,
	};
	struct config_entry entry;
	bool wanted = true;
	if (opts->off)
		return 0;
	if (opts->dir && !*opts->dir)
		return err_set(err, ERR_USAGE, "--cache takes a folder");
	if (!opts->dir &&
		setting_find(
			&entry, env, repo, "cache", opts->protected_only)) {
		bool is_word = setting_word(&wanted, entry.value);
		if (!is_word && config_is_protected(entry.scope))
			cache.dir = entry.value;
		cache.even_small = is_word || cache.dir;
	}
	if (wanted)
		*out = cache_new(&cache);
	return 0;
}

void scan_cache_tell(const struct cache *cache, const struct cmd_env *env)
{
	struct log talk = env->log;
	talk.level = LOG_INFO;
	if (!cache) {
		log_info(&talk, "cache: none");
		return;
	}
	const struct cache_use *use = cache_use(cache);
	if (use->whole) {
		log_info(&talk,
			"cache: nothing has changed since the last scan");
	} else {
		log_info(&talk,
			"cache: %zu trees and commits were known, %zu were "
			"read",
			use->trees_known, use->trees_read);
		log_info(&talk, "cache: %zu blobs were known, %zu were read",
			use->known, use->read);
	}
	if (cache_note(cache))
		log_info(&talk, "cache: %s", cache_note(cache));
}
