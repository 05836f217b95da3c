#include "scanner/audit_mask.h"

#include "scanner/name_guard.h"

#include <string.h>

/** Takes a text of the audit, and may put another one in its place. */
typedef void text_visitor(const char **text, void *ctx);

static void visit_settings(
	struct settings *settings, text_visitor *visit, void *ctx)
{
	for (size_t i = 0; i < settings->count; i++) {
		struct setting *setting = &settings->items[i];
		visit(&setting->value.text, ctx);
		visit(&setting->value.variable, ctx);
		visit(&setting->scope, ctx);
	}
}

static void visit_app(struct audit_app *app, text_visitor *visit, void *ctx)
{
	visit(&app->path, ctx);
	visit(&app->version_at, ctx);
	for (size_t i = 0; i < app->row_count; i++) {
		visit(&app->rows[i].path, ctx);
		visit(&app->rows[i].line, ctx);
	}
	for (size_t i = 0; i < app->store_count; i++) {
		visit(&app->stores[i].path, ctx);
		visit(&app->stores[i].file, ctx);
		visit(&app->stores[i].started_in, ctx);
	}
}

static void visit_texts(struct audit *audit, text_visitor *visit, void *ctx)
{
	for (size_t i = 0; i < audit->file_count; i++) {
		visit(&audit->files[i].path, ctx);
		visit_settings(&audit->files[i].settings, visit, ctx);
	}
	for (size_t i = 0; i < audit->app_count; i++)
		visit_app(&audit->apps[i], visit, ctx);
	for (size_t i = 0; i < audit->skipped.skipped_count; i++) {
		visit(&audit->skipped.skipped[i].path, ctx);
		visit(&audit->skipped.skipped[i].detail, ctx);
	}
}

static void take_text(const char **text, void *ctx)
{
	if (*text)
		path_table_add(ctx, *text, strlen(*text));
}

static void mask_text(const char **text, void *ctx)
{
	*text = name_mask_text(ctx, *text);
}

int audit_secrets(struct name_mask **out, const struct audit *audit,
	const struct ruleset *rules, struct arena *arena, struct err *err)
{
	CLEANUP(path_table_clear) struct path_table texts = { 0 };
	CLEANUP(name_guard_freep) struct name_guard *guard = NULL;
	struct audit seen = *audit; /* take_text() changes nothing */
	visit_texts(&seen, take_text, &texts);
	int rc = name_guard_new(&guard, rules, err);
	return rc < 0 ? rc : name_guard_mask(out, guard, &texts, arena, err);
}

int audit_mask(
	struct audit *audit, const struct ruleset *rules, struct err *err)
{
	CLEANUP(name_mask_freep) struct name_mask *mask = NULL;
	int rc = audit_secrets(&mask, audit, rules, &audit->arena, err);
	if (rc == 0 && mask)
		visit_texts(audit, mask_text, mask);
	return rc;
}
