#include "rules/settings/setting.h"

#include "rules/settings/recorder.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

int settings_format(const char *path)
{
	static const struct {
		const char *glob; /* of the last component, in lower case */
		int format;
	} formats[] = {
		{ "*.py", SETTINGS_PYTHON },
		{ "*.cfg", SETTINGS_PYTHON },
		{ "*.conf", SETTINGS_PYTHON },
		{ "*.wsgi", SETTINGS_PYTHON },
		{ "*.js", SETTINGS_JAVASCRIPT },
		{ "*.[cm]js", SETTINGS_JAVASCRIPT },
		{ "*.ts", SETTINGS_JAVASCRIPT },
		{ "*.php", SETTINGS_PHP },
		{ "*.rb", SETTINGS_RUBY },
		{ "*.json", SETTINGS_JSON },
		{ ".env*", SETTINGS_ENV },
		{ "*.env", SETTINGS_ENV },
		{ "*.env.*", SETTINGS_ENV },
		{ ".flaskenv*", SETTINGS_ENV },
		{ "dockerfile*", SETTINGS_ENV },
		{ "*.dockerfile", SETTINGS_ENV },
		{ "containerfile", SETTINGS_ENV },
		{ "procfile*", SETTINGS_ENV },
		{ "*.service", SETTINGS_ENV },
		{ "*.yml", SETTINGS_YAML },
		{ "*.yaml", SETTINGS_YAML },
		{ "*.toml", SETTINGS_TOML },
		{ "*.ini", SETTINGS_INI },
		{ ".htaccess", SETTINGS_INI },
	};
	const char *name = last_component(path);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (!fnmatch(formats[i].glob, name, FNM_CASEFOLD))
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
