#include "cmd/settings.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

const char *setting_text(
	const struct cmd_env *env, struct repo *repo, const char *key)
{
	struct buf name;
	buf_init(&name, 0);
	buf_printf(&name, "hygiene.%s", key);
	const char *value = NULL;
	for (const char *const *at = env->settings; *at; at++)
		if (!strncasecmp(*at, name.bytes, name.len) &&
			(*at)[name.len] == '=')
			value = *at + name.len + 1;
	if (!value)
		value = repo_config_text(repo, name.bytes);
	buf_clear(&name);
	return value;
}
