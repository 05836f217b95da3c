/* Plan and certificate as JSON: docs/formats.md. */
#include "cmd/purge_view.h"
#include "report/finding_json.h"
#include "report/json_field.h"

#include <string.h>

#define PURGE_FORMAT 1

static void put_oid(
	struct json_writer *json, const char *key, const struct oid *oid)
{
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, oid);
	put_text(json, key, oid_is_zero(oid) ? NULL : hex);
}

static void put_oids(struct json_writer *json, const char *key,
	const struct oid *oids, size_t count)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < count; i++) {
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &oids[i]);
		json_put_text(json, hex);
	}
	json_end_array(json);
}

static void put_lists(
	struct json_writer *json, const struct purge_target *target)
{
	json_key(json, "paths");
	json_begin_array(json);
	for (size_t i = 0; i < target->path_count; i++) {
		json_begin_object(json);
		json_path(json, "path", "path_base64", target->paths[i]);
		json_end_object(json);
	}
	for (size_t i = 0; i < target->hidden_count; i++) {
		json_begin_object(json);
		json_path(json, "path", "path_base64", target->hidden[i].shown);
		put_text(json, "path_id", target->hidden[i].id);
		json_end_object(json);
	}
	json_end_array(json);
	put_oids(json, "blobs", target->blobs, target->blob_count);
	json_key(json, "secrets");
	json_begin_array(json);
	for (size_t i = 0; i < target->secret_count; i++) {
		json_begin_object(json);
		put_text(json, "rule", target->secrets[i].rule);
		put_text(json, "secret_id", target->secrets[i].id);
		json_end_object(json);
	}
	json_end_array(json);
	json_key(json, "lfs");
	json_begin_array(json);
	for (size_t i = 0; i < target->lfs_count; i++)
		json_put_text(json, target->lfs[i]);
	json_end_array(json);
}

static void put_effect(
	struct json_writer *json, const struct purge_effect *effect)
{
	json_begin_object(json);
	put_text(json, "kind", holder_kind_name(effect->holder->kind));
	json_path(json, "name", "name_base64", effect->holder->name);
	put_oid(json, "first_changed", &effect->first);
	put_bool(json, "annotated", effect->is_annotated);
	put_bool(json, "signed", effect->is_signed);
	put_bool(json, "rewritable", !effect->is_bare);
	put_bool(json, "pushable", effect->holder->kind != HOLDER_PULL);
	json_end_object(json);
}

static void put_effects(struct json_writer *json, const struct purge_plan *plan)
{
	json_key(json, "touches");
	json_begin_object(json);
	put_count(json, "commits", plan->commits);
	put_count(json, "commits_changed", plan->commits_changed);
	put_count(json, "commits_unsigned", plan->commits_unsigned);
	put_count(json, "signed_commits", plan->signed_commits);
	put_count(json, "signed_tags", plan->signed_tags);
	put_oids(json, "first_changed", plan->first_changed, plan->first_count);
	json_key(json, "refs");
	json_begin_array(json);
	for (size_t i = 0; i < plan->effect_count; i++)
		put_effect(json, &plan->effects[i]);
	json_end_array(json);
	put_count(json, "size", plan->size);
	put_count(json, "size_freed", plan->size_freed);
	json_end_object(json);
}

static void put_left(struct json_writer *json, const struct purge_left *left)
{
	json_begin_object(json);
	put_text(json, "what", left_what_name(left->what));
	json_path(json, "path", "path_base64", left->path);
	put_oid(json, "object", &left->oid);
	put_text(json, "rule", left->rule);
	put_bool(json, "named", left->named);
	json_end_object(json);
}

static void put_place(struct json_writer *json, const struct purge_view *view,
	const struct purge_place *place)
{
	CLEANUP(buf_clear) struct buf command;
	buf_init(&command, 0);
	purge_add_remover(&command, view, place, true);
	json_begin_object(json);
	put_text(json, "kind", holder_kind_name(place->holder.kind));
	json_path(json, "name", "name_base64", place->holder.name);
	json_path(json, "worktree", "worktree_base64", place->holder.worktree);
	put_count(json, "count", place->object_count);
	put_text(json, "command", command.bytes);
	json_key(json, "examples");
	json_begin_array(json);
	for (size_t i = 0; i < place->example_count; i++)
		put_left(json, &view->search->left[place->examples[i]]);
	json_end_array(json);
	json_end_object(json);
}

static void put_places(struct json_writer *json, const struct purge_view *view)
{
	json_key(json, "places");
	json_begin_array(json);
	for (size_t i = 0; i < view->search->place_count; i++)
		put_place(json, view, &view->search->places[i]);
	json_end_array(json);
}

static void put_skipped(struct json_writer *json, const struct purge_view *view)
{
	CLEANUP(scan_result_clear) struct scan_result skips = { 0 };
	purge_search_list_skips(
		&skips, view->search, view->inventory, view->target);
	put_bool(json, "complete", view->search->complete);
	json_key(json, "skipped");
	json_begin_array(json);
	for (size_t i = 0; i < skips.skipped_count; i++)
		json_skipped(json, &skips.skipped[i]);
	json_end_array(json);
}

static void put_head(struct json_writer *json, const struct purge_view *view)
{
	char digest[65];
	purge_target_digest(digest, view->target);
	put_text(json, "type", view->plan ? "purge-plan" : "purge-certificate");
	put_count(json, "format", PURGE_FORMAT);
	put_text(json, "version", view->opts->version);
	json_path(json, "repository", "repository_base64",
		repo_name(view->inventory->repo));
	put_date(json, "date", view->now);
	put_text(json, "target_digest", digest);
	put_text(json, "rules_digest", view->rules_digest);
	put_text(json, "refs_digest", view->inventory->refs_digest);
	put_text(json, "objects_digest", view->inventory->objects_digest);
	put_count(json, "refs", view->inventory->holders.ref_tip_count);
	put_count(json, "objects", view->inventory->name_count);
}

/** What was left out of the search, on somebody's word. */
static void put_left_out(
	struct json_writer *json, const struct purge_target *target)
{
	put_count(json, "accepted_findings", target->accepted);
	put_count(json, "excluded_paths", target->excluded);
}

static void put_plan(struct json_writer *json, const struct purge_view *view)
{
	put_text(json, "key_check", view->target->key_check);
	put_lists(json, view->target);
	put_left_out(json, view->target);
	put_count(json, "shared_blobs", view->target->shared);
	put_effects(json, view->plan);
	put_places(json, view);
	json_key(json, "command");
	json_begin_array(json);
	if (view->files) {
		const char *words[PURGE_MAX_WORDS];
		purge_files_command(words, view->files);
		json_put_text(json, "git-filter-repo");
		for (size_t i = 0; words[i]; i++)
			json_put_text(json, words[i]);
	}
	json_end_array(json);
	put_skipped(json, view);
}

static void put_certificate(
	struct json_writer *json, const struct purge_view *view)
{
	const struct purge_target *target = view->target;
	const struct purge_search *search = view->search;
	put_text(json, "target_rules_digest", target->rules_digest);
	json_key(json, "searched_for");
	json_begin_object(json);
	put_count(json, "paths", purge_target_count_paths(target));
	put_count(json, "blobs", target->blob_count);
	put_count(json, "secrets", target->secret_count);
	put_count(json, "lfs", target->lfs_count);
	json_end_object(json);
	put_left_out(json, target);
	put_bool(json, "clean", !search->left_count && search->complete);
	put_skipped(json, view);
	put_places(json, view);
	json_key(json, "left");
	json_begin_array(json);
	for (size_t i = 0; i < search->left_count; i++)
		put_left(json, &search->left[i]);
	json_end_array(json);
}

void purge_write_json(FILE *out, const struct purge_view *view)
{
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	put_head(&json, view);
	if (view->plan)
		put_plan(&json, view);
	else
		put_certificate(&json, view);
	json_end_object(&json);
	fputc('\n', out);
}
