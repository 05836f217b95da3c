/* Key names by which sessions are told from other maps. */
#include "rules/decoders/session_hints.h"

#include "base/cleanup.h"

#include <string.h>

#define MAX_KEYS       ((size_t)1000) /* looked at */
#define LOGIN_HASH_LEN 128            /* Flask-Login's _id: SHA-512, hex */

static bool key_is_any(
	const struct value *key, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (value_is_text(key, names[i]))
			return true;
	return false;
}

static bool key_has_affix(const struct value *key)
{
	static const char prefix[] = "oauth_";
	static const char suffix[] = "_token";
	const size_t len = sizeof(prefix) - 1; /* of both */
	return key->type == VALUE_TEXT && key->len > len &&
		(!memcmp(key->bytes, prefix, len) ||
			!memcmp(key->bytes + key->len - len, suffix, len));
}

/** Written by Flask, Flask-Login, Flask-WTF, MSAL, OAuth clients, Rails. */
static bool is_strong(const struct value *key, const struct value *value)
{
	static const char *const names[] = { "_permanent", "_flashes",
		"_user_id", "user_id", "_fresh", "_remember", "csrf_token",
		"_csrf_token", "token_cache", "session_id", "logged_in",
		"loggedin", "warden.user.user.key" };
	/* "_id" alone is what MongoDB calls a primary key */
	if (value_is_text(key, "_id"))
		return value->type == VALUE_TEXT &&
			value->len == LOGIN_HASH_LEN;
	return key_is_any(key, names, ARRAY_SIZE(names)) || key_has_affix(key);
}

static bool is_weak(const struct value *key)
{
	static const char *const names[] = { "state", "next", "email",
		"username", "password", "is_admin", "role", "user", "account" };
	return key_is_any(key, names, ARRAY_SIZE(names));
}

bool session_keys_confirm(const struct value *map)
{
	size_t weak = 0;
	for (size_t i = 0; i < map->count && i < MAX_KEYS; i++) {
		const struct value_item *item = &map->items[i];
		if (!item->key)
			continue;
		if (is_strong(item->key, item->value))
			return true;
		weak += is_weak(item->key);
	}
	return weak >= 2;
}

bool session_keys_are_text(const struct value *map)
{
	for (size_t i = 0; i < map->count; i++)
		if (!map->items[i].key || map->items[i].key->type != VALUE_TEXT)
			return false;
	return true;
}

const char *session_file_name(const char *path)
{
	if (!path)
		return "";
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

bool session_name_matches(
	const char *text, const char *prefix, size_t len, const char *alphabet)
{
	size_t prefix_len = strlen(prefix);
	return !strncmp(text, prefix, prefix_len) &&
		strlen(text) == prefix_len + len &&
		strspn(text + prefix_len, alphabet) == len;
}
