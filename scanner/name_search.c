#include "scanner/name_search.h"

#include "scanner/content_match.h"

#include <stdlib.h>

/** A name is no file: only what is a secret in any text counts, and where its
 * parts stand in it says nothing. Drops what was found from `first` on else. */
static void keep_secrets(
	struct hits *hits, size_t first, const struct rule_index *rules)
{
	size_t kept = first;
	for (size_t i = first; i < hits->count; i++) {
		struct hit *hit = &hits->items[i];
		const struct rule *rule = rules->rules[hit->rule];
		if (!rule->pattern || !*hit->secret_id || hit->inner) {
			free(hit->secret);
			continue;
		}
		if (hit->belief) {
			struct finding_belief *belief =
				arena_alloc(&hits->arena, sizeof(*belief));
			*belief = *hit->belief;
			belief->part_count = 0;
			hit->belief = belief;
		}
		hits->items[kept++] = *hit;
	}
	hits->count = kept;
}

static int search_name(struct content_match *match, uint32_t number,
	const struct name_search *search, struct scan_result *result,
	struct err *err)
{
	static const struct oid none = { 0 };
	const struct path_entry *name = &search->paths->entries[number];
	size_t known = match->hits.count;
	size_t told = match->skips.skipped_count;
	const struct content_blob text = {
		.bytes = (const unsigned char *)name->text,
		.len = name->len,
		.number = number,
		.oid = &none,
		.is_name = true,
	};
	int rc = content_match_blob(match, &text, err);
	if (rc == 0)
		rc = content_match_inside(match, &text, err);
	keep_secrets(&match->hits, known, search->rules);
	if (match->skips.skipped_count > told) {
		struct skipped *skipped =
			scan_result_add_skipped(result, SKIP_LIMIT);
		skipped->path = arena_strdup(&result->arena, name->text);
		skipped->detail = "a rule gave up on its name: too much work";
	}
	return rc;
}

int name_search_run(struct hits *out, const struct name_search *search,
	struct scan_result *result, struct err *err)
{
	const struct content_scan_opts opts = {
		.rules = search->rules,
		.paths = search->paths,
		.fingerprint_key = search->fingerprint_key,
		.decode_depth = search->decode_depth,
	};
	atomic_size_t secret_bytes = 0;
	struct content_match match = {
		.opts = &opts,
		.secret_bytes = &secret_bytes,
		.matcher = search->matcher,
	};
	int rc = 0;
	for (uint32_t i = 0; rc == 0 && i < search->paths->count; i++)
		if ((!search->wanted || search->wanted[i]) &&
			search->paths->entries[i].len)
			rc = search_name(&match, i, search, result, err);
	hits_absorb(out, &match.hits);
	content_match_clear(&match);
	return rc;
}
