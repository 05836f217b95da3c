/*
 * Session files of PHP and its frameworks. A file is written by one of the
 * serialize handlers of the session extension: php (`name|value`), php_binary
 * (length, name, value), php_serialize (one array), wddx (XML, before PHP
 * 7.4). Frameworks are told apart by the keys that they always write.
 *
 * A serialized array is not a session just because it is one: WordPress
 * options look the same. Without a framework's key the file's name or the
 * names of its variables decide.
 */
#include "rules/decoders/decoders.h"
#include "rules/decoders/encoding.h"
#include "rules/decoders/expiry.h"
#include "rules/decoders/json_value.h"
#include "rules/decoders/php_value.h"
#include "rules/decoders/span.h"

#include <string.h>

#define KIND_SESSION           "session"
#define KIND_LARAVEL           "laravel"
#define KIND_LARAVEL_ENCRYPTED "laravel-encrypted"
#define KIND_CODEIGNITER       "codeigniter"
#define KIND_SYMFONY           "symfony"
#define KIND_SERIALIZED        "php-serialized"

#define MAX_NAME_LEN 256

/* An encrypted session with a few photos inside is still far below. */
#define MAX_ENCRYPTED ((size_t)4 * 1024 * 1024)

/* Variables by which a login or a visitor is kept; lower case. */
static const char *const session_names[] = {
	"_auth",
	"_csrf",
	"_csrf_token",
	"_sf2_meta",
	"_token",
	"auth",
	"authenticated",
	"cart",
	"csrf",
	"csrf_token",
	"csrftoken",
	"identity",
	"is_admin",
	"is_logged_in",
	"isloggedin",
	"last_activity",
	"logged_in",
	"loggedin",
	"login",
	"session_id",
	"uid",
	"user",
	"user_id",
	"userid",
	"username",
	NULL,
};

static bool is_session_name(const struct value *key)
{
	struct span name = { key->bytes, key->len };
	for (size_t i = 0; session_names[i]; i++)
		if (key->type == VALUE_TEXT &&
			span_is_nocase(name, session_names[i]))
			return true;
	return false;
}

static bool has_session_name(const struct value *root)
{
	for (size_t i = 0; i < root->count; i++)
		if (is_session_name(root->items[i].key))
			return true;
	return false;
}

/** Laravel's CSRF token, Str::random(40), in every session it starts. */
static bool has_laravel_token(const struct value *root)
{
	const struct value *token = value_get(root, "_token");
	return token && token->type == VALUE_TEXT && token->len == 40;
}

/** Symfony's MetadataBag: u last use, l lifetime of the cookie, seconds. */
static void add_symfony_expiry(struct decoded *out, const struct value *root)
{
	const struct value *meta = value_get(root, "_sf2_meta");
	if (!meta)
		return;
	const struct value *used = value_get(meta, "u");
	const struct value *lifetime = value_get(meta, "l");
	int64_t end;
	if (used && lifetime && used->type == VALUE_INT &&
		lifetime->type == VALUE_INT && lifetime->number > 0 &&
		!__builtin_add_overflow(used->number, lifetime->number, &end))
		expiry_add(out, end);
}

/** The framework's kind, or NULL. */
static const char *framework_of(struct decoded *out, const struct value *root)
{
	out->id = ID_CLEAR;
	if (value_get(root, "__ci_last_regenerate"))
		return KIND_CODEIGNITER;
	if (value_get(root, "_sf2_attributes")) {
		add_symfony_expiry(out, root);
		return KIND_SYMFONY;
	}
	if (has_laravel_token(root)) {
		out->id = ID_KEYED;
		return KIND_LARAVEL;
	}
	return NULL;
}

static void fill(struct decoded *out, const char *kind, const char *variant,
	struct value *root)
{
	out->kind = kind;
	out->variant = variant;
	out->entry_count = 1;
	out->root = root;
}

static bool at_end(const struct php_reader *reader)
{
	struct span rest = { reader->bytes + reader->at,
		reader->len - reader->at };
	return !span_trim(rest).len;
}

static int refused(const struct php_reader *reader, struct err *err)
{
	return reader->limited ? err_set(err, ERR_LIMIT,
					 "serialized PHP data is too deep "
					 "or has too many values")
			       : 0;
}

static int decode_serialized(
	struct decoded *out, struct php_reader *reader, struct err *err)
{
	struct value *root = php_reader_value(reader);
	if (!root)
		return refused(reader, err);
	bool is_array = root->type == VALUE_MAP && root->count;
	if (!at_end(reader) || (!is_array && root->type != VALUE_OBJECT))
		return 0;
	const char *kind = framework_of(out, root);
	if (!kind && is_array &&
		(span_starts(span_basename(out->path), "sess_") ||
			has_session_name(root)))
		kind = KIND_SESSION;
	if (!kind) {
		kind = KIND_SERIALIZED;
		out->id = ID_UNKNOWN;
	}
	fill(out, kind, "php_serialize", root);
	php_reader_calls(out, reader);
	return 1;
}

static bool is_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.bytes[i] < ' ' || name.bytes[i] == 0x7f)
			return false;
	return name.len > 0 && name.len <= MAX_NAME_LEN;
}

/** `name|`, or `!name|` for a variable without a value. */
static bool take_name(
	struct span *name, bool *has_value, struct php_reader *reader)
{
	size_t window = reader->len - reader->at;
	struct span rest = { reader->bytes + reader->at,
		window < MAX_NAME_LEN + 2 ? window : MAX_NAME_LEN + 2 };
	if (!span_cut(name, &rest, '|'))
		return false;
	reader->at += name->len + 1;
	*has_value = !span_starts(*name, "!");
	if (!*has_value) {
		name->bytes++;
		name->len--;
	}
	return is_name(*name);
}

/** A byte of length, its top bit set where no value follows; the name. */
static bool take_binary_name(
	struct span *name, bool *has_value, struct php_reader *reader)
{
	if (reader->at >= reader->len)
		return false;
	unsigned char length = reader->bytes[reader->at++];
	*has_value = !(length & 0x80);
	name->len = length & 0x7f;
	name->bytes = reader->bytes + reader->at;
	if (name->len > reader->len - reader->at)
		return false;
	reader->at += name->len;
	return is_name(*name);
}

typedef bool take_name_function(
	struct span *name, bool *has_value, struct php_reader *reader);

static struct value *read_variable(struct php_reader *reader, bool has_value)
{
	if (has_value)
		return php_reader_value(reader);
	struct value *null = value_new(reader->builder, VALUE_NULL);
	reader->limited = reader->limited || !null;
	return null;
}

/** Reads names and values up to the end of the file. NULL as for a value. */
static struct value *read_variables(
	struct php_reader *reader, take_name_function *take)
{
	struct value *root = value_new(reader->builder, VALUE_MAP);
	struct span name;
	bool has_value;
	bool any = false;
	while (root && !(any && at_end(reader))) {
		if (!take(&name, &has_value, reader))
			return NULL;
		struct value *key =
			value_text(reader->builder, name.bytes, name.len);
		struct value *value = read_variable(reader, has_value);
		if (!value)
			return NULL;
		if (!key || !value_add(reader->builder, root, key, value)) {
			reader->limited = true;
			return NULL;
		}
		any = any || has_value;
	}
	return root;
}

static int decode_variables(struct decoded *out, struct php_reader *reader,
	take_name_function *take, const char *variant, struct err *err)
{
	struct value *root = read_variables(reader, take);
	if (!root)
		return refused(reader, err);
	const char *kind = framework_of(out, root);
	fill(out, kind ? kind : KIND_SESSION, variant, root);
	php_reader_calls(out, reader);
	return 1;
}

/** `<wddxPacket version='1.0'>…<struct><var name='…'>`, WDDX 1.0. */
static int decode_wddx(struct decoded *out, struct span text)
{
	if (!span_has(text, "<struct>") || !span_has(text, "<var name="))
		return 0;
	out->id = ID_CLEAR;
	fill(out, KIND_SESSION, "wddx", NULL);
	return 1;
}

/**
 * Laravel's Encrypter writes base64 of {"iv":…,"value":…,"mac":…}. The text
 * begins as that object does, and holds nothing but base64.
 */
static int decode_encrypted(
	struct decoded *out, struct span text, struct err *err)
{
	text = span_trim(text);
	if (text.len > MAX_ENCRYPTED)
		return err_set(err, ERR_LIMIT, "encrypted session too large");
	struct encoding_span json;
	if (!encoding_base64(
		    &json, out->arena, text.bytes, text.len, BASE64_STANDARD))
		return 0;
	struct value_builder builder = { out->arena, VALUE_MAX_COUNT };
	struct value *root;
	int rc = json_value_read(&root, &builder, json.bytes, json.len, err);
	if (rc <= 0)
		return rc;
	if (root->type != VALUE_MAP || !value_get(root, "iv") ||
		!value_get(root, "value") || !value_get(root, "mac"))
		return 0;
	out->id = ID_KEYED;
	fill(out, KIND_LARAVEL_ENCRYPTED, NULL, NULL);
	return 1;
}

/** Laravel with `session.serialization` set to json. */
static int decode_json(struct decoded *out, struct span text, struct err *err)
{
	struct value_builder builder = { out->arena, VALUE_MAX_COUNT };
	struct value *root;
	if (!span_has(text, "\"_token\":\""))
		return 0;
	int rc = json_value_read(&root, &builder, text.bytes, text.len, err);
	if (rc <= 0)
		return rc;
	if (root->type != VALUE_MAP || !has_laravel_token(root))
		return 0;
	out->id = ID_KEYED;
	fill(out, KIND_LARAVEL, "json", root);
	return 1;
}

/**
 * The payload of Laravel's table of sessions: DatabaseSessionHandler writes the
 * base64 of what else is a file.
 */
static int decode_payload(
	struct decoded *out, struct span text, struct err *err)
{
	struct encoding_span inner;
	text = span_trim(text);
	if (!encoding_base64(
		    &inner, out->arena, text.bytes, text.len, BASE64_STANDARD))
		return 0;
	struct decoded before = *out;
	struct value_builder builder = { out->arena, VALUE_MAX_COUNT };
	CLEANUP(php_reader_clear)
	struct php_reader reader = {
		.builder = &builder, .bytes = inner.bytes, .len = inner.len
	};
	int rc = decode_serialized(out, &reader, err);
	if (rc > 0 && !strcmp(out->kind, KIND_LARAVEL))
		return rc;
	*out = before;
	return rc < 0 ? rc : 0;
}

/** Reads the whole file the way one handler writes it. */
struct handler {
	const char *variant;
	take_name_function *take; /* NULL: one value without names */
};

static const struct handler handlers[] = {
	{ "php_serialize", NULL },
	{ "php", take_name },
	{ "php_binary", take_binary_name },
};

static int decode_by(const struct handler *handler, struct decoded *out,
	struct span text, struct err *err)
{
	struct value_builder builder = { out->arena, VALUE_MAX_COUNT };
	CLEANUP(php_reader_clear)
	struct php_reader reader = {
		.builder = &builder, .bytes = text.bytes, .len = text.len
	};
	if (!handler->take)
		return decode_serialized(out, &reader, err);
	return decode_variables(
		out, &reader, handler->take, handler->variant, err);
}

static int decode_php_session(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct span text = { bytes, len };
	if (span_starts(text, "<wddxPacket"))
		return decode_wddx(out, text);
	if (span_starts(text, "eyJpdiI6"))
		return decode_encrypted(out, text, err);
	if (span_starts(text, "{"))
		return decode_json(out, text, err);
	if (span_starts(text, "YTo")) /* "a:" */
		return decode_payload(out, text, err);
	int rc = 0;
	for (size_t i = 0; !rc && i < ARRAY_SIZE(handlers); i++)
		rc = decode_by(&handlers[i], out, text, err);
	return rc;
}

static const char *const kinds[] = {
	KIND_SESSION,
	KIND_LARAVEL,
	KIND_LARAVEL_ENCRYPTED,
	KIND_CODEIGNITER,
	KIND_SYMFONY,
	KIND_SERIALIZED,
	NULL,
};

const struct decoder decoder_php_session = {
	.name = "php-session",
	.summary = "session files of PHP, Laravel, CodeIgniter and Symfony",
	.kinds = kinds,
	.decode = decode_php_session,
};
