/* The reports of `monitor` as JSON: docs/formats.md describes the fields. */
#include "report/finding_json.h"
#include "report/json_field.h"
#include "report/report_monitor.h"
#include "report/reporters.h"

/* Permission bits as people write them; JSON has no octal numbers. */
static void put_mode(struct json_writer *json, const char *key, unsigned mode)
{
	char text[16];
	snprintf(text, sizeof(text), "%04o", mode);
	put_text(json, key, text);
}

/* A time, or null where nothing has one. */
static void put_time(
	struct json_writer *json, const char *key, bool known, int64_t time)
{
	if (known)
		put_date(json, key, time);
	else
		put_text(json, key, NULL);
}

static void put_dir(struct json_writer *json, const struct session_dir *dir)
{
	put_count(json, "sessions", dir->sessions);
	put_count(json, "live", dir->live);
	put_count(json, "expired", dir->expired);
	put_count(json, "never", dir->never);
	put_count(json, "unknown", dir->unknown);
	put_count(json, "companions", dir->companions);
	put_count(json, "transients", dir->transients);
	put_count(json, "others", dir->others);
	put_count(json, "bytes", dir->bytes);
	put_time(json, "oldest", dir->sessions, dir->oldest);
	put_time(json, "newest", dir->sessions, dir->newest);
	put_time(json, "next_expiry", dir->live, dir->next_expiry);
	if (dir->exists)
		put_mode(json, "mode", dir->mode);
	else
		put_text(json, "mode", NULL);
	put_count(json, "wide_files", dir->wide_files);
	if (dir->wide_files)
		put_mode(json, "widest_mode", dir->widest_mode);
	else
		put_text(json, "widest_mode", NULL);
	put_count(json, "unread", dir->unread);
}

static void put_status(
	struct json_writer *json, const struct session_status *status)
{
	json_begin_object(json);
	json_path(json, "path", "path_base64", status->place->name);
	put_bool(json, "exists", status->dir.exists);
	put_dir(json, &status->dir);
	put_bool(json, "in_worktree", status->place->worktree);
	put_tristate(json, "ignored", status->git.ignored);
	put_count(json, "tracked", status->git.tracked);
	put_bits(json, "problems", status->problems, session_problem_name);
	put_bool(json, "complete", status->complete);
	json_end_object(json);
}

static int write_json(FILE *out, const struct monitor_result *result,
	const struct report_opts *opts, struct err *err)
{
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	put_text(&json, "type", "monitor");
	put_count(&json, "format", 1);
	put_text(&json, "version", opts->version);
	put_date(&json, "time", result->now);
	put_count(&json, "threshold", result->limits->threshold);
	json_key(&json, "directories");
	json_begin_array(&json);
	for (size_t i = 0; i < result->count; i++)
		put_status(&json, &result->statuses[i]);
	json_end_array(&json);
	put_bool(&json, "off", monitor_result_is_off(result));
	put_bool(&json, "complete", result->complete);
	json_end_object(&json);
	fputc('\n', out);
	return report_finish(out, err);
}

static void put_file(
	struct json_writer *json, const struct session_change *change)
{
	const struct session_file *file = change->file;
	struct buf name;
	buf_init(&name, 0);
	json_path(json, "file", "file_base64", monitor_file_name(&name, file));
	buf_clear(&name);
	put_text(json, "state", session_file_state(file, change->after->now));
	put_time(json, "expires", file->expiry == EXPIRY_AT, file->expires_at);
}

static int write_change(FILE *out, const struct session_change *change,
	const struct report_opts *opts, struct err *err)
{
	(void)opts;
	const struct session_status *after = change->after;
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	put_text(&json, "type", "change");
	put_date(&json, "time", after->now);
	json_path(&json, "path", "path_base64", after->place->name);
	put_text(&json, "change", session_change_name(change->kind));
	if (change->file)
		put_file(&json, change);
	if (change->old_mode != change->new_mode) {
		put_mode(&json, "old_mode", change->old_mode);
		put_mode(&json, "new_mode", change->new_mode);
	}
	put_count(&json, "sessions", after->dir.sessions);
	put_count(&json, "tracked", after->git.tracked);
	put_bits(&json, "problems", after->problems, session_problem_name);
	json_end_object(&json);
	fputc('\n', out);
	return report_finish(out, err);
}

const struct monitor_reporter monitor_reporter_json = {
	.name = "json",
	.write = write_json,
	.write_change = write_change,
};
