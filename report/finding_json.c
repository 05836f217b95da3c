#include "report/finding_json.h"

#include "base/utf8.h"
#include "report/json_field.h"
#include "rules/encoded/encoding.h"
#include "scanner/holder_kind.h"
#include "scanner/ignore_pattern.h"

#include <string.h>

/* As put_text(), "" standing for null. */
static void put_word(
	struct json_writer *json, const char *key, const char *text)
{
	put_text(json, key, *text ? text : NULL);
}

static void put_texts(struct json_writer *json, const char *key,
	const char *const *texts, size_t count)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < count; i++)
		json_put_text(json, texts[i]);
	json_end_array(json);
}

void json_path(struct json_writer *json, const char *key, const char *exact,
	const char *path)
{
	put_text(json, key, path);
	if (!path || utf8_valid(path, strlen(path)))
		return;
	json_key(json, exact);
	json_put_base64(json, path, strlen(path));
}

static void put_region(
	struct json_writer *json, const char *key, const struct region *region)
{
	json_key(json, key);
	if (!region->start_line) {
		json_put_null(json);
		return;
	}
	json_begin_object(json);
	put_count(json, "start_line", region->start_line);
	put_count(json, "start_column", region->start_column);
	put_count(json, "end_line", region->end_line);
	put_count(json, "end_column", region->end_column);
	put_count(json, "start_byte", region->start_byte);
	put_count(json, "end_byte", region->end_byte);
	json_end_object(json);
}

static void put_exposure(
	struct json_writer *json, const struct exposure *exposure)
{
	const struct commit_info *first = exposure->first;
	const struct commit_info *last = exposure->last;
	const struct commit_info *removed = exposure->removed;
	json_key(json, "exposure");
	json_begin_object(json);
	put_text(json, "first_commit", first ? first->oid : NULL);
	put_text(json, "first_author", first ? first->author : NULL);
	if (first)
		put_date(json, "first_date", first->time);
	else
		put_text(json, "first_date", NULL);
	put_text(json, "last_commit", last ? last->oid : NULL);
	put_text(json, "removed_commit", removed ? removed->oid : NULL);
	put_texts(json, "refs", exposure->refs, exposure->refs_listed);
	put_count(json, "refs_count", exposure->refs_count);
	put_texts(json, "reflogs", exposure->logs, exposure->logs_listed);
	put_count(json, "reflogs_count", exposure->logs_count);
	put_bits(json, "tip_of", exposure->tip_of, holder_kind_bit_name);
	put_bits(json, "reachable_by", exposure->held_by, holder_kind_bit_name);
	json_end_object(json);
}

static void put_expiry(
	struct json_writer *json, const struct evidence *evidence)
{
	if (evidence->expiry == EXPIRY_AT)
		put_date(json, "expires", evidence->expires_at);
	else
		put_text(json, "expires",
			evidence->expiry == EXPIRY_NEVER ? "never" : NULL);
}

/* What a decoder found out: fields of an object that is begun. */
static void put_decoding(struct json_writer *json,
	const struct evidence *evidence, const char *state)
{
	put_text(json, "decoder", evidence->decoder);
	put_text(json, "kind", evidence->kind);
	put_text(json, "variant", evidence->variant);
	put_texts(json, "keys", evidence->keys, evidence->key_count);
	put_bool(json, "keys_truncated", evidence->keys_truncated);
	put_bits(json, "holds", evidence->holds, holds_name);
	put_count(json, "entries", evidence->entry_count);
	put_expiry(json, evidence);
	put_text(json, "state", state);
	put_text(json, "id", id_exposure_name(evidence->id));
	put_texts(json, "calls", evidence->calls, evidence->call_count);
	if (evidence->setting) {
		put_text(json, "setting", evidence->setting);
		put_text(json, "value", evidence->value);
		put_bool(json, "development", evidence->development);
	}
}

void json_evidence(struct json_writer *json, const struct evidence *evidence,
	const char *state)
{
	if (!evidence) {
		json_put_null(json);
		return;
	}
	json_begin_object(json);
	put_decoding(json, evidence, state);
	json_end_object(json);
}

static void put_parts(
	struct json_writer *json, const struct finding_belief *belief)
{
	json_key(json, "parts");
	json_begin_array(json);
	for (size_t i = 0; i < belief->part_count; i++) {
		json_begin_object(json);
		put_text(json, "title", belief->parts[i].title);
		put_region(json, "region", &belief->parts[i].region);
		json_end_object(json);
	}
	json_end_array(json);
}

/* From the outermost to the innermost. */
static void put_encodings(struct json_writer *json, uint32_t encodings)
{
	json_key(json, "encoding");
	json_begin_array(json);
	for (unsigned i = 0; i < encodings_count(encodings); i++)
		json_put_text(json, encoding_name(encodings_at(encodings, i)));
	json_end_array(json);
}

static void put_evidence(
	struct json_writer *json, const struct finding *finding)
{
	const struct finding_belief *belief = finding->belief;
	json_key(json, "evidence");
	if (!belief && !finding->encodings) {
		json_evidence(json, finding->evidence, finding->state);
		return;
	}
	json_begin_object(json);
	if (finding->evidence)
		put_decoding(json, finding->evidence, finding->state);
	else
		put_text(json, "decoder", NULL);
	if (belief)
		put_texts(json, "why", belief->why, belief->why_count);
	if (belief && belief->part_count)
		put_parts(json, belief);
	if (finding->encodings)
		put_encodings(json, finding->encodings);
	json_end_object(json);
}

static void put_link(struct json_writer *json, const struct finding_link *link)
{
	json_begin_object(json);
	put_text(json, "relation", link->relation);
	put_text(json, "scheme", link->scheme);
	put_text(json, "rule", link->rule);
	json_path(json, "path", "path_base64", link->path);
	put_text(json, "fingerprint", link->fingerprint);
	put_text(json, "since_commit", link->since ? link->since->oid : NULL);
	if (link->since)
		put_date(json, "since_date", link->since->time);
	else
		put_text(json, "since_date", NULL);
	json_end_object(json);
}

static void put_links(struct json_writer *json, const struct finding *finding)
{
	json_key(json, "links");
	json_begin_array(json);
	for (size_t i = 0; i < finding->link_count; i++)
		put_link(json, &finding->links[i]);
	json_end_array(json);
}

static void put_remedy(struct json_writer *json, const struct finding *finding)
{
	CLEANUP(buf_clear) struct buf pattern;
	buf_init(&pattern, 0);
	bool has_pattern =
		ignore_pattern_of(&pattern, finding) == 0 && pattern.len;
	json_key(json, "remedy");
	json_begin_object(json);
	put_text(json, "gitignore", has_pattern ? pattern.bytes : NULL);
	put_bool(json, "untrack",
		finding_remedy(finding)->untrack &&
			finding_is_in_tree(finding));
	put_text(json, "advice", finding->rule->advice);
	if (finding->file_rule)
		put_text(json, "rule", finding->file_rule->id);
	json_end_object(json);
}

static void put_rule(struct json_writer *json, const struct finding *finding)
{
	const struct rule *rule = finding->rule;
	put_text(json, "rule", rule->id);
	put_text(json, "pack", rule->pack);
	put_text(json, "severity", severity_name(finding->severity));
	put_text(json, "confidence", confidence_name(finding->confidence));
	put_text(json, "message", rule->title);
}

/* Only where somebody has accepted it. */
static void put_suppressed(
	struct json_writer *json, const struct suppression *suppressed)
{
	if (suppressed->by == SUPPRESSED_NOT)
		return;
	json_key(json, "suppressed");
	json_begin_object(json);
	put_text(json, "by", suppressed_by_name(suppressed->by));
	put_text(json, "reason", suppressed->reason);
	put_text(json, "owner", suppressed->owner);
	put_text(json, "expires", suppressed->expires);
	put_bool(json, "expired", suppressed->expired);
	json_end_object(json);
}

void json_header_members(struct json_writer *json,
	const struct scan_result *result, const struct report_opts *opts)
{
	put_text(json, "type", "header");
	put_count(json, "format", JSON_FORMAT);
	put_text(json, "version", opts->version);
	put_word(json, "rules_digest", result->rules_digest);
	put_word(json, "tips_digest", result->tips_digest);
	put_bits(json, "sources", result->sources, place_name);
}

void json_header(struct json_writer *json, const struct scan_result *result,
	const struct report_opts *opts)
{
	json_begin_object(json);
	json_header_members(json, result, opts);
	json_end_object(json);
}

void json_finding_members(
	struct json_writer *json, const struct finding *finding)
{
	put_text(json, "type", "finding");
	put_rule(json, finding);
	json_path(json, "path", "path_base64", finding->path);
	if (finding->inner)
		json_path(json, "inner", "inner_base64", finding->inner);
	json_path(json, "store", "store_base64", finding->store);
	put_bits(json, "places", finding->places, place_name);
	put_bool(json, "tracked", finding->tracked);
	put_tristate(json, "ignored", finding->ignored);
	put_bool(json, "at_tip", finding->at_tip);
	put_word(json, "blob", finding->blob);
	put_count(json, "versions", finding->versions);
	put_region(json, "region", &finding->region);
	if (finding->inner)
		put_region(json, "inner_region", &finding->inner_region);
	put_exposure(json, &finding->exposure);
	put_text(json, "excerpt", finding->excerpt);
	put_word(json, "secret_id", finding->secret_id);
	put_word(json, "fingerprint", finding->fingerprint);
	put_evidence(json, finding);
	put_links(json, finding);
	put_remedy(json, finding);
	put_suppressed(json, &finding->suppressed);
}

void json_finding(struct json_writer *json, const struct finding *finding)
{
	json_begin_object(json);
	json_finding_members(json, finding);
	json_end_object(json);
}

void json_skipped_members(
	struct json_writer *json, const struct skipped *skipped)
{
	put_text(json, "type", "skipped");
	put_text(json, "reason", skip_reason_name(skipped->reason));
	put_word(json, "object", skipped->object);
	json_path(json, "path", "path_base64", skipped->path);
	if (skipped->inner)
		json_path(json, "inner", "inner_base64", skipped->inner);
	if (skipped->lfs_oid) {
		put_text(json, "lfs_oid", skipped->lfs_oid);
		put_count(json, "lfs_size", skipped->lfs_size);
	}
}

void json_skipped(struct json_writer *json, const struct skipped *skipped)
{
	json_begin_object(json);
	json_skipped_members(json, skipped);
	json_end_object(json);
}

static void put_skipped_counts(
	struct json_writer *json, const struct scan_result *result)
{
	size_t counts[SKIP_REASON_COUNT] = { 0 };
	for (size_t i = 0; i < result->skipped_count; i++)
		counts[result->skipped[i].reason]++;
	json_key(json, "skipped");
	json_begin_object(json);
	for (int i = 0; i < SKIP_REASON_COUNT; i++)
		if (counts[i])
			put_count(json, skip_reason_name(i), counts[i]);
	json_end_object(json);
}

static void put_by_severity(
	struct json_writer *json, const struct scan_result *result)
{
	size_t counts[SEVERITY_CRITICAL + 1] = { 0 };
	for (size_t i = 0; i < result->finding_count; i++)
		counts[result->findings[i].severity] +=
			finding_counts(&result->findings[i]);
	json_key(json, "by_severity");
	json_begin_object(json);
	for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--)
		if (counts[i])
			put_count(json, severity_name(i), counts[i]);
	json_end_object(json);
}

void json_summary(struct json_writer *json, const struct scan_result *result)
{
	json_begin_object(json);
	put_text(json, "type", "summary");
	size_t counting = 0;
	for (size_t i = 0; i < result->finding_count; i++)
		counting += finding_counts(&result->findings[i]);
	put_count(json, "findings", counting);
	put_by_severity(json, result);
	put_count(json, "suppressed", result->finding_count - counting);
	put_count(json, "unsure", result->unsure);
	put_count(json, "paths", result->paths);
	put_count(json, "excluded", result->excluded);
	put_count(json, "blobs", result->blobs);
	put_count(json, "bytes", result->bytes);
	put_count(json, "commits", result->commits);
	put_skipped_counts(json, result);
	put_bool(json, "complete", result->complete);
	json_end_object(json);
}
