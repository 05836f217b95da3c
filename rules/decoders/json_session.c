/*
 * Sessions, cookies and tokens kept as JSON. The text is read once; then each
 * format asks for the members that its writer always writes. A text that
 * holds none of the member names is refused before it is parsed.
 */
#include "rules/decoders/decoders.h"
#include "rules/decoders/expiry.h"
#include "rules/decoders/json_value.h"
#include "rules/decoders/span.h"

#include <string.h>

/** What the formats work on. */
struct json_task {
	struct decoded *out;
	struct value_builder *builder; /* for values besides the text's */
	struct value *root;
};

static const struct value *member(
	const struct value *map, const char *key, enum value_type type)
{
	const struct value *value =
		map && map->type == VALUE_MAP ? value_get(map, key) : NULL;
	return value && value->type == type ? value : NULL;
}

/** A member that is text and not empty. */
static const struct value *text_member(const struct value *map, const char *key)
{
	const struct value *text = member(map, key, VALUE_TEXT);
	return text && text->len ? text : NULL;
}

/** The expiry of an express-session cookie, whose maximal age may be null. */
static void add_express_expiry(struct decoded *out, const struct value *session)
{
	const struct value *cookie = member(session, "cookie", VALUE_MAP);
	const struct value *expires = text_member(cookie, "expires");
	if (expires) {
		expiry_add_value(out, expires);
		return;
	}
	const struct value *used = member(session, "__lastAccess", VALUE_INT);
	const struct value *age = member(cookie, "originalMaxAge", VALUE_INT);
	int64_t end_ms;
	if (used && age &&
		!__builtin_add_overflow(used->number, age->number, &end_ms))
		expiry_add(out, end_ms / 1000);
}

/** https://www.npmjs.com/package/session-file-store, version 1.5 */
static bool is_file_store(struct json_task *task)
{
	const struct value *cookie = member(task->root, "cookie", VALUE_MAP);
	if (!cookie || !value_get(cookie, "originalMaxAge"))
		return false;
	add_express_expiry(task->out, task->root);
	return true;
}

/** The same with a secret: what the package kruptein writes. */
static bool is_encrypted_file_store(struct json_task *task)
{
	return text_member(task->root, "hmac") &&
		text_member(task->root, "ct") && value_get(task->root, "iv");
}

static const struct value *loki_sessions(const struct value *root)
{
	const struct value *list = member(root, "collections", VALUE_LIST);
	for (size_t i = 0; list && i < list->count; i++) {
		const struct value *collection = list->items[i].value;
		const struct value *data =
			member(collection, "data", VALUE_LIST);
		const struct value *first =
			data && data->count ? data->items[0].value : NULL;
		if (text_member(first, "sid") &&
			member(first, "content", VALUE_MAP))
			return data;
	}
	return NULL;
}

/** https://www.npmjs.com/package/connect-loki, version 1.2: a LokiJS file. */
static bool is_connect_loki(struct json_task *task)
{
	const struct value *data = loki_sessions(task->root);
	if (!data)
		return false;
	task->out->entry_count = data->count;
	for (size_t i = 0; i < data->count; i++)
		add_express_expiry(task->out,
			member(data->items[i].value, "content", VALUE_MAP));
	return true;
}

static const char *const cookie_times[] = {
	"expires",        /* Playwright, Puppeteer; -1: with the browser */
	"expirationDate", /* chrome.cookies */
	"expiry",         /* WebDriver */
	NULL,
};

static void add_cookie_expiry(struct decoded *out, const struct value *cookie)
{
	for (size_t i = 0; cookie_times[i]; i++)
		expiry_add_value(out, value_get(cookie, cookie_times[i]));
}

/** A cookie with a value. */
static bool is_cookie(const struct value *cookie)
{
	return text_member(cookie, "name") && text_member(cookie, "value") &&
		text_member(cookie, "domain");
}

static const char *const cookie_attributes[] = { "expires", "expirationDate",
	"expiry", "hostOnly", "httpOnly", "path", "sameSite", "secure", NULL };

/** Other things have a name, a value and a domain too: DNS records. */
static bool has_attribute(const struct value *cookie)
{
	if (cookie->type != VALUE_MAP)
		return false;
	for (size_t i = 0; cookie_attributes[i]; i++)
		if (value_get(cookie, cookie_attributes[i]))
			return true;
	return false;
}

/** Adds the pair of "name" and "value" to the map, if there is room. */
static void add_pair(
	struct json_task *task, struct value *map, const struct value *pair)
{
	const struct value *name = text_member(pair, "name");
	const struct value *content = member(pair, "value", VALUE_TEXT);
	if (!name || !content)
		return;
	struct value *key = value_text(task->builder, name->bytes, name->len);
	struct value *value =
		value_text(task->builder, content->bytes, content->len);
	if (!key || !value || !value_add(task->builder, map, key, value))
		task->out->truncated = true;
	task->out->entry_count++;
}

/** The root becomes a map from name to value, as for other cookie jars. */
static struct value *names_map(struct json_task *task)
{
	struct value *map = value_new(task->builder, VALUE_MAP);
	if (map)
		task->out->root = map;
	else
		task->out->truncated = true;
	return map;
}

static bool add_cookies(
	struct json_task *task, struct value *map, const struct value *list)
{
	bool any = false;
	for (size_t i = 0; list && i < list->count; i++) {
		const struct value *cookie = list->items[i].value;
		if (!is_cookie(cookie))
			continue;
		any = true;
		add_cookie_expiry(task->out, cookie);
		add_pair(task, map, cookie);
	}
	return any;
}

static bool add_storage(
	struct json_task *task, struct value *map, const struct value *origins)
{
	size_t before = task->out->entry_count;
	for (size_t i = 0; i < origins->count; i++) {
		const struct value *items = member(
			origins->items[i].value, "localStorage", VALUE_LIST);
		for (size_t j = 0; items && j < items->count; j++)
			add_pair(task, map, items->items[j].value);
	}
	return task->out->entry_count > before;
}

/** BrowserContext.storageState(): https://playwright.dev/docs/auth */
static bool is_playwright(struct json_task *task)
{
	const struct value *cookies = member(task->root, "cookies", VALUE_LIST);
	const struct value *origins = member(task->root, "origins", VALUE_LIST);
	struct value *map = cookies && origins ? names_map(task) : NULL;
	if (!map)
		return false;
	bool any = add_cookies(task, map, cookies);
	return add_storage(task, map, origins) || any;
}

/** chrome.cookies.Cookie and what Puppeteer, Selenium and exporters write. */
static bool is_cookie_list(struct json_task *task)
{
	const struct value *list = task->root->type == VALUE_LIST
		? task->root
		: member(task->root, "cookies", VALUE_LIST);
	if (!list || !list->count || !has_attribute(list->items[0].value))
		return false;
	struct value *map = names_map(task);
	return map && add_cookies(task, map, list);
}

/** Baileys' creds.json: the Noise and identity keys of a linked device. */
static bool is_baileys(struct json_task *task)
{
	const struct value *key = member(task->root, "noiseKey", VALUE_MAP);
	return key && value_get(key, "private");
}

/** Client.dump_settings() of instagrapi, logged in. */
static bool is_instagrapi(struct json_task *task)
{
	const struct value *data =
		member(task->root, "authorization_data", VALUE_MAP);
	const struct value *cookies = member(task->root, "cookies", VALUE_MAP);
	return data &&
		(text_member(data, "sessionid") ||
			text_member(cookies, "sessionid"));
}

/** ~/.aws/sso/cache: with a refresh token the client's registration counts. */
static bool is_aws_sso(struct json_task *task)
{
	if (!text_member(task->root, "accessToken") ||
		!text_member(task->root, "startUrl"))
		return false;
	expiry_add_value(task->out, value_get(task->root, "expiresAt"));
	if (text_member(task->root, "refreshToken"))
		expiry_add_value(task->out,
			value_get(task->root, "registrationExpiresAt"));
	return true;
}

/** ~/.aws/cli/cache */
static bool is_aws_cli(struct json_task *task)
{
	const struct value *credentials =
		member(task->root, "Credentials", VALUE_MAP);
	if (!text_member(credentials, "AccessKeyId") ||
		!text_member(credentials, "SecretAccessKey"))
		return false;
	expiry_add_value(task->out, value_get(credentials, "Expiration"));
	return true;
}

/** application_default_credentials.json after `gcloud auth login` */
static bool is_gcloud_adc(struct json_task *task)
{
	const struct value *type = text_member(task->root, "type");
	return type && value_is_text(type, "authorized_user") &&
		text_member(task->root, "refresh_token");
}

/** jpserver-<pid>.json and nbserver-<pid>.json */
static bool is_jupyter_server(struct json_task *task)
{
	return member(task->root, "pid", VALUE_INT) &&
		member(task->root, "port", VALUE_INT) &&
		text_member(task->root, "token");
}

/** kernel-<id>.json: the key signs the messages that a kernel executes. */
static bool is_jupyter_kernel(struct json_task *task)
{
	return text_member(task->root, "key") &&
		text_member(task->root, "signature_scheme");
}

/** One format; `hint` is text without which it is not this one. */
struct json_format {
	const char *kind;
	const char *hint;
	int id; /* enum id_exposure */
	bool (*accept)(struct json_task *task);
};

static const struct json_format formats[] = {
	{ "session-file-store", "\"originalMaxAge\"", ID_KEYED, is_file_store },
	{ "session-file-store-encrypted", "\"hmac\"", ID_KEYED,
		is_encrypted_file_store },
	{ "connect-loki", "\"collections\"", ID_KEYED, is_connect_loki },
	{ "playwright", "\"origins\"", ID_CLEAR, is_playwright },
	{ "cookies", "\"domain\"", ID_CLEAR, is_cookie_list },
	{ "baileys", "\"noiseKey\"", ID_CREDENTIAL, is_baileys },
	{ "instagrapi", "\"authorization_data\"", ID_CREDENTIAL,
		is_instagrapi },
	{ "aws-sso", "\"startUrl\"", ID_CREDENTIAL, is_aws_sso },
	{ "aws-cli", "\"AccessKeyId\"", ID_CREDENTIAL, is_aws_cli },
	{ "gcloud-adc", "\"refresh_token\"", ID_CREDENTIAL, is_gcloud_adc },
	{ "jupyter-server", "\"token\"", ID_CREDENTIAL, is_jupyter_server },
	{ "jupyter-kernel", "\"signature_scheme\"", ID_CREDENTIAL,
		is_jupyter_kernel },
};

static bool any_hint(struct span text)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (span_has(text, formats[i].hint))
			return true;
	return false;
}

/** Tries one format; leaves nothing behind when it refuses. */
static bool try_format(const struct json_format *format, struct json_task *task)
{
	struct decoded before = *task->out;
	task->out->kind = format->kind;
	task->out->id = format->id;
	task->out->root = task->root;
	if (!format->accept(task)) {
		*task->out = before;
		return false;
	}
	if (!task->out->entry_count)
		task->out->entry_count = 1;
	return true;
}

static int decode_json_session(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct span text = span_trim((struct span){ bytes, len });
	if (!span_starts(text, "{") && !span_starts(text, "["))
		return 0;
	if (!any_hint(text))
		return 0;
	struct value_builder builder = { out->arena, VALUE_MAX_COUNT };
	struct value_builder more = { out->arena, VALUE_MAX_COUNT };
	struct json_task task = { .out = out, .builder = &more };
	int rc = json_value_read(
		&task.root, &builder, text.bytes, text.len, err);
	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (try_format(&formats[i], &task))
			return 1;
	return 0;
}

static const char *const kinds[] = {
	"session-file-store",
	"session-file-store-encrypted",
	"connect-loki",
	"playwright",
	"cookies",
	"baileys",
	"instagrapi",
	"aws-sso",
	"aws-cli",
	"gcloud-adc",
	"jupyter-server",
	"jupyter-kernel",
	NULL,
};

const struct decoder decoder_json_session = {
	.name = "json-session",
	.summary = "sessions, cookies and tokens kept as JSON",
	.kinds = kinds,
	.decode = decode_json_session,
};
