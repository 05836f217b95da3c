/* The report of `audit` as one JSON object: docs/formats.md. */
#include "report/report_audit.h"

#include "report/audit_advice.h"
#include "report/finding_json.h"
#include "report/reporters.h"
#include "rules/settings/setting_text.h"

static void put_text(
	struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text);
}

static void put_bool(struct json_writer *json, const char *key, bool value)
{
	json_key(json, key);
	json_put_bool(json, value);
}

static void put_count(struct json_writer *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_put_uint(json, value);
}

static void put_tristate(struct json_writer *json, const char *key, int value)
{
	json_key(json, key);
	if (value == UNKNOWN)
		json_put_null(json);
	else
		json_put_bool(json, value == YES);
}

static void put_severity(struct json_writer *json, int severity)
{
	put_text(json, "severity",
		severity < 0 ? NULL : severity_name(severity));
}

static void put_line(struct json_writer *json, const struct setting *setting)
{
	json_key(json, "line");
	if (setting)
		json_put_uint(json, setting->line);
	else
		json_put_null(json);
}

static void put_value(struct json_writer *json, const struct setting *setting)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (setting)
		setting_value_text(&text, setting);
	put_text(json, "value", setting ? text.bytes : NULL);
	json_key(json, "resolved");
	if (setting)
		json_put_bool(json, setting->value.type != SETTING_UNRESOLVED);
	else
		json_put_null(json);
}

static void put_rule(struct json_writer *json, const struct audit_row *row)
{
	const struct rule *rule = row->rule;
	put_text(json, "rule", rule ? rule->id : NULL);
	put_text(json, "why", rule ? rule->why : NULL);
	put_text(json, "recommend", rule ? rule->recommend : NULL);
	put_text(json, "write", row->line);
	json_key(json, "cwe");
	json_begin_array(json);
	for (size_t i = 0; rule && rule->cwe && rule->cwe[i]; i++)
		json_put_text(json, rule->cwe[i]);
	json_end_array(json);
}

static void put_row(struct json_writer *json, const struct audit_row *row)
{
	const struct setting *setting = row->setting;
	json_begin_object(json);
	put_text(json, "key", row->known->key);
	put_bool(json, "set", setting != NULL);
	put_value(json, setting);
	put_text(json, "default", row->known->default_value);
	json_path(json, "path", "path_base64", row->path);
	put_line(json, setting);
	put_text(json, "class", setting ? setting->scope : NULL);
	put_bool(json, "development", setting && setting->development);
	put_severity(json, row->severity);
	put_rule(json, row);
	put_text(json, "note", row->known->note);
	json_end_object(json);
}

static void put_store(struct json_writer *json, const struct audit_store *store)
{
	json_begin_object(json);
	json_path(json, "store", "store_base64", store->path);
	put_bool(json, "default", !store->setting);
	put_bool(json, "assumed", store->started_in != NULL);
	json_path(json, "path", "path_base64", store->file);
	put_line(json, store->setting);
	put_tristate(json, "inside", store->inside);
	put_count(json, "tracked_files", store->tracked);
	put_tristate(json, "ignored", store->ignored);
	put_severity(json, store->severity);
	json_end_object(json);
}

static void put_production(
	struct json_writer *json, const struct audit_app *app)
{
	json_key(json, "production");
	json_begin_array(json);
	for (size_t i = 0; audit_keeps_files(app) && i < audit_backend_count;
		i++) {
		json_begin_object(json);
		put_text(json, "backend", audit_backends[i].name);
		json_key(json, "lines");
		json_begin_array(json);
		for (size_t l = 0; audit_backends[i].lines[l]; l++)
			json_put_text(json, audit_backends[i].lines[l]);
		json_end_array(json);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_notes(struct json_writer *json, const struct audit_app *app)
{
	json_key(json, "notes");
	json_begin_array(json);
	size_t at = 0;
	for (const char *note; (note = audit_version_note(app, &at));)
		json_put_text(json, note);
	json_end_array(json);
}

static void put_app(struct json_writer *json, const struct audit_app *app)
{
	json_begin_object(json);
	put_text(json, "framework", framework_name(app->framework));
	json_path(json, "path", "path_base64", app->path);
	put_bool(json, "flask_session", app->uses_flask_session);
	put_text(json, "flask_session_version", app->version);
	put_notes(json, app);
	json_key(json, "settings");
	json_begin_array(json);
	for (size_t i = 0; i < app->row_count; i++)
		put_row(json, &app->rows[i]);
	json_end_array(json);
	json_key(json, "stores");
	json_begin_array(json);
	for (size_t i = 0; i < app->store_count; i++)
		put_store(json, &app->stores[i]);
	json_end_array(json);
	put_production(json, app);
	json_end_object(json);
}

int json_audit(FILE *out, const struct audit *audit,
	const struct report_opts *opts, struct err *err)
{
	static const char *const sources[] = {
		[AUDIT_WORKTREE] = "worktree",
		[AUDIT_INDEX] = "index",
		[AUDIT_REVISION] = "revision",
	};
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	put_text(&json, "type", "audit");
	put_count(&json, "format", JSON_FORMAT);
	put_text(&json, "version", opts->version);
	put_text(&json, "source", sources[audit->source]);
	json_key(&json, "applications");
	json_begin_array(&json);
	for (size_t i = 0; i < audit->app_count; i++)
		put_app(&json, &audit->apps[i]);
	json_end_array(&json);
	json_key(&json, "skipped");
	json_begin_array(&json);
	for (size_t i = 0; i < audit->skipped.skipped_count; i++)
		json_skipped(&json, &audit->skipped.skipped[i]);
	json_end_array(&json);
	put_count(&json, "files", audit->files_read);
	put_bool(&json, "complete", audit->skipped.complete);
	json_end_object(&json);
	fputc('\n', out);
	return report_finish(out, err);
}
