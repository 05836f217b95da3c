#include "rules/evidence.h"

#include "rules/holds.h"
#include "rules/key_name.h"

#include <string.h>

#define MAX_STEPS 4096
#define MAX_CALLS 64

struct collector {
	struct arena *arena;
	struct evidence *evidence;
	size_t steps_left;
};

static void add_key(struct collector *collector, const struct key_name *text)
{
	struct evidence *evidence = collector->evidence;
	for (size_t i = 0; i < evidence->key_count; i++)
		if (strlen(evidence->keys[i]) == text->len &&
			!memcmp(evidence->keys[i], text->bytes, text->len))
			return;
	if (evidence->key_count == EVIDENCE_MAX_KEYS) {
		evidence->keys_truncated = true;
		return;
	}
	evidence->keys[evidence->key_count++] =
		arena_memdupz(collector->arena, text->bytes, text->len);
}

static void collect(
	struct collector *collector, const struct value *value, int depth);

/* An item of a list is a session of a table; so is what stands under a key
 * that is an id. Both are looked into, other values are not. */
static void collect_item(
	struct collector *collector, const struct value_item *item, int depth)
{
	bool inside = !item->key;
	if (item->key && value_is_bytes(item->key)) {
		struct key_name text;
		inside = key_name_make(&text, item->key->bytes, item->key->len);
		add_key(collector, &text);
	}
	if (inside && item->value)
		collect(collector, item->value, depth + 1);
}

/* Goes HOLDS_MAX_DEPTH levels deep at most. */
static void collect(
	struct collector *collector, const struct value *value, int depth)
{
	if (depth > HOLDS_MAX_DEPTH)
		return;
	const struct value *name, *pair_value;
	if (depth && holds_pair(&name, &pair_value, value)) {
		struct key_name text;
		key_name_make(&text, name->bytes, name->len);
		add_key(collector, &text);
		return;
	}
	for (size_t i = 0; i < value->count; i++) {
		if (!collector->steps_left ||
			collector->evidence->keys_truncated) {
			collector->evidence->keys_truncated = true;
			return;
		}
		collector->steps_left--;
		collect_item(collector, &value->items[i], depth);
	}
}

static void copy_calls(struct arena *arena, struct evidence *evidence,
	const struct decoded *decoded)
{
	size_t count = decoded->call_count;
	if (count > MAX_CALLS)
		count = MAX_CALLS;
	evidence->calls = arena_array(arena, count, sizeof(*evidence->calls));
	for (size_t i = 0; i < count; i++) {
		struct key_name text;
		key_name_of_code(&text, decoded->calls[i]);
		evidence->calls[i] = arena_memdupz(arena, text.bytes, text.len);
	}
	evidence->call_count = count;
}

const struct evidence *evidence_make(struct arena *arena,
	const struct decoder *decoder, const struct decoded *decoded)
{
	struct evidence *evidence = arena_alloc(arena, sizeof(*evidence));
	*evidence = (struct evidence){
		.decoder = decoder->name,
		.kind = decoded->kind,
		.variant = decoded->variant,
		.keys = arena_array(
			arena, EVIDENCE_MAX_KEYS, sizeof(*evidence->keys)),
		.holds = holds_in(decoded->root),
		.expiry = decoded->expiry,
		.expires_at = decoded->expires_at,
		.id = decoded->id,
		.entry_count = decoded->entry_count,
	};
	struct collector collector = { arena, evidence, MAX_STEPS };
	if (decoded->root)
		collect(&collector, decoded->root, 0);
	copy_calls(arena, evidence, decoded);
	return evidence;
}

const char *evidence_state(const struct evidence *evidence, int64_t now)
{
	switch (evidence->expiry) {
	case EXPIRY_NEVER:
		return "never";
	case EXPIRY_AT:
		return evidence->expires_at > now ? "live" : "expired";
	default:
		return "unknown";
	}
}

const char *id_exposure_name(int id)
{
	switch (id) {
	case ID_CLEAR:
		return "clear";
	case ID_KEYED:
		return "keyed";
	case ID_HASHED:
		return "hashed";
	case ID_CREDENTIAL:
		return "credential";
	default:
		return "unknown";
	}
}

static const struct {
	unsigned bit;
	const char *word;
} holds_words[] = {
	{ HOLDS_USER_ID, "user-id" },
	{ HOLDS_EMAIL, "email" },
	{ HOLDS_NAME, "name" },
	{ HOLDS_CSRF, "csrf-token" },
	{ HOLDS_TOKEN, "token" },
	{ HOLDS_PASSWORD, "password" },
	{ HOLDS_ADMIN, "admin" },
	{ HOLDS_CART, "cart" },
	{ HOLDS_ADDRESS, "address" },
	{ HOLDS_SESSION_ID, "session-id" },
	{ HOLDS_KEY, "key" },
};

const char *holds_name(unsigned bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(holds_words); i++)
		if (holds_words[i].bit == bit)
			return holds_words[i].word;
	return NULL;
}

unsigned holds_parse(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(holds_words); i++)
		if (!strcmp(holds_words[i].word, word))
			return holds_words[i].bit;
	return 0;
}
