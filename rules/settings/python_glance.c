/*
 * A glance at Python source, at a tenth of the price of reading it: can there
 * be a setting in it at all? The names of settings stand in most files of a
 * web framework, and in few of them as something that is set.
 *
 * It goes by what is next to such a name. Where that cannot be told without
 * tokens (a comment behind the name, a name far longer than any that people
 * write) the answer is that there can: python_read() decides.
 */
#include "rules/settings/recorder.h"

#include "base/array.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define BLOCK        64
#define AHEAD        2  /* bytes that a mark has behind its first */
#define MAX_KNOWN    64 /* bytes of a name that is known, and of an object's */
#define MAX_SEARCHES 64 /* for what Flask(…) is assigned to, of one file */

enum answer { NOT_KNOWN, NO, YES };

struct glance {
	const unsigned char *bytes;
	size_t len;
	enum answer has_config_call;
	enum answer has_settings_base;
	unsigned searches;
};

/* A stretch of bytes. */
struct stretch {
	size_t start, end;
};

/* Says of each byte of a block whether a mark begins there: 1 or 0. */
typedef void find_marks(
	unsigned char *restrict flags, const unsigned char *restrict block);
typedef bool take_mark(struct glance *glance, size_t at);

static bool is_letter(unsigned char byte)
{
	unsigned lower = byte | 0x20;
	return (lower >= 'a' && lower <= 'z') || byte == '_' || byte >= 0x80 ||
		(byte >= '0' && byte <= '9');
}

/* What can stand between two tokens, but for comments. */
static bool is_between(unsigned char byte)
{
	return byte <= ' ' || byte == 0x7f || byte == '\\';
}

/* The byte at a place, or 0 behind the end. */
static unsigned char byte_at(const struct glance *glance, size_t at)
{
	return at < glance->len ? glance->bytes[at] : 0;
}

static size_t next_token(const struct glance *glance, size_t at)
{
	while (at < glance->len && is_between(glance->bytes[at]))
		at++;
	return at;
}

/* The end of the token before, on this line or, where *on_line becomes false,
 * on one before it, which can end in a comment. */
static size_t last_token(const struct glance *glance, size_t at, bool *on_line)
{
	while (at && is_between(glance->bytes[at - 1]))
		if (glance->bytes[--at] == '\n')
			*on_line = false;
	return at;
}

/* The name around, or up to, a place; one longer than MAX_KNOWN on one side
 * is cut. */
static struct stretch name_at(const struct glance *glance, size_t at)
{
	struct stretch name = { at, at };
	while (name.start && at - name.start <= MAX_KNOWN &&
		is_letter(glance->bytes[name.start - 1]))
		name.start--;
	while (name.end < glance->len && name.end - at <= MAX_KNOWN &&
		is_letter(glance->bytes[name.end]))
		name.end++;
	return name;
}

static bool name_is(
	const struct glance *glance, struct stretch name, const char *text)
{
	return name.end - name.start == strlen(text) &&
		!memcmp(glance->bytes + name.start, text,
			name.end - name.start);
}

static bool name_ends_with(
	const struct glance *glance, struct stretch name, const char *text)
{
	size_t len = strlen(text);
	return name.end - name.start >= len &&
		!memcmp(glance->bytes + name.end - len, text, len);
}

/* Calls `take` for each flag, until it says true; then so does this. */
static bool take_flags(struct glance *glance, const unsigned char *flags,
	size_t from, take_mark *take)
{
	for (size_t i = 0; i < BLOCK; i += sizeof(uint64_t)) {
		uint64_t eight;
		memcpy(&eight, flags + i, sizeof(eight));
		for (size_t j = i; eight && j < i + sizeof(eight); j++)
			if (flags[j] && take(glance, from + j))
				return true;
	}
	return false;
}

static bool each_mark(struct glance *glance, find_marks *find, take_mark *take)
{
	for (size_t from = 0; from < glance->len; from += BLOCK) {
		unsigned char copy[BLOCK + AHEAD];
		unsigned char flags[BLOCK];
		const unsigned char *block = glance->bytes + from;
		size_t left = glance->len - from;
		if (left < sizeof(copy)) {
			memset(copy, 0, sizeof(copy));
			block = memcpy(copy, block, left);
		}
		find(flags, block);
		if (take_flags(glance, flags, from, take))
			return true;
	}
	return false;
}

/* In either case "ssi" of SESSION, "_ke" of SECRET_KEY, "bug" of DEBUG, and
 * "esy" of FileSystemCache: each name that matters has one of them. Without a
 * branch, for the compiler to do sixteen at once. */
static void find_name_marks(
	unsigned char *restrict flags, const unsigned char *restrict block)
{
	for (size_t i = 0; i < BLOCK; i++) {
		unsigned char first = block[i] | 0x20;
		unsigned char second = block[i + 1] | 0x20;
		unsigned char third = block[i + 2] | 0x20;
		flags[i] = ((second == 's') &
				   (((first == 's') & (third == 'i')) |
					   ((first == 'e') & (third == 'y')))) |
			((first == 'b') & (second == 'u') & (third == 'g')) |
			((block[i] == '_') & (second == 'k') & (third == 'e'));
	}
}

/* "pda" of update, "_ma" of from_mapping, "tde" of setdefault, and `|=`. */
static void find_call_marks(
	unsigned char *restrict flags, const unsigned char *restrict block)
{
	for (size_t i = 0; i < BLOCK; i++) {
		const unsigned char *at = block + i;
		flags[i] = ((at[0] == 'p') & (at[1] == 'd') & (at[2] == 'a')) |
			((at[0] == '_') & (at[1] == 'm') & (at[2] == 'a')) |
			((at[0] == 't') & (at[1] == 'd') & (at[2] == 'e')) |
			((at[0] == '|') & (at[1] == '='));
	}
}

/* The line, without what is white around it, that ends at a place. */
static struct stretch line_before(const struct glance *glance, size_t end)
{
	struct stretch line = { end, end };
	while (line.start && glance->bytes[line.start - 1] != '\n')
		line.start--;
	while (line.start < line.end && is_between(glance->bytes[line.start]))
		line.start++;
	return line;
}

/* True when the lines that end at a place may have a dot as last token: behind
 * it there may be comments. */
static bool may_end_in_dot(const struct glance *glance, size_t end)
{
	bool on_line = true;
	struct stretch line;
	do {
		end = last_token(glance, end, &on_line);
		line = line_before(glance, end);
		end = line.start;
	} while (line.start < line.end && glance->bytes[line.start] == '#');
	for (size_t at = line.start; at < line.end; at++) {
		if (glance->bytes[at] != '.')
			continue;
		size_t next = next_token(glance, at + 1);
		if (next >= line.end || glance->bytes[next] == '#')
			return true;
	}
	return false;
}

/* True when what ends at a place can be a name such as app_config. */
static bool speaks_of_config(const struct glance *glance, size_t end)
{
	bool on_line = true;
	end = last_token(glance, end, &on_line);
	struct stretch name = { end, end };
	while (name.start && is_letter(glance->bytes[name.start - 1]))
		name.start--;
	size_t len = name.end - name.start;
	const unsigned char *at = glance->bytes + name.start;
	return !on_line || memmem(at, len, "conf", 4) ||
		memmem(at, len, "settings", 8);
}

static bool take_call_mark(struct glance *glance, size_t at)
{
	if (glance->bytes[at] == '|')
		return speaks_of_config(glance, at);
	struct stretch name = name_at(glance, at);
	if (!name_is(glance, name, "update") &&
		!name_is(glance, name, "from_mapping") &&
		!name_is(glance, name, "setdefault"))
		return false;
	size_t next = next_token(glance, name.end);
	if (byte_at(glance, next) != '(' && byte_at(glance, next) != '#')
		return false;
	bool on_line = true;
	size_t end = last_token(glance, name.start, &on_line);
	if (!on_line)
		return may_end_in_dot(glance, end);
	return end && glance->bytes[end - 1] == '.' &&
		speaks_of_config(glance, end - 1);
}

/* True when a mapping, as config.update() takes one, can set something. */
static bool has_config_call(struct glance *glance)
{
	if (glance->has_config_call == NOT_KNOWN)
		glance->has_config_call =
			each_mark(glance, find_call_marks, take_call_mark) ? YES
									   : NO;
	return glance->has_config_call == YES;
}

/* True when there can be a class whose settings may be in lower case. */
static bool has_settings_base(struct glance *glance)
{
	if (glance->has_settings_base == NOT_KNOWN)
		glance->has_settings_base =
			memmem(glance->bytes, glance->len, "Settings", 8) ? YES
									  : NO;
	return glance->has_settings_base == YES;
}

static bool is_known(const struct glance *glance, struct stretch name)
{
	static const char prefix[] = "FLASK_";
	const char *text = (const char *)glance->bytes + name.start;
	size_t len = name.end - name.start;
	if (len >= sizeof(prefix) &&
		!memcmp(text, prefix, sizeof(prefix) - 1)) {
		text += sizeof(prefix) - 1;
		len -= sizeof(prefix) - 1;
	}
	for (size_t i = 0; i < known_setting_count; i++) {
		const struct known_setting *known = &known_settings[i];
		if (known->framework != FRAMEWORK_FLASK &&
			known->framework != FRAMEWORK_DJANGO)
			continue;
		/* an alias of these is the key in lower case */
		if (strlen(known->key) == len &&
			!strncasecmp(known->key, text, len))
			return true;
	}
	return false;
}

/* What can end a target: `=`, or the `:` of an annotation. A comment hides
 * which one it is. */
static bool is_assigned(const struct glance *glance, size_t at)
{
	at = next_token(glance, at);
	unsigned char byte = byte_at(glance, at);
	return byte == '#' || byte == ':' ||
		(byte == '=' && byte_at(glance, at + 1) != '=');
}

/* x['KEY'] = value, from behind the text. */
static bool is_item(const struct glance *glance, size_t at)
{
	at = next_token(glance, at);
	return byte_at(glance, at) == '#' ||
		(byte_at(glance, at) == ']' && is_assigned(glance, at + 1));
}

/* A text with such a name in it, whose quotes are next, if it has any. */
static bool text_sets(struct glance *glance, size_t at)
{
	unsigned char quote = byte_at(glance, at);
	for (size_t i = 0; i < 3 && byte_at(glance, at) == quote; i++)
		at++;
	return is_item(glance, at) || has_config_call(glance);
}

/* True when a backslash joins the line that has its first token at a place
 * with the one before it. */
static bool is_joined(const struct glance *glance, size_t at)
{
	while (at && is_between(glance->bytes[at - 1]))
		if (glance->bytes[--at] == '\\')
			return true;
	return false;
}

/* True when Flask at a place can be what something of the name is assigned:
 * the name is on the line, or the line goes on from one before it. */
static bool is_assigned_to(
	const struct glance *glance, size_t at, struct stretch name)
{
	bool on_line = true;
	size_t equals = last_token(glance, at, &on_line);
	if (!on_line)
		return true;
	if (!equals || glance->bytes[equals - 1] != '=')
		return false;
	struct stretch line = line_before(glance, equals - 1);
	const unsigned char *text = glance->bytes + line.start;
	size_t len = line.end - line.start;
	bool goes_on = memchr(text, ')', len) || memchr(text, ']', len) ||
		memchr(text, '}', len) || is_joined(glance, line.start);
	return goes_on ||
		memmem(text, len, glance->bytes + name.start,
			name.end - name.start);
}

/* True when something of the name can be what Flask(…) was assigned to. */
static bool can_be_application(struct glance *glance, struct stretch name)
{
	static const char call[] = "Flask";
	const unsigned char *at = glance->bytes;
	const unsigned char *end = at + glance->len;
	while (++glance->searches <= MAX_SEARCHES) {
		at = memmem(at, (size_t)(end - at), call, sizeof(call) - 1);
		if (!at)
			return false;
		size_t start = (size_t)(at - glance->bytes);
		at += sizeof(call) - 1;
		size_t next = next_token(glance, start + sizeof(call) - 1);
		unsigned char byte = byte_at(glance, next);
		if ((byte == '(' || byte == '#') &&
			is_assigned_to(glance, start, name))
			return true;
	}
	return true;
}

/* app.debug = True, of which `dot` is the end of "app." */
static bool attribute_sets(struct glance *glance, size_t dot)
{
	bool on_line = true;
	size_t end = last_token(glance, dot - 1, &on_line);
	struct stretch name = { name_at(glance, end).start, end };
	if (!on_line || name.end - name.start > MAX_KNOWN)
		return true;
	if (name.start == name.end)
		return false;
	return name_ends_with(glance, name, "app") ||
		name_ends_with(glance, name, "application") ||
		name_ends_with(glance, name, "server") ||
		can_be_application(glance, name);
}

static bool name_sets(struct glance *glance, struct stretch name)
{
	unsigned char first = glance->bytes[name.start];
	bool upper = first >= 'A' && first <= 'Z';
	bool on_line = true;
	size_t last = last_token(glance, name.start, &on_line);
	const struct stretch before = { name_at(glance, last).start, last };
	if (!is_assigned(glance, name.end)) /* a property? */
		return upper && name_ends_with(glance, before, "def");
	if (on_line && last && glance->bytes[last - 1] == '.')
		return !upper && attribute_sets(glance, last);
	return upper || (!on_line && may_end_in_dot(glance, last)) ||
		has_settings_base(glance) || has_config_call(glance);
}

static bool take_name_mark(struct glance *glance, size_t at)
{
	struct stretch name = name_at(glance, at);
	if (name_is(glance, name, "FileSystemCache") ||
		name_is(glance, name, "FileSystemSessionInterface"))
		return true;
	if (!is_known(glance, name))
		return false;
	switch (byte_at(glance, name.end)) {
	case '\\': /* may be part of the text, and stand for nothing */
	case '\0':
		return true;
	case '"':
	case '\'':
		return text_sets(glance, name.end);
	case '\n': /* may end a text whose quote is missing */
		return text_sets(glance, name.end) || name_sets(glance, name);
	default:
		return name_sets(glance, name);
	}
}

bool python_may_set(const unsigned char *bytes, size_t len)
{
	struct glance glance = { .bytes = bytes, .len = len };
	return each_mark(&glance, find_name_marks, take_name_mark);
}
