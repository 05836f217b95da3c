#include "report/shard_json.h"

#include "report/finding_json.h"
#include "report/json_field.h"

static void put_commit(struct json_writer *json, const char *key,
	const struct commit_info *commit)
{
	json_key(json, key);
	if (!commit) {
		json_put_null(json);
		return;
	}
	json_begin_object(json);
	put_text(json, "commit", commit->oid);
	json_path(json, "author", "author_base64", commit->author);
	json_key(json, "time");
	json_put_int(json, commit->time);
	json_key(json, "offset_minutes");
	json_put_int(json, commit->offset_minutes);
	put_bool(json, "is_root", commit->is_root);
	json_end_object(json);
}

static void put_text_place(
	struct json_writer *json, const struct text_place *place)
{
	json_key(json, "text_place");
	if (!place) {
		json_put_null(json);
		return;
	}
	json_begin_object(json);
	put_count(json, "start_column", place->start_column);
	put_count(json, "end_column", place->end_column);
	put_text(json, "line_hash", place->line_hash);
	json_end_object(json);
}

static void put_lines(struct json_writer *json, const struct finding *finding)
{
	json_key(json, "link_lines");
	json_begin_array(json);
	for (size_t i = 0; i < finding->link_count; i++)
		json_put_uint(json, finding->links[i].line);
	json_end_array(json);
}

static void begin_more(struct json_writer *json)
{
	json_key(json, "shard");
	json_begin_object(json);
}

static void put_list(struct json_writer *json, const struct report_list *list)
{
	if (!list)
		return;
	json_path(json, "repository", "repository_base64", list->repository);
	put_count(json, "number", list->number);
	put_count(json, "of", list->count);
	put_text(json, "options_digest", list->options_digest);
}

/** Last, so that merge can cut it off. */
static void put_list_shard(
	struct json_writer *json, const struct report_list *list)
{
	if (!list || !list->shard.count)
		return;
	begin_more(json);
	put_count(json, "index", list->shard.index);
	put_count(json, "count", list->shard.count);
	put_text(json, "plan_digest", list->plan_digest);
	json_end_object(json);
}

void jsonl_failed(struct json_writer *json, const struct report_opts *opts,
	const char *message)
{
	json_begin_object(json);
	put_text(json, "type", "failed");
	put_count(json, "format", JSON_FORMAT);
	put_text(json, "version", opts->version);
	put_text(json, "message", message);
	put_list(json, opts->list);
	put_list_shard(json, opts->list);
	json_end_object(json);
}

void jsonl_header(struct json_writer *json, const struct scan_result *result,
	const struct report_opts *opts)
{
	json_begin_object(json);
	json_header_members(json, result, opts);
	put_list(json, opts->list);
	put_list_shard(json, opts->list);
	if (result->shard.count) {
		begin_more(json);
		put_count(json, "index", result->shard.index);
		put_count(json, "count", result->shard.count);
		put_text(json, "entries_digest", result->entries_digest);
		put_text(json, "options_digest", result->options_digest);
		json_path(json, "repository", "repository_base64",
			result->repository);
		put_bool(json, "bare", result->bare);
		json_key(json, "now");
		json_put_int(json, result->now);
		json_end_object(json);
	}
	json_end_object(json);
}

void jsonl_finding(struct json_writer *json, const struct scan_result *result,
	const struct finding *finding)
{
	json_begin_object(json);
	json_finding_members(json, finding);
	if (result->shard.count) {
		begin_more(json);
		put_commit(json, "first", finding->exposure.first);
		put_commit(json, "last", finding->exposure.last);
		put_commit(json, "removed", finding->exposure.removed);
		put_bool(json, "is_cut", finding->exposure.is_cut);
		put_text_place(json, finding->text_place);
		put_lines(json, finding);
		json_end_object(json);
	}
	json_end_object(json);
}

void jsonl_skipped(struct json_writer *json, const struct scan_result *result,
	const struct skipped *skipped)
{
	json_begin_object(json);
	json_skipped_members(json, skipped);
	if (result->shard.count) {
		begin_more(json);
		json_path(json, "detail", "detail_base64", skipped->detail);
		json_end_object(json);
	}
	json_end_object(json);
}
