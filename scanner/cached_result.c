#include "scanner/cached_result.h"

#include "scanner/cache_state.h"
#include "scanner/mark_ignored.h"

#include <string.h>

#define KIND "result"

bool cached_result_get(struct cached_result *cached, struct scan_result *result,
	struct repo *repo, const struct ruleset *rules,
	const struct scan_opts *opts)
{
	*cached = (struct cached_result){
		.repo = repo,
		.rules = rules,
		.opts = opts,
	};
	if (!opts->cache)
		return false;
	cached->has_id =
		cache_state_id(cached->id, opts->cache, repo, rules, opts);
	if (!cached->has_id)
		return false;
	CLEANUP(buf_clear) struct buf file = { 0 };
	struct cache_body body;
	if (!cache_read(&body, &file, opts->cache, KIND, cached->id) ||
		!result_cache_decode(result, &body))
		return false;
	if (!opts->not_ignored)
		mark_ignored(result, repo);
	cache_use_of(opts->cache)->whole = true;
	return true;
}

void cached_result_note(struct cached_result *cached, const struct hits *hits)
{
	result_span_make(&cached->span, hits, cached->opts->now);
}

void cached_result_put(
	const struct cached_result *cached, const struct scan_result *result)
{
	struct cache *cache = cached->opts->cache;
	uint8_t id[SHA256_DIGEST_SIZE];
	for (size_t i = 0; i < result->skipped_count; i++)
		if (result->skipped[i].reason == SKIP_TIMEOUT)
			return; /* there may be more of it next time */
	if (!cached->has_id ||
		!cache_is_worth(cache, result->blobs + result->commits) ||
		!cache_state_id(
			id, cache, cached->repo, cached->rules, cached->opts) ||
		memcmp(id, cached->id, sizeof(id)) != 0)
		return;
	CLEANUP(buf_clear) struct buf body;
	buf_init(&body, CACHE_MAX_BODY);
	result_cache_encode(&body, result, &cached->span);
	cache_write(cache, KIND, cached->id, &body);
}
