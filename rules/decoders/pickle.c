/* The decoder of Python pickles that are files of their own. */
#include "rules/decoders/decoders.h"

#include "rules/decoders/pickle.h"
#include "rules/decoders/session_hints.h"

#include <string.h>
#include <time.h>

#define DATETIME_LEN 10 /* datetime.__reduce__: year, month, …, microsecond */
#define MAX_STEPS    ((size_t)100000)

/* Times */

/** The ten bytes of a datetime, in the forms that pickle protocols give it. */
static bool datetime_bytes(
	unsigned char out[DATETIME_LEN], const struct value *state)
{
	/* Python 3 writes bytes to protocols 0 to 2 as text that
	 * _codecs.encode turns into Latin-1 */
	bool encoded = state->type == VALUE_OBJECT && state->name &&
		!strcmp(state->name, "_codecs.encode") && state->count;
	if (encoded)
		state = state->items[0].value;
	if (state->type != VALUE_BYTES && state->type != VALUE_TEXT)
		return false;
	size_t used = 0;
	for (size_t at = 0; at < state->len; at++) {
		if (used == DATETIME_LEN)
			return false;
		unsigned char byte = state->bytes[at];
		if (encoded && (byte == 0xC2 || byte == 0xC3) &&
			at + 1 < state->len)
			byte = (unsigned char)((byte & 3U) << 6 |
				(state->bytes[++at] & 0x3FU));
		out[used++] = byte;
	}
	return used == DATETIME_LEN;
}

bool pickle_datetime(int64_t *seconds, const struct value *value)
{
	unsigned char state[DATETIME_LEN];
	if (value->type != VALUE_OBJECT || !value->name ||
		strcmp(value->name, "datetime.datetime") != 0 ||
		!value->count || !datetime_bytes(state, value->items[0].value))
		return false;
	struct tm tm = {
		.tm_year = state[0] * 256 + state[1] - 1900,
		.tm_mon = (state[2] & 0x7F) - 1, /* high bit: fold, PEP 495 */
		.tm_mday = state[3],
		.tm_hour = state[4],
		.tm_min = state[5],
		.tm_sec = state[6],
	};
	*seconds = timegm(&tm);
	return true;
}

static void note_expiry(struct decoded *out, int64_t seconds)
{
	if (out->expiry == EXPIRY_AT && out->expires_at >= seconds)
		return;
	out->expiry = EXPIRY_AT;
	out->expires_at = seconds;
}

/* Cookies */

/** Where cookies that are looked for in a tree are counted. */
struct cookie_count {
	struct decoded *out;
	size_t steps_left; /* the tree may share and repeat its parts */
};

static bool is_text(const struct value *value)
{
	return value &&
		(value->type == VALUE_TEXT || value->type == VALUE_BYTES);
}

/** Selenium's dicts, and http.cookiejar.Cookie objects, have these. */
static bool is_cookie(const struct value *value)
{
	return is_text(value_get(value, "domain")) &&
		is_text(value_get(value, "name")) && value_get(value, "value");
}

static void note_cookie(struct cookie_count *count, const struct value *cookie)
{
	static const char *const names[] = { "expires", "expiry",
		"expirationDate" };
	count->out->entry_count++;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct value *at = value_get(cookie, names[i]);
		if (!at)
			continue;
		if (at->type == VALUE_INT && at->number > 0)
			note_expiry(count->out, at->number);
		if (at->type == VALUE_FLOAT && at->real > 0 && at->real < 1e12)
			note_expiry(count->out, (int64_t)at->real);
	}
}

/** A jar is a map of domains of maps of paths of maps of names. */
static void count_cookies(
	struct cookie_count *count, const struct value *value, int levels)
{
	for (size_t i = 0; i < value->count && count->steps_left; i++) {
		const struct value *child = value->items[i].value;
		count->steps_left--;
		if (is_cookie(child))
			note_cookie(count, child);
		else if (levels > 1)
			count_cookies(count, child, levels - 1);
	}
	if (!count->steps_left)
		count->out->truncated = true;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);
	size_t end_len = strlen(end);
	return len >= end_len && !strcmp(text + len - end_len, end);
}

static bool read_cookies(struct decoded *out, const struct value *root)
{
	struct cookie_count count = { .out = out, .steps_left = MAX_STEPS };
	if (root->type == VALUE_LIST) {
		if (!root->count || !is_cookie(root->items[0].value))
			return false;
		count_cookies(&count, root, 1);
	} else {
		if (root->type != VALUE_OBJECT || !root->name ||
			!ends_with(root->name, "CookieJar"))
			return false;
		const struct value *jar = value_get(root, "_cookies");
		if (jar)
			count_cookies(&count, jar, 3);
	}
	if (!out->entry_count)
		return false; /* an empty jar gives nothing away */
	out->kind = "cookies";
	out->id = ID_CLEAR;
	return true;
}

/* Sessions */

static bool read_instaloader(struct decoded *out, const struct value *root)
{
	if (root->type != VALUE_MAP || !value_get(root, "csrftoken") ||
		!is_text(value_get(root, "sessionid")))
		return false;
	out->kind = "instaloader";
	out->id = ID_CREDENTIAL;
	return true;
}

/** CherryPy's FileSession writes (data, expiration time). */
static bool read_cherrypy(struct decoded *out, const struct value *root)
{
	int64_t seconds;
	if (root->type != VALUE_LIST || root->count != 2 ||
		root->items[0].value->type != VALUE_MAP ||
		!pickle_datetime(&seconds, root->items[1].value))
		return false;
	out->kind = "cherrypy";
	note_expiry(out, seconds);
	if (session_name_matches(
		    session_file_name(out->path), "session-", 40, SESSION_HEX))
		out->id = ID_CLEAR;
	return true;
}

/** Beaker's file container holds a dict whose first key is "session". */
static bool read_beaker(struct decoded *out, const struct value *root)
{
	if (root->type != VALUE_MAP || !root->count ||
		!value_is_text(root->items[0].key, "session"))
		return false;
	out->kind = "beaker";
	out->id = ID_KEYED;
	return true;
}

/**
 * Protocols 0 and 1 have no magic number, and a line of text can be one by
 * chance: those must hold a container. Several dumps in one file follow each
 * other; the first one is read.
 */
static bool is_plausible(
	const struct pickle *pickle, const unsigned char *bytes, size_t len)
{
	const struct value *root = pickle->root;
	size_t at = pickle->consumed;
	if (pickle->protocol < 2)
		return at == len &&
			(root->type == VALUE_MAP || root->type == VALUE_LIST ||
				root->type == VALUE_OBJECT);
	return at == len ||
		(len - at > 2 && bytes[at] == 0x80 && bytes[at + 1] <= 5);
}

static int decode(struct decoded *out, const unsigned char *bytes, size_t len,
	struct err *err)
{
	struct value_builder builder = {
		.arena = out->arena,
		.values_left = VALUE_MAX_COUNT,
	};
	struct pickle pickle;
	int rc = pickle_read(&pickle, &builder, bytes, len, err);
	if (rc <= 0)
		return rc;
	if (!is_plausible(&pickle, bytes, len))
		return 0;
	out->root = pickle.root;
	out->calls = pickle.calls.names;
	out->call_count = pickle.calls.count;
	out->truncated = pickle.truncated || pickle.consumed < len;
	out->entry_count = 0;
	if (!read_cookies(out, out->root)) {
		out->entry_count = 1;
		if (!read_instaloader(out, out->root) &&
			!read_cherrypy(out, out->root) &&
			!read_beaker(out, out->root))
			out->kind = "pickle";
	}
	return 1;
}

const struct decoder decoder_pickle = {
	.name = "pickle",
	.summary = "Python pickle: cookies, sessions, or other objects",
	.kinds = (const char *const[]){ "cookies", "instaloader", "cherrypy",
		"beaker", "pickle", NULL },
	.decode = decode,
};
