#include "base/cleanup.h"
#include "rules/evidence.h"
#include "rules/holds.h"
#include "tests/support/test.h"

#include <string.h>

static const struct decoder decoder = { .name = "example" };

/* A tree under construction. */
struct tree {
	struct arena arena;
	struct value_builder builder;
};

static struct tree new_tree(void)
{
	struct tree tree = { .builder = { .values_left = VALUE_MAX_COUNT } };
	return tree;
}

static struct value *text(struct tree *tree, const char *bytes)
{
	tree->builder.arena = &tree->arena;
	return value_text(&tree->builder, bytes, strlen(bytes));
}

static struct value *number(struct tree *tree, int64_t value)
{
	tree->builder.arena = &tree->arena;
	return value_int(&tree->builder, value);
}

static struct value *make(struct tree *tree, enum value_type type)
{
	tree->builder.arena = &tree->arena;
	return value_new(&tree->builder, type);
}

static void put(struct tree *tree, struct value *map, const char *key,
	struct value *value)
{
	assert_true(value_add(&tree->builder, map, text(tree, key), value));
}

static void append(struct tree *tree, struct value *list, struct value *value)
{
	assert_true(value_add(&tree->builder, list, NULL, value));
}

static const struct evidence *of(struct tree *tree, struct value *root)
{
	const struct decoded decoded = { .kind = "session", .root = root };
	return evidence_make(&tree->arena, &decoder, &decoded);
}

struct row {
	const char *name;
	const char *key;
	const char *value;
	unsigned holds;
};

#define FORTY "0123456789abcdef0123456789abcdef01234567"

static const struct row rows[] = {
	{ "Flask-Login's user", "_user_id", "7", HOLDS_USER_ID },
	{ "Django's user", "_auth_user_id", "7", HOLDS_USER_ID },
	{ "Laravel's user", "login_web_" FORTY, "7", HOLDS_USER_ID },
	{ "case and hyphens are folded", "User-ID", "7", HOLDS_USER_ID },
	{ "camel case is folded", "userId", "7", HOLDS_USER_ID },
	{ "empty user", "user_id", "", 0 },
	{ "Flask-WTF's token", "csrf_token", FORTY, HOLDS_CSRF },
	{ "Laravel's token", "_token", FORTY, HOLDS_CSRF },
	{ "a short _token", "_token", "abcdefghijkl", 0 },
	{ "XSRF-TOKEN", "XSRF-TOKEN", FORTY, HOLDS_CSRF },
	{ "access token", "accessToken", FORTY, HOLDS_TOKEN },
	{ "OAuth", "oauth_state", FORTY, HOLDS_TOKEN },
	{ "type of a token", "token_type", "Bearer token", 0 },
	{ "expiry of a token", "token_expires", "2024-01-01T00:00:00Z", 0 },
	{ "JWT by shape", "x", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln",
		HOLDS_TOKEN },
	{ "Flask cookie is no JWT", "x", "eyJhIjoxfQ.ZVxyzA.c2lnbmF0dXJl", 0 },
	{ "e-mail by key", "email", "x", 0 },
	{ "e-mail by shape", "x", "alice@example.org", HOLDS_EMAIL },
	{ "a URL of git is no e-mail", "x", "git@example.org:a/b", 0 },
	{ "password", "password", "hunter2", HOLDS_PASSWORD },
	{ "hash of a password", "password_hash_web", "$2y$", HOLDS_PASSWORD },
	{ "change of a password", "password_changed_at", "2024-01-01", 0 },
	{ "role", "role", "Administrator", HOLDS_ADMIN },
	{ "a role without rights", "role", "reader", 0 },
	{ "flag as text", "is_admin", "true", HOLDS_ADMIN },
	{ "false flag as text", "is_admin", "false", 0 },
	{ "cart", "cart", "1", HOLDS_CART },
	{ "IP", "last_ip", "192.0.2.1", HOLDS_ADDRESS },
	{ "address", "billing_address", "1 Road", HOLDS_ADDRESS },
	{ "e-mail address is none of these", "email_address", "a@b.cd",
		HOLDS_EMAIL },
	{ "name", "username", "alice", HOLDS_NAME },
	{ "session id", "PHPSESSID", "0123456789abcdef", HOLDS_SESSION_ID },
	{ "session id of Express", "connect.sid", "s%3A0123456789",
		HOLDS_SESSION_ID },
	{ "Baileys' key", "noiseKey", "0123456789abcdef", HOLDS_KEY },
	{ "private key", "private_key", "-----BEGIN", HOLDS_KEY },
	{ "nothing special", "theme", "dark", 0 },
};

static void row_holds(void **state)
{
	const struct row *row = *state;
	struct tree tree = new_tree();
	struct value *map = make(&tree, VALUE_MAP);
	put(&tree, map, row->key, text(&tree, row->value));
	assert_int_equal(of(&tree, map)->holds, row->holds);
	arena_clear(&tree.arena);
}

static void flags_and_numbers_count_by_value(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *map = make(&tree, VALUE_MAP);
	struct value *flag = make(&tree, VALUE_BOOL);
	put(&tree, map, "is_admin", flag);
	put(&tree, map, "user_id", number(&tree, 0));
	put(&tree, map, "password", make(&tree, VALUE_NULL));
	put(&tree, map, "cart", make(&tree, VALUE_LIST));
	assert_int_equal(of(&tree, map)->holds, 0);
	flag->number = 1;
	map->items[1].value->number = 12;
	append(&tree, map->items[3].value, number(&tree, 1));
	assert_int_equal(of(&tree, map)->holds,
		HOLDS_ADMIN | HOLDS_USER_ID | HOLDS_CART);
	arena_clear(&tree.arena);
}

static void passport_says_who_the_user_is(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *map = make(&tree, VALUE_MAP);
	struct value *inner = make(&tree, VALUE_MAP);
	put(&tree, inner, "user", text(&tree, "64f1"));
	put(&tree, map, "other", inner);
	assert_int_equal(of(&tree, map)->holds, 0);
	put(&tree, map, "passport", inner);
	assert_int_equal(of(&tree, map)->holds, HOLDS_USER_ID);
	arena_clear(&tree.arena);
}

static void a_list_has_the_key_that_it_stands_under(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *map = make(&tree, VALUE_MAP);
	struct value *roles = make(&tree, VALUE_LIST);
	append(&tree, roles, text(&tree, "reader"));
	append(&tree, roles, text(&tree, "admin"));
	put(&tree, map, "roles", roles);
	assert_int_equal(of(&tree, map)->holds, HOLDS_ADMIN);
	arena_clear(&tree.arena);
}

/* [{"name": "PHPSESSID", "value": "…"}], as browsers export cookies */
static void exported_cookies_are_known_by_their_names(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *list = make(&tree, VALUE_LIST);
	struct value *cookie = make(&tree, VALUE_MAP);
	put(&tree, cookie, "domain", text(&tree, "example.org"));
	put(&tree, cookie, "name", text(&tree, "PHPSESSID"));
	put(&tree, cookie, "value", text(&tree, "0123456789abcdef"));
	append(&tree, list, cookie);
	const struct evidence *evidence = of(&tree, list);
	assert_int_equal(evidence->holds, HOLDS_SESSION_ID);
	assert_int_equal(evidence->key_count, 1);
	assert_string_equal(evidence->keys[0], "PHPSESSID");
	arena_clear(&tree.arena);
}

static void keys_of_a_session_in_their_order(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *map = make(&tree, VALUE_MAP);
	struct value *inner = make(&tree, VALUE_MAP);
	put(&tree, inner, "hidden", number(&tree, 1));
	put(&tree, map, "_permanent", number(&tree, 1));
	put(&tree, map, "data", inner);
	put(&tree, map, "_permanent", number(&tree, 1));
	const struct evidence *evidence = of(&tree, map);
	assert_int_equal(evidence->key_count, 2);
	assert_string_equal(evidence->keys[0], "_permanent");
	assert_string_equal(evidence->keys[1], "data");
	assert_false(evidence->keys_truncated);
	arena_clear(&tree.arena);
}

static void keys_of_a_table_are_those_of_its_sessions(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *list = make(&tree, VALUE_LIST);
	for (int i = 0; i < 3; i++) {
		struct value *row = make(&tree, VALUE_MAP);
		put(&tree, row, "session_id", text(&tree, FORTY));
		put(&tree, row, i ? "data" : "expiry", number(&tree, i));
		append(&tree, list, row);
	}
	const struct evidence *evidence = of(&tree, list);
	assert_int_equal(evidence->key_count, 3);
	assert_string_equal(evidence->keys[2], "data");
	arena_clear(&tree.arena);
}

struct key_row {
	const char *key;
	const char *shown;
};

static const struct key_row key_rows[] = {
	{ "plain", "plain" },
	{ "two words", "two words" },
	{ "\xc3\xa4", "\xc3\xa4" },
	{ "a\x1b[1mb\xff", "a\xef\xbf\xbd[1mb\xef\xbf\xbd" },
	{ "\xe2\x80\xae", "\xef\xbf\xbd" },
	{ FORTY, "\xe2\x80\xa6" },
	{ "session:" FORTY, "session:\xe2\x80\xa6" },
	{ "login_web_" FORTY, "login_web_\xe2\x80\xa6" },
	{ "f47ac10b-58cc-4372-a567-0e02b2c3d479", "\xe2\x80\xa6" },
	{ "alice@example.org", "\xe2\x80\xa6" },
	{ "internationalisation", "internationalisation" },
};

static void a_key_is_shown_safely(void **state)
{
	const struct key_row *row = *state;
	struct tree tree = new_tree();
	struct value *map = make(&tree, VALUE_MAP);
	put(&tree, map, row->key, number(&tree, 1));
	const struct evidence *evidence = of(&tree, map);
	assert_int_equal(evidence->key_count, 1);
	assert_string_equal(evidence->keys[0], row->shown);
	arena_clear(&tree.arena);
}

static void sessions_under_their_ids_are_looked_into(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *map = make(&tree, VALUE_MAP);
	struct value *session = make(&tree, VALUE_MAP);
	put(&tree, session, "user_id", number(&tree, 3));
	put(&tree, map, FORTY, session);
	const struct evidence *evidence = of(&tree, map);
	assert_int_equal(evidence->key_count, 2);
	assert_string_equal(evidence->keys[1], "user_id");
	assert_int_equal(evidence->holds, HOLDS_USER_ID);
	arena_clear(&tree.arena);
}

static void keys_are_limited_in_number_and_length(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *map = make(&tree, VALUE_MAP);
	char name[200];
	memset(name, '\x01', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	put(&tree, map, name, number(&tree, 1));
	for (int i = 0; i < 100; i++)
		put(&tree, map, arena_printf(&tree.arena, "k%d", i),
			number(&tree, i));
	const struct evidence *evidence = of(&tree, map);
	assert_int_equal(evidence->key_count, EVIDENCE_MAX_KEYS);
	assert_true(evidence->keys_truncated);
	assert_true(strlen(evidence->keys[0]) <= 3 * 64 + 3);
	arena_clear(&tree.arena);
}

static void a_tree_that_holds_itself_ends(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	struct value *list = make(&tree, VALUE_LIST);
	for (int i = 0; i < 200; i++)
		append(&tree, list, list);
	struct value *map = make(&tree, VALUE_MAP);
	put(&tree, map, "name", text(&tree, "x"));
	put(&tree, map, "value", map);
	append(&tree, list, map);
	const struct evidence *evidence = of(&tree, list);
	assert_true(evidence->keys_truncated);
	arena_clear(&tree.arena);
}

static void without_values_there_is_nothing(void **state)
{
	(void)state;
	struct tree tree = new_tree();
	const char *calls[] = { "os.system", "a\nb" };
	const struct decoded decoded = {
		.kind = "store",
		.expiry = EXPIRY_AT,
		.expires_at = 100,
		.id = ID_HASHED,
		.entry_count = 3,
		.calls = calls,
		.call_count = 2,
	};
	const struct evidence *evidence =
		evidence_make(&tree.arena, &decoder, &decoded);
	assert_string_equal(evidence->decoder, "example");
	assert_string_equal(evidence->kind, "store");
	assert_int_equal(evidence->key_count, 0);
	assert_int_equal(evidence->holds, 0);
	assert_int_equal(evidence->entry_count, 3);
	assert_string_equal(id_exposure_name(evidence->id), "hashed");
	assert_string_equal(evidence->calls[0], "os.system");
	assert_string_equal(evidence->calls[1],
		"a\xef\xbf\xbd"
		"b");
	assert_string_equal(evidence_state(evidence, 99), "live");
	assert_string_equal(evidence_state(evidence, 100), "expired");
	arena_clear(&tree.arena);
}

static void states_of_what_has_no_date(void **state)
{
	(void)state;
	const struct evidence never = { .expiry = EXPIRY_NEVER };
	const struct evidence unknown = { .expiry = EXPIRY_UNKNOWN };
	assert_string_equal(evidence_state(&never, 5), "never");
	assert_string_equal(evidence_state(&unknown, 5), "unknown");
}

static void every_word_leads_back_to_its_bit(void **state)
{
	(void)state;
	for (unsigned bit = HOLDS_USER_ID; bit <= HOLDS_KEY; bit <<= 1) {
		const char *word = holds_name(bit);
		assert_non_null(word);
		assert_int_equal(holds_parse(word), bit);
	}
	assert_null(holds_name(HOLDS_KEY << 1));
	assert_int_equal(holds_parse("nonesuch"), 0);
}

/* Masking needs this: a mask that depends on the value would give it away. */
static void a_name_announces_its_kind_whatever_the_value(void **state)
{
	(void)state;
	static const struct {
		const char *key;
		unsigned bit;
	} names[] = {
		{ "is_admin", HOLDS_ADMIN },
		{ "isAdmin", HOLDS_ADMIN },
		{ "role", HOLDS_ADMIN },
		{ "token", HOLDS_TOKEN },
		{ "csrf_token", HOLDS_CSRF },
		{ "expires_in", 0 },
		{ "_permanent", 0 },
		{ "", 0 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(
			holds_under((const unsigned char *)names[i].key,
				strlen(names[i].key)),
			names[i].bit);
}

int main(void)
{
	enum { ROWS = ARRAY_SIZE(rows), KEYS = ARRAY_SIZE(key_rows) };
	const struct CMUnitTest others[] = {
		cmocka_unit_test(flags_and_numbers_count_by_value),
		cmocka_unit_test(passport_says_who_the_user_is),
		cmocka_unit_test(a_list_has_the_key_that_it_stands_under),
		cmocka_unit_test(exported_cookies_are_known_by_their_names),
		cmocka_unit_test(keys_of_a_session_in_their_order),
		cmocka_unit_test(keys_of_a_table_are_those_of_its_sessions),
		cmocka_unit_test(sessions_under_their_ids_are_looked_into),
		cmocka_unit_test(keys_are_limited_in_number_and_length),
		cmocka_unit_test(a_tree_that_holds_itself_ends),
		cmocka_unit_test(without_values_there_is_nothing),
		cmocka_unit_test(states_of_what_has_no_date),
		cmocka_unit_test(every_word_leads_back_to_its_bit),
		cmocka_unit_test(a_name_announces_its_kind_whatever_the_value),
	};
	static struct CMUnitTest tests[ROWS + KEYS + ARRAY_SIZE(others)];
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, row_holds, NULL,
			NULL, (void *)(uintptr_t)&rows[i] };
	for (size_t i = 0; i < KEYS; i++)
		tests[ROWS + i] = (struct CMUnitTest){ key_rows[i].shown,
			a_key_is_shown_safely, NULL, NULL,
			(void *)(uintptr_t)&key_rows[i] };
	memcpy(tests + ROWS + KEYS, others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
