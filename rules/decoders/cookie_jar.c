/*
 * Cookie jars as text: the Netscape format of curl, wget, aria2, yt-dlp and
 * Python, and the format of LWP and Python's LWPCookieJar.
 *
 * A header line proves nothing: jars without one are common, and so are empty
 * jars with one. What decides is a well-formed cookie line; without a header
 * they must be at least half of the lines, or the text is prose about jars.
 */
#include "rules/decoders/decoders.h"
#include "rules/decoders/expiry.h"
#include "rules/decoders/span.h"

#include <string.h>

#define KIND_NETSCAPE "netscape"
#define KIND_LWP      "lwp"

#define NETSCAPE_FIELDS 7

struct cookie {
	struct span name;
	struct span value;
	int64_t expires; /* 0: with the browser */
};

struct jar {
	struct decoded *out;
	struct value_builder builder;
	struct value *names; /* cookie name to value */
	size_t other_lines;
};

static void add_cookie(struct jar *jar, const struct cookie *cookie)
{
	struct value *key =
		value_text(&jar->builder, cookie->name.bytes, cookie->name.len);
	struct value *value = value_text(
		&jar->builder, cookie->value.bytes, cookie->value.len);
	if (!key || !value || !value_add(&jar->builder, jar->names, key, value))
		jar->out->truncated = true;
	jar->out->entry_count++;
	expiry_add(jar->out, cookie->expires);
}

static bool is_flag(struct span field)
{
	return span_is_nocase(field, "TRUE") || span_is_nocase(field, "FALSE");
}

/** Seconds, with a fraction from some browsers; Python leaves it empty. */
static bool read_expires(int64_t *out, struct span field)
{
	struct span whole;
	*out = 0;
	if (!field.len)
		return true;
	if (!span_cut(&whole, &field, '.'))
		return span_number(out, field);
	return span_number(out, whole) && span_made_of(field, "0123456789");
}

static bool is_word(struct span field)
{
	for (size_t i = 0; i < field.len; i++)
		if (field.bytes[i] <= ' ' || field.bytes[i] == 0x7f)
			return false;
	return field.len > 0;
}

/** https://curl.se/docs/http-cookies.html: domain, flag, path, secure,
 * expires, name, value, separated by TABs. */
static bool read_netscape(struct cookie *out, struct span line)
{
	struct span fields[NETSCAPE_FIELDS];
	if (span_starts(line, "#HttpOnly_")) {
		line.bytes += strlen("#HttpOnly_");
		line.len -= strlen("#HttpOnly_");
	}
	for (size_t i = 0; i < NETSCAPE_FIELDS - 1; i++)
		if (!span_cut(&fields[i], &line, '\t'))
			return false;
	out->name = fields[5];
	out->value = line;
	return is_word(fields[0]) && is_flag(fields[1]) &&
		span_starts(fields[2], "/") && is_flag(fields[3]) &&
		read_expires(&out->expires, fields[4]) && is_word(out->name) &&
		!memchr(line.bytes, '\0', line.len);
}

/** Without the quotes around it, where there are any. */
static struct span unquote(struct span text)
{
	if (text.len >= 2 && span_starts(text, "\"") && span_ends(text, "\"")) {
		text.bytes++;
		text.len -= 2;
	}
	return text;
}

/** The part up to the next ";" outside of quotes. */
static bool cut_part(struct span *part, struct span *rest)
{
	bool quoted = false;
	size_t end = 0;
	if (!rest->len)
		return false;
	while (end < rest->len && (quoted || rest->bytes[end] != ';')) {
		if (rest->bytes[end] == '\\' && end + 1 < rest->len)
			end++;
		else if (rest->bytes[end] == '"')
			quoted = !quoted;
		end++;
	}
	*part = span_trim((struct span){ rest->bytes, end });
	size_t used = end < rest->len ? end + 1 : end;
	rest->bytes += used;
	rest->len -= used;
	return true;
}

/** HTTP::Cookies::as_string(): `Set-Cookie3: name=value; path="/"; …` */
static bool read_lwp(struct cookie *out, struct span line)
{
	static const char prefix[] = "Set-Cookie3:";
	struct span part, key;
	if (!span_starts(line, prefix))
		return false;
	line.bytes += strlen(prefix);
	line.len -= strlen(prefix);
	if (!cut_part(&part, &line) || !span_cut(&out->name, &part, '='))
		return false;
	out->value = unquote(part);
	out->expires = 0;
	bool has_domain = false;
	while (cut_part(&part, &line)) {
		if (!span_cut(&key, &part, '='))
			continue;
		has_domain = has_domain || span_is_nocase(key, "domain");
		if (span_is_nocase(key, "expires") &&
			!expiry_parse(&out->expires, unquote(part)))
			return false;
	}
	return has_domain && is_word(out->name);
}

typedef bool read_cookie(struct cookie *out, struct span line);

static void read_lines(struct jar *jar, struct span text, read_cookie *read)
{
	struct span line;
	struct cookie cookie;
	while (span_line(&line, &text)) {
		bool blank = !span_trim(line).len;
		if (read(&cookie, line))
			add_cookie(jar, &cookie);
		else if (!blank && !span_starts(line, "#"))
			jar->other_lines++;
	}
}

static int decode_as(struct decoded *out, struct span text, read_cookie *read,
	const char *kind, bool has_header)
{
	struct jar jar = {
		.out = out,
		.builder = { out->arena, VALUE_MAX_COUNT },
	};
	jar.names = value_new(&jar.builder, VALUE_MAP);
	read_lines(&jar, text, read);
	if (!out->entry_count ||
		(!has_header && out->entry_count < jar.other_lines))
		return 0;
	out->kind = kind;
	out->id = ID_CLEAR;
	out->root = jar.names;
	return 1;
}

static int decode_cookie_jar(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct span text = { bytes, len };
	(void)err; /* a jar is one pass over its lines */
	if (span_starts(text, "#LWP-Cookies-") ||
		span_starts(text, "Set-Cookie3:"))
		return decode_as(out, text, read_lwp, KIND_LWP, true);
	bool has_header = span_starts(text, "# Netscape HTTP Cookie File") ||
		span_starts(text, "# HTTP Cookie File");
	return decode_as(out, text, read_netscape, KIND_NETSCAPE, has_header);
}

static const char *const kinds[] = { KIND_NETSCAPE, KIND_LWP, NULL };

const struct decoder decoder_cookie_jar = {
	.name = "cookie-jar",
	.summary = "cookie jars of curl, wget, yt-dlp, Python and LWP",
	.kinds = kinds,
	.decode = decode_cookie_jar,
};
