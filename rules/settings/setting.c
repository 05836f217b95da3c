#include "rules/settings/setting.h"

#include "rules/settings/recorder.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* How the last component of a path fits a text, in either case. */
enum fit { BEGINS, ENDS, HAS, IS };

static bool fits(enum fit fit, const char *text, const char *name, size_t len)
{
	size_t text_len = strlen(text);
	if (len < text_len)
		return false;
	switch (fit) {
	case BEGINS:
		return !strncasecmp(name, text, text_len);
	case ENDS:
		return !strcasecmp(name + len - text_len, text);
	case HAS:
		return strcasestr(name, text);
	case IS:
		break;
	}
	return !strcasecmp(name, text);
}

int settings_format(const char *path)
{
	static const struct {
		enum fit fit;
		const char *text;
		int format;
	} formats[] = {
		{ ENDS, ".py", SETTINGS_PYTHON },
		{ ENDS, ".cfg", SETTINGS_PYTHON },
		{ ENDS, ".conf", SETTINGS_PYTHON },
		{ ENDS, ".wsgi", SETTINGS_PYTHON },
		{ ENDS, ".js", SETTINGS_JAVASCRIPT },
		{ ENDS, ".cjs", SETTINGS_JAVASCRIPT },
		{ ENDS, ".mjs", SETTINGS_JAVASCRIPT },
		{ ENDS, ".ts", SETTINGS_JAVASCRIPT },
		{ ENDS, ".php", SETTINGS_PHP },
		{ ENDS, ".rb", SETTINGS_RUBY },
		{ ENDS, ".json", SETTINGS_JSON },
		{ BEGINS, ".env", SETTINGS_ENV },
		{ ENDS, ".env", SETTINGS_ENV },
		{ HAS, ".env.", SETTINGS_ENV },
		{ BEGINS, ".flaskenv", SETTINGS_ENV },
		{ BEGINS, "dockerfile", SETTINGS_ENV },
		{ ENDS, ".dockerfile", SETTINGS_ENV },
		{ IS, "containerfile", SETTINGS_ENV },
		{ BEGINS, "procfile", SETTINGS_ENV },
		{ ENDS, ".service", SETTINGS_ENV },
		{ ENDS, ".yml", SETTINGS_YAML },
		{ ENDS, ".yaml", SETTINGS_YAML },
		{ ENDS, ".toml", SETTINGS_TOML },
		{ ENDS, ".ini", SETTINGS_INI },
		{ IS, ".htaccess", SETTINGS_INI },
	};
	const char *name = last_component(path);
	size_t len = strlen(name);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (fits(formats[i].fit, formats[i].text, name, len))
			return formats[i].format;
	return SETTINGS_NONE;
}

bool settings_format_has(int format, int framework)
{
	switch (format) {
	case SETTINGS_PYTHON:
		return framework == FRAMEWORK_FLASK ||
			framework == FRAMEWORK_DJANGO ||
			framework == FRAMEWORK_PHP; /* *.conf as an INI */
	case SETTINGS_JAVASCRIPT:
		return framework == FRAMEWORK_EXPRESS;
	case SETTINGS_PHP:
		return framework == FRAMEWORK_PHP ||
			framework == FRAMEWORK_LARAVEL;
	case SETTINGS_RUBY:
		return framework == FRAMEWORK_RAILS;
	case SETTINGS_INI:
		return framework == FRAMEWORK_PHP ||
			framework == FRAMEWORK_FLASK;
	case SETTINGS_JSON:
	case SETTINGS_TOML:
		return framework == FRAMEWORK_FLASK;
	case SETTINGS_ENV:
	case SETTINGS_YAML:
		return framework == FRAMEWORK_FLASK ||
			framework == FRAMEWORK_LARAVEL ||
			framework == FRAMEWORK_SYMFONY;
	default:
		return false;
	}
}

/* The end of the word that starts at `text`: DevConfig has two, dev_config
 * too. */
static const char *word_end(const char *text)
{
	const char *at = text;
	while (isalpha((unsigned char)*at) &&
		(at == text || !isupper((unsigned char)*at) ||
			isupper((unsigned char)at[-1])))
		at++;
	return at;
}

static bool is_development_word(const char *word, size_t len)
{
	static const char *const words[] = { "dev", "devel", "develop",
		"development", "test", "tests", "testing", "conftest", "local",
		"debug", "example", "examples", "sample", "mock", "template",
		"dist" };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == len &&
			!strncasecmp(words[i], word, len))
			return true;
	return false;
}

static bool has_development_word(const char *text)
{
	while (*text) {
		const char *end = word_end(text);
		if (end > text &&
			is_development_word(text, (size_t)(end - text)))
			return true;
		text = end > text ? end : text + 1;
	}
	return false;
}

bool settings_path_is_development(const char *path)
{
	return has_development_word(path);
}

bool settings_class_is_development(const char *name)
{
	return has_development_word(name);
}

void settings_clear(struct settings *settings)
{
	arena_clear(&settings->arena);
	free(settings->items);
	free(settings->classes);
	free(settings->sources);
	*settings = (struct settings){ 0 };
}

/* A .cfg or .conf can be an INI file: its first line of substance says so. */
static bool starts_with_section(const unsigned char *bytes, size_t len)
{
	size_t at = 0;
	while (at < len &&
		(isspace(bytes[at]) || bytes[at] == '#' || bytes[at] == ';')) {
		bool comment = !isspace(bytes[at]);
		while (comment && at < len && bytes[at] != '\n')
			at++;
		at += at < len;
	}
	return at < len && bytes[at] == '[';
}

typedef void read_format(struct recorder *recorder);

void settings_read(struct settings *out, const char *path,
	const unsigned char *bytes, size_t len)
{
	static read_format *const readers[] = {
		[SETTINGS_PYTHON] = python_read,
		[SETTINGS_JAVASCRIPT] = javascript_read,
		[SETTINGS_PHP] = php_read,
		[SETTINGS_RUBY] = ruby_read,
		[SETTINGS_JSON] = json_read,
		[SETTINGS_ENV] = env_read,
		[SETTINGS_YAML] = yaml_read,
		[SETTINGS_TOML] = toml_read,
		[SETTINGS_INI] = ini_read,
	};
	*out = (struct settings){ 0 };
	int format = settings_format(path);
	if (format == SETTINGS_NONE || !len)
		return;
	if (format == SETTINGS_PYTHON && starts_with_section(bytes, len))
		format = SETTINGS_INI;
	out->truncated = len > LEX_MAX_BYTES;
	struct recorder recorder = {
		.out = out,
		.path = path,
		.bytes = bytes,
		.len = out->truncated ? LEX_MAX_BYTES : len,
		.development = settings_path_is_development(path),
		.file = { .arena = &out->arena, .path = path },
		.nodes_left = EXPR_MAX_NODES,
	};
	readers[format](&recorder);
	record_end(&recorder);
}
