#include "remedy/settings_edit.h"

#include "rules/settings/setting_text.h"

#include <stdlib.h>
#include <string.h>

#define NO_PLACE "its value does not stand in one place of the file"

static bool is_python_form(int form)
{
	return form == FORM_ITEM || form == FORM_NAME || form == FORM_ATTRIBUTE;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static bool has_place(const struct setting *setting, size_t len)
{
	return setting->value_end > setting->value_start &&
		setting->value_end <= len &&
		setting->start <= setting->value_start;
}

/* a = b = value: the value is also that of something else. */
static bool is_shared(const char *bytes, const struct setting *setting)
{
	if (!is_python_form(setting->form) || setting->is_default)
		return false;
	size_t before = setting->start;
	while (before && is_blank(bytes[before - 1]))
		before--;
	size_t equals = before && bytes[before - 1] == '=' ? 2 : 0;
	for (size_t i = setting->start; i < setting->value_start; i++)
		equals += bytes[i] == '=';
	return equals > 1;
}

/* The value in the notation of the form. `quote` replaces the quotes of a
 * text; in a file without types it stands around any value. */
static char *value_text(struct arena *arena, const struct setting *like,
	const char *recommended, char quote)
{
	CLEANUP(buf_clear) struct buf value;
	buf_init(&value, 0);
	setting_value_in(&value, like->framework, recommended, like->form);
	size_t len = value.len;
	bool text = len >= 2 && value.bytes[0] == '\'' &&
		value.bytes[len - 1] == '\'';
	if (text && quote) {
		value.bytes[0] = quote;
		value.bytes[len - 1] = quote;
	}
	bool untyped = like->form == FORM_ENV || like->form == FORM_YAML ||
		like->form == FORM_INI;
	if (untyped && quote)
		return arena_printf(arena, "%c%s%c", quote, value.bytes, quote);
	return arena_strdup(arena, value.bytes);
}

static char quote_at(const char *bytes, size_t at)
{
	char first = bytes[at];
	if (first == '"' || first == '\'')
		return first;
	return '\0';
}

const char *settings_edit_value(struct settings_edit *out, struct arena *arena,
	const char *bytes, size_t len, const struct setting *setting,
	const char *recommended)
{
	if (!has_place(setting, len))
		return NO_PLACE;
	if (is_shared(bytes, setting))
		return "the same value is assigned to something else";
	*out = (struct settings_edit){
		.start = setting->value_start,
		.end = setting->value_end,
		.text = value_text(arena, setting, recommended,
			quote_at(bytes, setting->value_start)),
	};
	return NULL;
}

/* Parts of the line that a new one is made after, as offsets. */
struct model {
	size_t start;     /* of the line */
	size_t name, end; /* of the name in it */
	size_t value;
	size_t value_end;
	size_t rest; /* the end of the line, without line end */
};

static bool find_model(struct model *out, const char *bytes, size_t len,
	const struct setting *like)
{
	struct model model = {
		.start = like->start,
		.value = like->value_start,
		.value_end = like->value_end,
		.rest = like->value_end,
	};
	while (model.start && bytes[model.start - 1] != '\n')
		model.start--;
	while (model.rest < len && bytes[model.rest] != '\n')
		model.rest++;
	if (model.rest < len && model.rest && bytes[model.rest - 1] == '\r')
		model.rest--;
	const char *name =
		memmem(bytes + like->start, model.value - like->start,
			like->spelled, strlen(like->spelled));
	if (!name ||
		memchr(bytes + like->start, '\n', model.value - like->start))
		return false;
	model.name = (size_t)(name - bytes);
	model.end = model.name + strlen(like->spelled);
	*out = model;
	return true;
}

/* What may stand before the name: the line's indent, and in files without
 * types a word or a quote that the new line needs too. */
static bool is_plain_before(const char *bytes, const struct model *model,
	const struct setting *like)
{
	static const char *const words[] = { "", "export ",
		"Environment=", "- ", "\"", "'", "- \"", "- '",
		"Environment=\"" };
	size_t at = model->start;
	while (at < like->start && is_blank(bytes[at]))
		at++;
	size_t len = like->start - at;
	size_t count = is_python_form(like->form) ? 1 : ARRAY_SIZE(words);
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == len &&
			!memcmp(words[i], bytes + at, len))
			return true;
	return false;
}

/* Between name and value: nothing but signs that every setting has. */
static bool is_plain_between(const char *bytes, const struct model *model)
{
	for (size_t i = model->end; i < model->value; i++)
		if (!strchr("=:]\"' \t", bytes[i]) || !bytes[i])
			return false;
	return true;
}

/* Behind the value: a quote around the whole, then a comment at most. */
static bool is_plain_behind(size_t *kept, const char *bytes,
	const struct model *model, const struct setting *like)
{
	size_t at = model->value_end;
	*kept = at;
	if (at < model->rest && quote_at(bytes, at))
		*kept = ++at;
	while (at < model->rest && is_blank(bytes[at]))
		at++;
	return at == model->rest || bytes[at] == '#' ||
		(bytes[at] == ';' && like->form == FORM_INI);
}

static const char *line_end(const char *bytes, size_t len)
{
	const char *end = memchr(bytes, '\n', len);
	return end && end > bytes && end[-1] == '\r' ? "\r\n" : "\n";
}

const char *settings_edit_add(struct settings_edit *out, struct arena *arena,
	const char *bytes, size_t len, const struct setting *like,
	const char *key, const char *recommended)
{
	struct model model;
	size_t kept;
	if (!has_place(like, len) || !find_model(&model, bytes, len, like) ||
		!is_plain_before(bytes, &model, like) ||
		!is_plain_between(bytes, &model) ||
		!is_plain_behind(&kept, bytes, &model, like))
		return "no line shows how this file writes a setting of its own";
	bool prefixed = !strncmp(like->spelled, "FLASK_", 6);
	char quote = quote_at(bytes, model.value);
	if (like->form == FORM_ITEM)
		quote = quote_at(bytes, model.end);
	const char *value = value_text(arena, like, recommended, quote);
	const char *last = strrchr(key, '.');
	if (last && like->framework == FRAMEWORK_SYMFONY)
		key = last + 1;
	CLEANUP(buf_clear) struct buf line;
	buf_init(&line, 0);
	buf_add_text(&line, line_end(bytes, len));
	buf_add(&line, bytes + model.start, model.name - model.start);
	buf_printf(&line, "%s%s", prefixed ? "FLASK_" : "", key);
	buf_add(&line, bytes + model.end, model.value - model.end);
	buf_add_text(&line, value);
	buf_add(&line, bytes + model.value_end, kept - model.value_end);
	*out = (struct settings_edit){
		.start = model.rest,
		.end = model.rest,
		.text = arena_strdup(arena, line.bytes),
	};
	return NULL;
}

/* New lines of one place keep the order in which they were asked for, which
 * is that of the rows. */
static int compare_edits(const void *left, const void *right)
{
	const struct settings_edit *a = left;
	const struct settings_edit *b = right;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

bool settings_edit_apply(struct buf *out, const char *bytes, size_t len,
	struct settings_edit *edits, size_t count)
{
	size_t at = 0;
	if (count)
		qsort(edits, count, sizeof(*edits), compare_edits);
	for (size_t i = 0; i < count; i++) {
		const struct settings_edit *edit = &edits[i];
		const struct settings_edit *last = i ? edit - 1 : NULL;
		if (last && edit->end > edit->start &&
			last->start == edit->start && last->end == edit->end &&
			!strcmp(last->text, edit->text))
			continue;
		if (edit->start < at)
			return false;
		buf_add(out, bytes + at, edit->start - at);
		buf_add_text(out, edit->text);
		at = edit->end;
	}
	buf_add(out, bytes + at, len - at);
	return true;
}
