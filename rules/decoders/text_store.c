/*
 * Small text files that hold credentials or sessions: netrc, git's credential
 * store, the AWS credentials file, the headers that Scrapy's HTTP cache keeps,
 * Jupyter's cookie secret, Perl's CGI::Session, and ASP.NET Core's key ring.
 *
 * All but the last two are judged whole: a text that merely quotes such lines
 * is refused, and so is one whose values are all placeholders.
 */
#include "rules/decoders/decoders.h"
#include "rules/decoders/expiry.h"
#include "rules/decoders/span.h"

#include <string.h>

/* None of these files is large; a text beyond this is something else. */
#define MAX_TEXT ((size_t)1024 * 1024)

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BASE64 UPPER LOWER DIGITS "+/"

struct text_task {
	struct decoded *out;
	struct value_builder builder;
	struct span text;
};

/** Adds text under a name; what finds no room is marked. */
static void add_text(struct text_task *task, struct value *map,
	struct span name, struct span content)
{
	struct value_builder *builder = &task->builder;
	struct value *key = value_text(builder, name.bytes, name.len);
	struct value *value = value_text(builder, content.bytes, content.len);
	if (!map || !key || !value || !value_add(builder, map, key, value))
		task->out->truncated = true;
}

static struct span static_span(const char *text)
{
	return (struct span){ (const unsigned char *)text, strlen(text) };
}

/** A new map in the list that is the root. NULL at the bound. */
static struct value *add_row(struct text_task *task)
{
	struct value *row = value_new(&task->builder, VALUE_MAP);
	if (!task->out->root)
		task->out->root = value_new(&task->builder, VALUE_LIST);
	if (!row || !task->out->root ||
		!value_add(&task->builder, task->out->root, NULL, row))
		task->out->truncated = true;
	return row;
}

static bool is_one_byte_repeated(struct span value)
{
	for (size_t i = 1; i < value.len; i++)
		if (value.bytes[i] != value.bytes[0])
			return false;
	return true;
}

/** What stands in a template where a secret belongs. */
static bool is_placeholder(struct span value)
{
	static const char *const words[] = { "password", "passwd", "pass",
		"secret", "token", "changeme", "change-me", "none", "null",
		"redacted", NULL };
	static const char *const starts[] = { "<", "$", "{", "%", "[", "your",
		"YOUR", "Your", "...", NULL };
	for (size_t i = 0; words[i]; i++)
		if (span_is_nocase(value, words[i]))
			return true;
	for (size_t i = 0; starts[i]; i++)
		if (span_starts(value, starts[i]))
			return true;
	return is_one_byte_repeated(value) || span_has(value, "EXAMPLE") ||
		span_starts(value, "xxx");
}

/** One machine of a netrc. */
struct machine {
	struct span name, login, password;
	bool open;
};

static void add_machine(struct text_task *task, struct machine *machine)
{
	bool anonymous = span_is(machine->login, "anonymous");
	if (machine->open && !anonymous && machine->password.len &&
		!is_placeholder(machine->password)) {
		struct value *row = add_row(task);
		task->out->entry_count++;
		add_text(task, row, static_span("machine"), machine->name);
		add_text(task, row, static_span("login"), machine->login);
		add_text(task, row, static_span("password"), machine->password);
	}
	*machine = (struct machine){ .open = true };
}

/** Takes the word behind a keyword; false for a word that is none. */
static bool take_netrc_word(struct text_task *task, struct machine *machine,
	struct span word, struct span *rest)
{
	struct span ignored;
	if (span_is(word, "default")) {
		add_machine(task, machine);
		machine->name = word;
		return true;
	}
	if (span_is(word, "machine")) {
		add_machine(task, machine);
		return span_word(&machine->name, rest);
	}
	if (!machine->open)
		return false;
	if (span_is(word, "login"))
		return span_word(&machine->login, rest);
	if (span_is(word, "password"))
		return span_word(&machine->password, rest);
	return span_is(word, "account") && span_word(&ignored, rest);
}

/** A macro ends with an empty line. */
static void skip_macro(struct span *rest)
{
	struct span line;
	while (span_line(&line, rest) && span_trim(line).len)
		;
}

/** netrc(5), and the .netrc section of inetutils' ftp(1). */
static bool is_netrc(struct text_task *task)
{
	struct span rest = task->text;
	struct span word, line;
	struct machine machine = { 0 };
	while (span_word(&word, &rest)) {
		if (span_starts(word, "#"))
			span_line(&line, &rest);
		else if (span_is(word, "macdef"))
			skip_macro(&rest);
		else if (!take_netrc_word(task, &machine, word, &rest))
			return false;
	}
	add_machine(task, &machine);
	return task->out->entry_count > 0;
}

/** `scheme://user:password@host`, one line of git-credential-store(1). */
static bool read_url(struct text_task *task, struct span line)
{
	struct span scheme, user, password, word, rest = line;
	if (!span_cut(&scheme, &line, ':') || !scheme.len ||
		!span_made_of(scheme, LOWER DIGITS "+.-") ||
		!span_starts(line, "//"))
		return false;
	line.bytes += 2;
	line.len -= 2;
	if (!span_cut(&user, &line, ':') || !span_cut(&password, &line, '@') ||
		!line.len || !span_word(&word, &rest) || rest.len ||
		memchr(user.bytes, '/', user.len))
		return false;
	if (is_placeholder(password))
		return true;
	struct value *row = add_row(task);
	task->out->entry_count++;
	add_text(task, row, static_span("host"), line);
	add_text(task, row, static_span("username"), user);
	add_text(task, row, static_span("password"), password);
	return true;
}

static bool is_git_credentials(struct text_task *task)
{
	struct span rest = task->text;
	struct span line;
	while (span_line(&line, &rest)) {
		line = span_trim(line);
		if (line.len && !span_starts(line, "#") &&
			!read_url(task, line))
			return false;
	}
	return task->out->entry_count > 0;
}

/** A section of an INI file while it is read. */
struct profile {
	struct value *row;
	bool has_secret;
};

static void end_profile(struct text_task *task, struct profile *profile)
{
	task->out->entry_count += profile->has_secret;
	profile->has_secret = false;
}

static bool read_ini_line(
	struct text_task *task, struct profile *profile, struct span line)
{
	struct span key;
	if (span_starts(line, "[") && span_ends(line, "]")) {
		end_profile(task, profile);
		profile->row = add_row(task);
		return true;
	}
	if (!profile->row || !span_cut(&key, &line, '='))
		return false;
	key = span_trim(key);
	line = span_trim(line);
	add_text(task, profile->row, key, line);
	if (span_is_nocase(key, "aws_secret_access_key") && line.len >= 16 &&
		!is_placeholder(line))
		profile->has_secret = true;
	return true;
}

/** ~/.aws/credentials: the AWS CLI User Guide, "Configuration and credential
 * file settings". */
static bool is_aws_credentials(struct text_task *task)
{
	struct span rest = task->text;
	struct span line;
	struct profile profile = { 0 };
	while (span_line(&line, &rest)) {
		line = span_trim(line);
		if (!line.len || span_starts(line, "#") ||
			span_starts(line, ";"))
			continue;
		if (!read_ini_line(task, &profile, line))
			return false;
	}
	end_profile(task, &profile);
	return task->out->entry_count > 0;
}

static bool is_secret_header(struct span name)
{
	static const char *const names[] = { "cookie", "set-cookie",
		"authorization", "proxy-authorization", "x-auth-token",
		"x-api-key", "x-csrf-token", "x-xsrf-token", NULL };
	for (size_t i = 0; names[i]; i++)
		if (span_is_nocase(name, names[i]))
			return true;
	return false;
}

/** RFC 9110 §5.1 and §5.6.2: a field name is a token. */
static bool is_header_name(struct span name)
{
	return name.len &&
		span_made_of(name, UPPER LOWER DIGITS "!#$%&'*+-.^_`|~");
}

/** What follows the first word of `Bearer …`, the first `name=` of cookies. */
static struct span header_secret(struct span name, struct span value)
{
	struct span head;
	bool cookie = span_is_nocase(name, "cookie") ||
		span_is_nocase(name, "set-cookie");
	if (span_cut(&head, &value, cookie ? '=' : ' '))
		return span_trim(value);
	return cookie ? (struct span){ value.bytes, 0 } : value;
}

/** request_headers and response_headers of Scrapy's FilesystemCacheStorage:
 * every line a field. */
static bool is_http_headers(struct text_task *task)
{
	struct span rest = task->text;
	struct span line, name;
	struct value *row = add_row(task);
	while (span_line(&line, &rest)) {
		if (!span_trim(line).len)
			continue;
		if (!span_cut(&name, &line, ':') || !is_header_name(name))
			return false;
		line = span_trim(line);
		add_text(task, row, name, line);
		if (is_secret_header(name) &&
			!is_placeholder(header_secret(name, line)))
			task->out->entry_count++;
	}
	return task->out->entry_count > 0;
}

/**
 * Jupyter: base64 of 32 bytes and a newline; JupyterHub: 64 hex digits. Many
 * other files look so, therefore a name that is known must fit.
 */
static bool is_jupyter_secret(struct text_task *task)
{
	struct span text = span_trim(task->text);
	struct span name = span_basename(task->out->path);
	struct span digits = text;
	digits.len -= text.len ? 1 : 0;
	task->out->entry_count = 1;
	if (span_is(name, "jupyterhub_cookie_secret"))
		return text.len == 64 &&
			span_made_of(text, DIGITS "abcdefABCDEF");
	return (!name.len || span_ends(name, "_cookie_secret")) &&
		text.len == 44 && span_ends(text, "=") &&
		span_made_of(digits, BASE64) && !is_one_byte_repeated(digits);
}

/** The part of a quoted text before its end; `rest` starts behind it. */
static bool take_perl_string(struct span *out, struct span *rest)
{
	if (!span_starts(*rest, "'"))
		return false;
	size_t end = 1;
	while (end < rest->len && rest->bytes[end] != '\'')
		end += rest->bytes[end] == '\\' ? 2 : 1;
	if (end >= rest->len)
		return false;
	*out = (struct span){ rest->bytes + 1, end - 1 };
	rest->bytes += end + 1;
	rest->len -= end + 1;
	return true;
}

/** A quoted text or a number; what else a value can be is left out. */
static struct span perl_scalar(struct span rest)
{
	struct span scalar;
	rest = span_trim(rest);
	if (take_perl_string(&scalar, &rest))
		return scalar;
	size_t len = 0;
	while (len < rest.len && rest.bytes[len] && len < 20 &&
		strchr(DIGITS "-.", rest.bytes[len]))
		len++;
	return (struct span){ rest.bytes, len };
}

/** The session's own times: last access, and seconds that it may rest. */
static void add_perl_expiry(struct decoded *out)
{
	const struct value *used = value_get(out->root, "_SESSION_ATIME");
	const struct value *rest = value_get(out->root, "_SESSION_ETIME");
	int64_t used_at, seconds, end;
	if (used && rest &&
		span_number(
			&used_at, (struct span){ used->bytes, used->len }) &&
		span_number(
			&seconds, (struct span){ rest->bytes, rest->len }) &&
		seconds > 0 && !__builtin_add_overflow(used_at, seconds, &end))
		expiry_add(out, end);
}

/** CGI::Session's default serializer: `$D = {'name' => value,…};;$D`, which
 * is Perl source and executed on load. */
static bool is_perl_session(struct text_task *task)
{
	struct span rest = task->text;
	struct span name;
	if (!span_starts(rest, "$D = {") || !span_has(rest, "'_SESSION_ID'"))
		return false;
	task->out->root = value_new(&task->builder, VALUE_MAP);
	while (span_cut(&name, &rest, '\'')) {
		rest.bytes--; /* back to the quote */
		rest.len++;
		if (!take_perl_string(&name, &rest))
			break;
		struct span behind = span_trim(rest);
		if (!span_starts(behind, "=>"))
			continue;
		rest = (struct span){ behind.bytes + 2, behind.len - 2 };
		struct span scalar = perl_scalar(rest);
		add_text(task, task->out->root, name, scalar);
		size_t used = (size_t)(scalar.bytes + scalar.len - rest.bytes);
		bool quoted = used < rest.len && rest.bytes[used] == '\'';
		rest.bytes += used + quoted;
		rest.len -= used + quoted;
	}
	task->out->entry_count = 1;
	add_perl_expiry(task->out);
	return true;
}

/** What stands between two marks. */
static bool between(
	struct span *out, struct span text, const char *open, const char *close)
{
	const unsigned char *at =
		memmem(text.bytes, text.len, open, strlen(open));
	if (!at)
		return false;
	at += strlen(open);
	struct span rest = { at, text.len - (size_t)(at - text.bytes) };
	const unsigned char *end =
		memmem(rest.bytes, rest.len, close, strlen(close));
	if (!end)
		return false;
	*out = (struct span){ at, (size_t)(end - at) };
	return true;
}

/** ASP.NET Core data protection, "Key storage format": a master key in clear.
 * One that is encrypted at rest has no <masterKey>. */
static bool is_aspnet_key(struct text_task *task)
{
	struct span key, value, expires;
	int64_t seconds;
	if (!span_has(task->text, "<key id=\"") ||
		!between(&key, task->text, "<masterKey", "</masterKey>") ||
		!between(&value, key, "<value>", "</value>"))
		return false;
	value = span_trim(value);
	if (value.len < 24 || !span_made_of(value, BASE64 "="))
		return false;
	if (between(&expires, task->text, "<expirationDate>",
		    "</expirationDate>") &&
		expiry_parse(&seconds, expires))
		expiry_add(task->out, seconds);
	add_text(task, add_row(task), static_span("masterKey"), value);
	task->out->entry_count = 1;
	return true;
}

struct text_format {
	const char *kind;
	int id; /* enum id_exposure */
	bool (*accept)(struct text_task *task);
};

static const struct text_format formats[] = {
	{ "netrc", ID_CREDENTIAL, is_netrc },
	{ "git-credentials", ID_CREDENTIAL, is_git_credentials },
	{ "aws-credentials", ID_CREDENTIAL, is_aws_credentials },
	{ "http-headers", ID_CLEAR, is_http_headers },
	{ "jupyter-secret", ID_CREDENTIAL, is_jupyter_secret },
	{ "perl-cgi-session", ID_CLEAR, is_perl_session },
	{ "aspnet-key", ID_CREDENTIAL, is_aspnet_key },
};

static int decode_text_store(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	const struct decoded before = *out;
	(void)err; /* one pass a format over a text that is not large */
	if (!len || len > MAX_TEXT || memchr(bytes, '\0', len))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct text_task task = {
			.out = out,
			.builder = { out->arena, VALUE_MAX_COUNT },
			.text = { bytes, len },
		};
		out->kind = formats[i].kind;
		out->id = formats[i].id;
		if (formats[i].accept(&task))
			return 1;
		*out = before;
	}
	return 0;
}

static const char *const kinds[] = {
	"netrc",
	"git-credentials",
	"aws-credentials",
	"http-headers",
	"jupyter-secret",
	"perl-cgi-session",
	"aspnet-key",
	NULL,
};

const struct decoder decoder_text_store = {
	.name = "text-store",
	.summary = "netrc, credential and header files, cookie secrets, keys",
	.kinds = kinds,
	.decode = decode_text_store,
};
