#include "rules/settings/setting_text.h"

#include "base/array.h"
#include "rules/settings/eval.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Appends a time as people say it: "1 hour", "31 days", "90 minutes". */
static void duration_text(struct buf *out, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {
		{ 86400, "day" },
		{ 3600, "hour" },
		{ 60, "minute" },
		{ 1, "second" },
	};
	size_t unit = 0;
	while (unit + 1 < ARRAY_SIZE(units) &&
		(seconds % units[unit].seconds != 0 ||
			seconds < units[unit].seconds))
		unit++;
	int64_t count = seconds / units[unit].seconds;
	buf_printf(out, "%" PRId64 " %s%s", count, units[unit].name,
		count == 1 ? "" : "s");
}

static bool is_python(int framework)
{
	return framework == FRAMEWORK_FLASK || framework == FRAMEWORK_DJANGO;
}

static const struct known_setting *known_of(const struct setting *setting)
{
	return known_setting_find(setting->framework, setting->key);
}

/* A mode as octal; one that was written in decimal by mistake says so. */
static void add_mode(struct buf *out, const struct setting_value *value)
{
	if (value->octal)
		buf_printf(out, "0o%" PRIo64, (uint64_t)value->number);
	else
		buf_printf(out, "%" PRId64 " (decimal: 0o%" PRIo64 ")",
			value->number, (uint64_t)value->number);
}

static void add_number(struct buf *out, const struct setting *setting)
{
	const struct setting_value *value = &setting->value;
	int unit = known_of(setting)->unit;
	if (unit == UNIT_MODE) {
		add_mode(out, value);
		return;
	}
	buf_printf(out, "%" PRId64, value->number);
	if (unit == UNIT_SECONDS && value->number > 60) {
		buf_add_text(out, " (");
		duration_text(out, value->number);
		buf_add_text(out, ")");
	}
}

static void add_path(struct buf *out, const struct setting_value *value)
{
	static const char *const bases[] = {
		[PATH_ABSOLUTE] = "",
		[PATH_FILE] = "<folder of this file>/",
		[PATH_WORKING] = "<working directory>/",
		[PATH_INSTANCE] = "<instance folder>/",
		[PATH_TEMPORARY] = "<temporary directory>/",
		[PATH_HOME] = "<home directory>/",
	};
	const char *text = value->text;
	while (value->base != PATH_ABSOLUTE && !strncmp(text, "./", 2))
		text += 2;
	buf_printf(out, "%s%.*s", bases[value->base], SETTING_SHOWN, text);
}

static void add_word(struct buf *out, const struct setting *setting)
{
	bool python = is_python(setting->framework);
	if (setting->value.type == SETTING_NONE)
		buf_add_text(out, python ? "None" : "null");
	else if (setting->value.number)
		buf_add_text(out, python ? "True" : "true");
	else
		buf_add_text(out, python ? "False" : "false");
}

static void add_plain(struct buf *out, const struct setting *setting)
{
	const struct setting_value *value = &setting->value;
	switch (value->type) {
	case SETTING_NONE:
	case SETTING_BOOL:
		add_word(out, setting);
		break;
	case SETTING_INT:
		add_number(out, setting);
		break;
	case SETTING_DURATION:
		duration_text(out, value->number);
		break;
	case SETTING_TEXT:
		buf_printf(out, "'%.*s'", SETTING_SHOWN, value->text);
		break;
	case SETTING_PATH:
		add_path(out, value);
		break;
	case SETTING_LIST:
		buf_printf(out, "a list of %" PRId64, value->number);
		break;
	default:
		if (known_of(setting)->secret && value->variable)
			buf_printf(out, "taken from %s", value->text);
		else
			buf_printf(out, "not known: %s", value->text);
	}
}

void setting_value_text(struct buf *out, const struct setting *setting)
{
	const struct setting_value *value = &setting->value;
	bool literal = value->type == SETTING_TEXT ||
		value->type == SETTING_INT || value->type == SETTING_LIST;
	if (known_of(setting)->secret && literal)
		buf_add_text(out, "a literal (withheld)");
	else
		add_plain(out, setting);
	if (value->variable && value->type != SETTING_UNRESOLVED)
		buf_printf(out, " unless %.40s is set", value->variable);
}

/* What stands between quotes: 'Lax' as Lax. */
static void add_unquoted(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	bool quoted = len >= 2 && text[0] == '\'' && text[len - 1] == '\'';
	buf_add(out, text + quoted, len - 2 * (size_t)quoted);
}

/* The value of a Python expression in other notations: JSON, TOML, YAML and
 * variables of the environment have no timedelta and no octal numbers that
 * all of them take. */
static void add_data_value(struct buf *out, const char *text, int form)
{
	bool quotes =
		text[0] == '\'' && (form == FORM_JSON || form == FORM_TOML);
	if (!strcmp(text, "True") || !strcmp(text, "False")) {
		buf_add_text(out, text[0] == 'T' ? "true" : "false");
		return;
	}
	if (!strncmp(text, "0o", 2)) {
		buf_printf(out, "%ld", strtol(text + 2, NULL, 8));
		return;
	}
	buf_add_text(out, quotes ? "\"" : "");
	add_unquoted(out, text);
	buf_add_text(out, quotes ? "\"" : "");
}

/* The name that a correction uses: as the file spells it when it is of the
 * same key, else the key with the prefix that the file's variables have. */
static const char *name_for(
	const char *key, const struct setting *like, const char **prefix)
{
	*prefix = "";
	if (like && !strcmp(like->key, key))
		return like->spelled;
	if (like && !strncmp(like->spelled, "FLASK_", 6))
		*prefix = "FLASK_";
	return key;
}

static void add_target(
	struct buf *out, const struct setting *like, const char *fallback)
{
	buf_add_text(out, like && like->target ? like->target : fallback);
}

static void add_python_line(struct buf *out, const char *key, const char *value,
	const struct setting *like, int form)
{
	switch (form) {
	case FORM_KEYWORD:
		buf_printf(out, "%s=%s,", key, value);
		break;
	case FORM_PAIR:
		buf_printf(out, "'%s': %s,", key, value);
		break;
	case FORM_NAME:
		buf_printf(out, "%s = %s", key, value);
		break;
	case FORM_ATTRIBUTE:
		add_target(out, like, "app");
		buf_printf(out, ".%s = %s", key, value);
		break;
	default:
		add_target(out, like, "app.config");
		buf_printf(out, "['%s'] = %s", key, value);
	}
}

static void add_data_line(struct buf *out, const char *prefix, const char *key,
	const char *value, int form)
{
	static const char *const between[] = {
		[FORM_ENV] = "=",
		[FORM_YAML] = ": ",
		[FORM_TOML] = " = ",
		[FORM_JSON] = "\": ",
		[FORM_INI] = " = ",
	};
	buf_printf(out, "%s%s%s%s", form == FORM_JSON ? "\"" : "", prefix, key,
		between[form]);
	add_data_value(out, value, form);
	if (form == FORM_JSON)
		buf_add_text(out, ",");
}

/* An attribute, or an argument or entry with a name of its own, can be the
 * example for its own key alone. */
static bool can_be_like(const struct setting *like, const char *key)
{
	bool own_name = strcmp(like->key, like->spelled) != 0;
	bool special = like->form == FORM_ATTRIBUTE ||
		(own_name &&
			(like->form == FORM_KEYWORD ||
				like->framework == FRAMEWORK_PHP));
	return !special || !strcmp(like->key, key);
}

/* The usual form of a framework, where no setting shows another one. */
static int usual_form(int framework)
{
	static const int forms[FRAMEWORK_COUNT] = {
		[FRAMEWORK_FLASK] = FORM_ITEM,
		[FRAMEWORK_DJANGO] = FORM_NAME,
		[FRAMEWORK_EXPRESS] = FORM_PAIR,
		[FRAMEWORK_LARAVEL] = FORM_ENV,
		[FRAMEWORK_SYMFONY] = FORM_YAML,
		[FRAMEWORK_PHP] = FORM_INI,
		[FRAMEWORK_RAILS] = FORM_KEYWORD,
	};
	return forms[framework];
}

static void add_script_line(struct buf *out, const char *key, const char *value,
	int framework, int form)
{
	const char *dot = strrchr(key, '.');
	const char *name = dot && framework != FRAMEWORK_PHP ? dot + 1 : key;
	if (framework == FRAMEWORK_PHP && form == FORM_CALL)
		buf_printf(out, "ini_set('%s', %s);", key, value);
	else if (framework == FRAMEWORK_PHP || framework == FRAMEWORK_LARAVEL)
		buf_printf(out, "'%s' => %s,", name, value);
	else if (framework == FRAMEWORK_EXPRESS && dot)
		buf_printf(out, "cookie: { %s: %s }", name, value);
	else
		buf_printf(out, "%s: %s,", name, value);
}

static bool is_data(int form)
{
	return form == FORM_ENV || form == FORM_YAML || form == FORM_TOML ||
		form == FORM_JSON || form == FORM_INI;
}

void setting_value_in(
	struct buf *out, int framework, const char *recommended, int form)
{
	if (is_data(form) || framework == FRAMEWORK_LARAVEL)
		add_data_value(out, recommended, form);
	else
		buf_add_text(out, recommended);
}

void setting_line(struct buf *out, int framework, const char *key,
	const char *recommended, const struct setting *like)
{
	if (like && !can_be_like(like, key))
		like = NULL;
	const char *prefix;
	int form = like ? like->form : usual_form(framework);
	const char *name = name_for(key, like, &prefix);
	bool data = is_data(form);
	if (data && framework == FRAMEWORK_SYMFONY && strrchr(name, '.'))
		name = strrchr(name, '.') + 1;
	if (data)
		add_data_line(out, prefix, name, recommended, form);
	else if (is_python(framework))
		add_python_line(out, name, recommended, like, form);
	else
		add_script_line(out,
			framework == FRAMEWORK_EXPRESS ? key : name,
			recommended, framework, form);
}
