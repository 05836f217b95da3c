#include "scanner/audit_rows.h"

#include "base/array.h"
#include "base/buf.h"
#include "rules/config_test.h"
#include "rules/grade.h"
#include "rules/settings/setting_text.h"

#include <stdlib.h>
#include <string.h>

static struct audit_row *add_row(struct audit_app *app)
{
	ARRAY_GROW(app->rows, app->row_count, app->row_capacity);
	struct audit_row *row = &app->rows[app->row_count++];
	*row = (struct audit_row){ .severity = -1 };
	return row;
}

/* The worst rule that holds for the setting. */
static void judge_row(struct audit_row *row, const struct ruleset *rules)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct evidence *evidence = config_evidence(&arena, row->setting);
	for (size_t i = 0; i < ruleset_count(rules); i++) {
		const struct rule *rule = ruleset_get(rules, i);
		if (!rule->config ||
			!config_is_about(rule->config, row->setting) ||
			!config_holds(rule->config, row->setting, row->path))
			continue;
		int severity;
		int confidence;
		rule_grade(
			&severity, &confidence, rule, row->path, evidence, 0);
		if (severity <= row->severity)
			continue;
		row->severity = severity;
		row->rule = rule;
	}
}

/* The setting that shows best how the application writes them: the most usual
 * form that it has, not a class or a file for development. */
static bool is_better_example(
	const struct setting *old, const struct setting *setting)
{
	if (setting->form == FORM_ATTRIBUTE)
		return false;
	return !old || (old->development && !setting->development) ||
		(old->form != FORM_ITEM && setting->form == FORM_ITEM &&
			old->development == setting->development);
}

void audit_add_rows(struct audit_app *app, const struct audit_file *file,
	const struct ruleset *rules)
{
	for (size_t i = 0; i < file->settings.count; i++) {
		const struct setting *setting = &file->settings.items[i];
		if (setting->framework != app->framework || setting->overridden)
			continue;
		struct audit_row *row = add_row(app);
		row->known =
			known_setting_find(setting->framework, setting->key);
		row->setting = setting;
		row->path = file->path;
		judge_row(row, rules);
		if (is_better_example(app->example, setting))
			app->example = setting;
	}
}

static bool is_set(const struct audit_app *app, const char *key)
{
	for (size_t i = 0; i < app->row_count; i++)
		if (app->rows[i].setting &&
			!app->rows[i].setting->development &&
			!strcmp(app->rows[i].known->key, key))
			return true;
	return false;
}

/* True when there are sessions to speak of: debug mode alone is none. */
static bool has_sessions(const struct audit_app *app)
{
	if (app->uses_flask_session)
		return true;
	for (size_t i = 0; i < app->row_count; i++)
		if (strcmp(app->rows[i].known->key, "DEBUG") != 0)
			return true;
	return false;
}

/* What is missing in a test or an example is worth knowing, no more. */
static int missing_severity(
	const struct audit_app *app, const struct rule *rule)
{
	int severity;
	int confidence;
	rule_grade(&severity, &confidence, rule, app->path, NULL, 0);
	return settings_path_is_development(app->path) ? SEVERITY_INFO
						       : severity;
}

static void add_missing(struct audit_app *app, const struct rule *rule)
{
	if (!rule->config || !rule->config->unset ||
		rule->config->framework != app->framework)
		return;
	for (size_t i = 0; rule->config->keys[i]; i++) {
		if (is_set(app, rule->config->keys[i]))
			continue;
		struct audit_row *row = add_row(app);
		row->known = known_setting_find(
			app->framework, rule->config->keys[i]);
		row->rule = rule;
		row->severity = missing_severity(app, rule);
	}
}

/* What is as it should be without being set: told so that a reader does not
 * miss it. */
static void add_good_default(struct audit_app *app, const char *key)
{
	const struct known_setting *known =
		known_setting_find(app->framework, key);
	if (known && !is_set(app, key))
		add_row(app)->known = known;
}

static size_t place_in_file(const struct audit_row *row)
{
	return row->setting ? row->setting->start : 0;
}

static int compare_rows(const void *left, const void *right)
{
	const struct audit_row *a = left;
	const struct audit_row *b = right;
	if (a->known != b->known)
		return a->known < b->known ? -1 : 1;
	int order = strcmp(a->path ? a->path : "", b->path ? b->path : "");
	if (order)
		return order;
	size_t x = place_in_file(a);
	size_t y = place_in_file(b);
	return (x > y) - (x < y);
}

static void add_line(
	struct audit *audit, const struct audit_app *app, struct audit_row *row)
{
	if (!row->rule || !row->rule->recommend)
		return;
	CLEANUP(buf_clear) struct buf line;
	buf_init(&line, 0);
	setting_line(&line, app->framework, row->known->key,
		row->rule->recommend,
		row->setting ? row->setting : app->example);
	if (line.len)
		row->line = arena_strdup(&audit->arena, line.bytes);
}

void audit_finish_rows(
	struct audit *audit, struct audit_app *app, const struct ruleset *rules)
{
	bool sessions = has_sessions(app);
	for (size_t i = 0; sessions && i < ruleset_count(rules); i++)
		add_missing(app, ruleset_get(rules, i));
	add_good_default(app, "SESSION_COOKIE_HTTPONLY");
	add_good_default(app, "cookie.httpOnly");
	if (app->row_count)
		qsort(app->rows, app->row_count, sizeof(*app->rows),
			compare_rows);
	for (size_t i = 0; i < app->row_count; i++)
		add_line(audit, app, &app->rows[i]);
}
