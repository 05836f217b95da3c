#include "rules/holds.h"

#include "base/cleanup.h"
#include "rules/evidence.h"
#include "rules/shape.h"

#include <string.h>

#define MAX_STEPS 4096
/* A cookie as browsers and tools export it has about a dozen. */
#define PAIR_MAX_ITEMS 32
#define KEY_MAX        64 /* longer keys have no name that says something */

/* Which values count under a key. */
enum shape {
	TEXT = 1 << 0, /* or bytes */
	NUMBER = 1 << 1,
	TREE = 1 << 2,  /* list, map or object */
	TRUTH = 1 << 3, /* true, 1, "true", "yes", "on", and nothing else */
	ROLE = 1 << 4,  /* the text names a role with rights */
};

enum place_in_key { EXACT, PREFIX, SUFFIX, ANYWHERE };

/*
 * Names of keys, after fold(). The first row that fits names the kind, so the
 * special stands before the general: a CSRF token is no access token.
 * Flask-Login, Flask-WTF, Django, Laravel, Passport, MSAL, Baileys and
 * others name theirs so.
 */
static const struct {
	unsigned bit; /* enum holds; 0: nothing */
	enum place_in_key place;
	const char *text;
	unsigned shapes;
	size_t min_len; /* of a text */
} keys[] = {
	{ 0, ANYWHERE, "expir", 0, 0 },
	{ 0, SUFFIX, "_type", 0, 0 },
	{ HOLDS_CSRF, ANYWHERE, "csrf", TEXT, 8 },
	{ HOLDS_CSRF, ANYWHERE, "xsrf", TEXT, 8 },
	{ HOLDS_CSRF, EXACT, "_token", TEXT, 40 },
	{ HOLDS_EMAIL, EXACT, "email", TEXT, 3 },
	{ HOLDS_EMAIL, EXACT, "mail", TEXT, 3 },
	{ HOLDS_EMAIL, EXACT, "e_mail", TEXT, 3 },
	{ HOLDS_EMAIL, SUFFIX, "_email", TEXT, 3 },
	{ HOLDS_EMAIL, SUFFIX, "email_address", TEXT, 3 },
	{ HOLDS_USER_ID, EXACT, "_user_id", TEXT | NUMBER, 1 },
	{ HOLDS_USER_ID, EXACT, "user_id", TEXT | NUMBER, 1 },
	{ HOLDS_USER_ID, EXACT, "userid", TEXT | NUMBER, 1 },
	{ HOLDS_USER_ID, EXACT, "uid", TEXT | NUMBER, 1 },
	{ HOLDS_USER_ID, EXACT, "_auth_user_id", TEXT | NUMBER, 1 },
	{ HOLDS_USER_ID, EXACT, "account_id", TEXT | NUMBER, 1 },
	{ HOLDS_USER_ID, EXACT, "member_id", TEXT | NUMBER, 1 },
	{ HOLDS_USER_ID, EXACT, "customer_id", TEXT | NUMBER, 1 },
	{ HOLDS_USER_ID, EXACT, "passport_user", TEXT | NUMBER | TREE, 1 },
	{ HOLDS_USER_ID, PREFIX, "login_web_", TEXT | NUMBER, 1 },
	{ HOLDS_PASSWORD, EXACT, "password", TEXT, 1 },
	{ HOLDS_PASSWORD, EXACT, "passwd", TEXT, 1 },
	{ HOLDS_PASSWORD, EXACT, "pwd", TEXT, 1 },
	{ HOLDS_PASSWORD, EXACT, "passphrase", TEXT, 1 },
	{ HOLDS_PASSWORD, PREFIX, "password_hash", TEXT, 1 },
	{ HOLDS_PASSWORD, SUFFIX, "_password", TEXT, 1 },
	{ HOLDS_PASSWORD, SUFFIX, "_passwd", TEXT, 1 },
	{ HOLDS_TOKEN, PREFIX, "oauth", TEXT | TREE, 8 },
	{ HOLDS_TOKEN, ANYWHERE, "token", TEXT | TREE, 8 },
	{ HOLDS_TOKEN, ANYWHERE, "api_key", TEXT, 8 },
	{ HOLDS_TOKEN, ANYWHERE, "apikey", TEXT, 8 },
	{ HOLDS_TOKEN, SUFFIX, "_secret", TEXT, 8 },
	{ HOLDS_TOKEN, EXACT, "authorization", TEXT, 8 },
	{ HOLDS_TOKEN, EXACT, "jwt", TEXT, 8 },
	{ HOLDS_KEY, EXACT, "private", TEXT | TREE, 8 },
	{ HOLDS_KEY, ANYWHERE, "private_key", TEXT | TREE, 8 },
	{ HOLDS_KEY, ANYWHERE, "secret_key", TEXT | TREE, 8 },
	{ HOLDS_KEY, ANYWHERE, "identity_key", TEXT | TREE, 8 },
	{ HOLDS_KEY, EXACT, "noise_key", TEXT | TREE, 8 },
	{ HOLDS_KEY, EXACT, "auth_key", TEXT | TREE, 8 },
	{ HOLDS_KEY, EXACT, "signing_key", TEXT | TREE, 8 },
	{ HOLDS_KEY, EXACT, "encryption_key", TEXT | TREE, 8 },
	{ HOLDS_KEY, EXACT, "secret", TEXT, 8 },
	{ HOLDS_ADMIN, EXACT, "admin", TRUTH, 0 },
	{ HOLDS_ADMIN, EXACT, "is_admin", TRUTH, 0 },
	{ HOLDS_ADMIN, EXACT, "isadmin", TRUTH, 0 },
	{ HOLDS_ADMIN, EXACT, "is_staff", TRUTH, 0 },
	{ HOLDS_ADMIN, EXACT, "is_superuser", TRUTH, 0 },
	{ HOLDS_ADMIN, EXACT, "superuser", TRUTH, 0 },
	{ HOLDS_ADMIN, EXACT, "role", ROLE, 0 },
	{ HOLDS_ADMIN, EXACT, "roles", ROLE, 0 },
	{ HOLDS_ADMIN, SUFFIX, "_role", ROLE, 0 },
	{ HOLDS_ADMIN, SUFFIX, "_roles", ROLE, 0 },
	{ HOLDS_ADMIN, EXACT, "group", ROLE, 0 },
	{ HOLDS_ADMIN, EXACT, "groups", ROLE, 0 },
	{ HOLDS_CART, EXACT, "cart", TEXT | NUMBER | TREE, 1 },
	{ HOLDS_CART, EXACT, "basket", TEXT | NUMBER | TREE, 1 },
	{ HOLDS_CART, PREFIX, "cart_", TEXT | NUMBER | TREE, 1 },
	{ HOLDS_CART, PREFIX, "basket_", TEXT | NUMBER | TREE, 1 },
	{ HOLDS_CART, SUFFIX, "_cart", TEXT | NUMBER | TREE, 1 },
	{ HOLDS_CART, SUFFIX, "_basket", TEXT | NUMBER | TREE, 1 },
	{ HOLDS_ADDRESS, EXACT, "ip", TEXT, 3 },
	{ HOLDS_ADDRESS, SUFFIX, "_ip", TEXT, 3 },
	{ HOLDS_ADDRESS, EXACT, "remote_addr", TEXT, 3 },
	{ HOLDS_ADDRESS, EXACT, "ipaddress", TEXT, 3 },
	{ HOLDS_ADDRESS, EXACT, "address", TEXT | TREE, 3 },
	{ HOLDS_ADDRESS, SUFFIX, "_address", TEXT | TREE, 3 },
	{ HOLDS_ADDRESS, EXACT, "street", TEXT, 3 },
	{ HOLDS_ADDRESS, EXACT, "postcode", TEXT, 3 },
	{ HOLDS_ADDRESS, EXACT, "postal_code", TEXT, 3 },
	{ HOLDS_NAME, EXACT, "name", TEXT, 1 },
	{ HOLDS_NAME, EXACT, "username", TEXT, 1 },
	{ HOLDS_NAME, EXACT, "user_name", TEXT, 1 },
	{ HOLDS_NAME, EXACT, "first_name", TEXT, 1 },
	{ HOLDS_NAME, EXACT, "last_name", TEXT, 1 },
	{ HOLDS_NAME, EXACT, "full_name", TEXT, 1 },
	{ HOLDS_NAME, EXACT, "display_name", TEXT, 1 },
	{ HOLDS_NAME, EXACT, "nickname", TEXT, 1 },
	{ HOLDS_SESSION_ID, EXACT, "sid", TEXT, 8 },
	{ HOLDS_SESSION_ID, SUFFIX, "_sid", TEXT, 8 },
	{ HOLDS_SESSION_ID, SUFFIX, "sessid", TEXT, 8 },
	{ HOLDS_SESSION_ID, SUFFIX, "sessionid", TEXT, 8 },
	{ HOLDS_SESSION_ID, SUFFIX, "session_id", TEXT, 8 },
	{ HOLDS_SESSION_ID, EXACT, "session_key", TEXT, 8 },
};

/* A key's name as the table writes it, or "". */
struct folded {
	char text[2 * KEY_MAX + 1];
	size_t len;
};

static bool is_upper(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

static bool is_lower(unsigned char byte)
{
	return byte >= 'a' && byte <= 'z';
}

/* "accessToken", "Access-Token" and "access_token" are one name. */
static void fold(struct folded *out, const unsigned char *bytes, size_t len)
{
	out->len = 0;
	for (size_t i = 0; i < len && len <= KEY_MAX; i++) {
		unsigned char byte = bytes[i];
		if (i && is_upper(byte) && is_lower(bytes[i - 1]))
			out->text[out->len++] = '_';
		if (is_upper(byte))
			byte |= 0x20;
		if (byte == '-' || byte == ' ' || byte == '.')
			byte = '_';
		out->text[out->len++] = (char)byte;
	}
	out->text[out->len] = '\0';
}

static bool is_truth(const struct value *value)
{
	static const char *const words[] = { "true", "True", "1", "yes", "on" };
	if (value->type == VALUE_BOOL || value->type == VALUE_INT)
		return value->number == 1;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (value_is_text(value, words[i]))
			return true;
	return false;
}

static bool is_mighty_role(const struct value *value)
{
	if (!value_is_bytes(value))
		return false;
	struct folded role;
	fold(&role, value->bytes, value->len);
	return strstr(role.text, "admin") || !strcmp(role.text, "root") ||
		!strcmp(role.text, "superuser") || !strcmp(role.text, "owner");
}

static bool has_shape(
	const struct value *value, unsigned shapes, size_t min_len)
{
	if (shapes & TRUTH)
		return is_truth(value);
	if (shapes & ROLE)
		return is_mighty_role(value);
	if (value_is_bytes(value))
		return shapes & TEXT && value->len >= min_len;
	if (value_is_tree(value))
		return shapes & TREE && value->count;
	return value->type == VALUE_INT && shapes & NUMBER &&
		(value->number || value->len);
}

static bool has_name(
	const struct folded *key, enum place_in_key place, const char *text)
{
	size_t len = strlen(text);
	switch (place) {
	case EXACT:
		return !strcmp(key->text, text);
	case PREFIX:
		return !strncmp(key->text, text, len);
	case SUFFIX:
		return key->len >= len &&
			!strcmp(key->text + key->len - len, text);
	case ANYWHERE:
		break;
	}
	return strstr(key->text, text);
}

/* The row of a key's name, or ARRAY_SIZE(keys). */
static size_t find_row(const struct folded *key)
{
	size_t i = key->len ? 0 : ARRAY_SIZE(keys);
	while (i < ARRAY_SIZE(keys) &&
		!has_name(key, keys[i].place, keys[i].text))
		i++;
	return i;
}

static unsigned holds_by_key(
	const struct folded *key, const struct value *value)
{
	size_t row = find_row(key);
	return row < ARRAY_SIZE(keys) &&
			has_shape(value, keys[row].shapes, keys[row].min_len)
		? keys[row].bit
		: 0;
}

unsigned holds_under(const unsigned char *key, size_t len)
{
	struct folded folded;
	fold(&folded, key, len);
	size_t row = find_row(&folded);
	return row < ARRAY_SIZE(keys) ? keys[row].bit : 0;
}

static unsigned holds_by_shape(const struct value *value)
{
	if (!value_is_bytes(value))
		return 0;
	if (shape_is_email(value->bytes, value->len))
		return HOLDS_EMAIL;
	return shape_is_jwt(value->bytes, value->len) ? HOLDS_TOKEN : 0;
}

struct walk {
	size_t steps_left;
	unsigned holds;
};

static void walk_item(struct walk *walk, const struct folded *key,
	const struct value *value, int depth);

bool holds_pair(const struct value **name, const struct value **value,
	const struct value *map)
{
	if (map->type != VALUE_MAP || map->count > PAIR_MAX_ITEMS)
		return false;
	*name = value_get(map, "name");
	*value = value_get(map, "value");
	return *name && *value && value_is_bytes(*name);
}

/* The key of an item: its own, or in a list that of the list. */
static void fold_key(struct folded *out, const struct folded *parent,
	const struct value_item *item)
{
	if (!item->key)
		*out = *parent;
	else if (value_is_bytes(item->key))
		fold(out, item->key->bytes, item->key->len);
	else
		fold(out, NULL, 0);
	/* "user" says who is logged in only where Passport.js put it */
	if (!strcmp(parent->text, "passport") && !strcmp(out->text, "user"))
		fold(out, (const unsigned char *)"passport_user", 13);
}

static void walk_tree(struct walk *walk, const struct folded *key,
	const struct value *tree, int depth)
{
	const struct value *name, *value;
	struct folded own;
	if (holds_pair(&name, &value, tree)) {
		fold(&own, name->bytes, name->len);
		walk_item(walk, &own, value, depth);
		return;
	}
	for (size_t i = 0; i < tree->count && walk->steps_left; i++) {
		fold_key(&own, key, &tree->items[i]);
		walk_item(walk, &own, tree->items[i].value, depth);
	}
}

/* Goes HOLDS_MAX_DEPTH levels deep at most. */
static void walk_item(struct walk *walk, const struct folded *key,
	const struct value *value, int depth)
{
	if (!value || !walk->steps_left)
		return;
	walk->steps_left--;
	walk->holds |= holds_by_key(key, value) | holds_by_shape(value);
	if (value_is_tree(value) && depth < HOLDS_MAX_DEPTH)
		walk_tree(walk, key, value, depth + 1);
}

unsigned holds_in(const struct value *root)
{
	struct walk walk = { .steps_left = MAX_STEPS };
	struct folded no_key = { .len = 0 };
	if (root)
		walk_item(&walk, &no_key, root, 0);
	return walk.holds;
}
