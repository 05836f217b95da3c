/*
 * Settings of the environment: GIT_CONFIG_COUNT with its keys and values, and
 * GIT_CONFIG_PARAMETERS, in which git hands down what `git -c` was given: a
 * list of 'key=value' (before git 2.31) or 'key'='value', quoted for a shell
 * (git's config.c, git_config_from_parameters()).
 */
#include "base/buf.h"
#include "scanner/config.h"

#include <stdlib.h>
#include <string.h>

#define MAX_COUNT 1000
#define ORIGIN    "command line:"

static int add_counted(struct config *config, struct err *err)
{
	const char *text = getenv("GIT_CONFIG_COUNT");
	if (!text || !*text)
		return 0;
	char *end;
	unsigned long count = strtoul(text, &end, 10);
	if (*end || count > MAX_COUNT)
		return err_set(err, ERR_PARSE, "bogus GIT_CONFIG_COUNT");
	for (unsigned long i = 0; i < count; i++) {
		char name[64];
		snprintf(name, sizeof(name), "GIT_CONFIG_KEY_%lu", i);
		const char *key = getenv(name);
		snprintf(name, sizeof(name), "GIT_CONFIG_VALUE_%lu", i);
		const char *value = getenv(name);
		if (!key || !value)
			return err_set(err, ERR_PARSE,
				"GIT_CONFIG_COUNT is %lu, but there is no "
				"GIT_CONFIG_%s_%lu",
				count, key ? "VALUE" : "KEY", i);
		config_add(config, key, value, CONFIG_COMMAND, ORIGIN);
	}
	return 0;
}

/** Takes one word in '' off, where '\'' and '\!' stand for ' and !. */
static bool take_quoted(struct buf *out, const char **at)
{
	buf_reset(out);
	if (**at != '\'')
		return false;
	for (const char *from = *at + 1;;) {
		const char *quote = strchr(from, '\'');
		if (!quote)
			return false;
		buf_add(out, from, (size_t)(quote - from));
		if (quote[1] != '\\' || (quote[2] != '\'' && quote[2] != '!') ||
			quote[3] != '\'') {
			*at = quote + 1;
			return true;
		}
		buf_add_byte(out, (unsigned char)quote[2]);
		from = quote + 4;
	}
}

static bool take_parameter(struct config *config, const char **at,
	struct buf *key, struct buf *value)
{
	if (!take_quoted(key, at))
		return false;
	if (**at == '=') {
		++*at;
		buf_reset(value);
		if (**at == '\'' && !take_quoted(value, at))
			return false;
		config_add(config, key->bytes ? key->bytes : "",
			value->len ? value->bytes : "", CONFIG_COMMAND, ORIGIN);
		return true;
	}
	char *equals = key->bytes ? strchr(key->bytes, '=') : NULL;
	if (equals)
		*equals = '\0';
	config_add(config, key->bytes ? key->bytes : "",
		equals ? equals + 1 : "true", CONFIG_COMMAND, ORIGIN);
	return true;
}

static int add_parameters(struct config *config, struct err *err)
{
	const char *at = getenv("GIT_CONFIG_PARAMETERS");
	CLEANUP(buf_clear) struct buf key;
	CLEANUP(buf_clear) struct buf value;
	buf_init(&key, 0);
	buf_init(&value, 0);
	while (at && *at) {
		if (*at == ' ') {
			at++;
			continue;
		}
		if (!take_parameter(config, &at, &key, &value))
			return err_set(err, ERR_PARSE,
				"bogus format in GIT_CONFIG_PARAMETERS");
	}
	return 0;
}

int config_add_environment(struct config *config, struct err *err)
{
	int rc = add_counted(config, err);
	return rc < 0 ? rc : add_parameters(config, err);
}
