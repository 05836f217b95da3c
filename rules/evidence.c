#include "rules/evidence.h"

#include "base/utf8.h"
#include "rules/holds.h"
#include "rules/shape.h"

#include <string.h>

#define MAX_STEPS   4096
#define KEY_MAX     64 /* bytes of a key that are shown */
#define MAX_CALLS   64
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS    "\xe2\x80\xa6" /* U+2026 */

/* Text being made safe; each byte becomes three at most. */
struct safe_text {
	char bytes[3 * KEY_MAX + sizeof(ELLIPSIS)];
	size_t len;
};

static void add_bytes(struct safe_text *text, const void *bytes, size_t len)
{
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
}

static void add_safe(
	struct safe_text *text, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t code = 0;
		size_t size = utf8_decode(&code, bytes + i, len - i);
		if (size && !utf8_is_unsafe(code))
			add_bytes(text, bytes + i, size);
		else
			add_bytes(text, REPLACEMENT, strlen(REPLACEMENT));
		i += size ? size : 1;
	}
}

/* Bytes to keep of a generated word: those that say what it is
 * ("login_web_" of "login_web_59ba36addc2b2f94"). */
static size_t name_of_word(const unsigned char *bytes, size_t len)
{
	size_t kept = 0;
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] >= '0' && bytes[i] <= '9')
			break;
		if (bytes[i] == '_' || bytes[i] == '-')
			kept = i + 1;
	}
	return kept;
}

/*
 * A key may itself be a session id, a token or an address: stores keep tables
 * by such. What a machine made is left out of the text. True when it was.
 */
static bool add_key_text(
	struct safe_text *text, const unsigned char *bytes, size_t len)
{
	bool cut = false;
	for (size_t i = 0; i < len;) {
		size_t end = i;
		while (end < len && shape_is_word(bytes[end]))
			end++;
		size_t word = end - i;
		if (shape_is_generated(bytes + i, word)) {
			add_safe(
				text, bytes + i, name_of_word(bytes + i, word));
			add_bytes(text, ELLIPSIS, strlen(ELLIPSIS));
			cut = true;
			i = end;
			continue;
		}
		/* with the byte, if any, that is none of a word */
		size_t next = end < len ? end + 1 : end;
		while (next < len && (bytes[next] & 0xc0) == 0x80)
			next++;
		add_safe(text, bytes + i, next - i);
		i = next;
	}
	return cut;
}

static bool make_key(
	struct safe_text *text, const unsigned char *bytes, size_t len)
{
	text->len = 0;
	if (shape_is_email(bytes, len)) {
		add_bytes(text, ELLIPSIS, strlen(ELLIPSIS));
		return true;
	}
	if (len <= KEY_MAX)
		return add_key_text(text, bytes, len);
	bool cut = shape_is_generated(bytes, len);
	if (!cut)
		cut = add_key_text(text, bytes, KEY_MAX);
	add_bytes(text, ELLIPSIS, strlen(ELLIPSIS));
	return cut;
}

struct collector {
	struct arena *arena;
	struct evidence *evidence;
	size_t steps_left;
};

static void add_key(struct collector *collector, const struct safe_text *text)
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

static bool is_text(const struct value *value)
{
	return value->type == VALUE_TEXT || value->type == VALUE_BYTES;
}

static void collect(
	struct collector *collector, const struct value *value, int depth);

/* An item of a list is a session of a table; so is what stands under a key
 * that is an id. Both are looked into, other values are not. */
static void collect_item(
	struct collector *collector, const struct value_item *item, int depth)
{
	bool inside = !item->key;
	if (item->key && is_text(item->key)) {
		struct safe_text text;
		inside = make_key(&text, item->key->bytes, item->key->len);
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
		struct safe_text text;
		make_key(&text, name->bytes, name->len);
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
		struct safe_text text = { .len = 0 };
		size_t len = strnlen(decoded->calls[i], KEY_MAX);
		add_safe(&text, (const unsigned char *)decoded->calls[i], len);
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
