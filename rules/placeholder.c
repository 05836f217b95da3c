#include "rules/placeholder.h"

#include "base/cleanup.h"
#include "rules/keyword.h"
#include "rules/word_model.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define NAME_MAX_LEN 64 /* longer values are no name */
#define SHORT        16

/* In any case, anywhere: nobody draws these at random. */
static const char *const telling[] = { "example", "placeholder", "changeme",
	"change_me", "change-me", "change_this", "change-this", "changethis",
	"replaceme", "replace_me", "replace-me", "replace_with", "replace-with",
	"redacted", "insert_", "insert-", "xxxxxx", "foobar", "deadbeef",
	"notreal", "not_real", "not-real", "notasecret", "not_a_", "not-a-",
	"yourpass", "yoursecret", "yourtoken", "yourkey", "yourapikey",
	"youraccess", "yourclient", "_goes_here", "-goes-here", "dummykey",
	"dummytoken", "fakekey", "faketoken", "mysecret", "mypassword",
	"abcdefghij", "0123456789ab", "invalid_", "invalid-",
	"crwdns", /* Crowdin: a text that is to be translated */
	PLACEHOLDER_REPLACEMENT,
	/* RFC 7617 §2, RFC 6749 §2.3.1 and §4.1.4, and the claims that jwt.io
	 * shows */
	"QWxhZGRpbjpvcGVuIHNlc2FtZQ", "2YotnFZFEjr1zCsicMWpAA",
	"tGzv3JOkF0XG5Qx2TlKWIA", "7Fjfp0ZBr1KtDRbnfVdmIw",
	"eyJzdWIiOiIxMjM0NTY3ODkwI", NULL };

/* As a whole word: between these and other letters or digits is a sign, or
 * the value ends. */
static const char *const words[] = { "your", "my", "sample", "dummy", "fake",
	"mock", "todo", "fixme", "tbd", "foo", "bar", "baz", "test", "testing",
	"here", "secret", "password", "passwd", "hidden", "masked", "removed",
	"none", "null", "undefined", "demo", "changeit", "default", NULL };

/* The whole value, in any case. */
static const char *const values[] = { "nil", "true", "false", "yes", "no",
	"string", "str", "text", "value", "token", "key", "apikey", "api_key",
	"auth_key", "authkey", "auth_token", "access_key", "access_token",
	"pass", "pwd", "user", "username", "admin", "root", "guest", "required",
	"optional", "empty", "unset", "unknown", "env", "auto", "enabled",
	"disabled", "hunter2", NULL };

static const char *const rows[] = { "qwertyuiop", "asdfghjkl", "zxcvbnm",
	"0123456789", "1234567890" };

static bool holds(const unsigned char *bytes, size_t len, const char *text)
{
	return keyword_find(bytes, len, text, strlen(text), true) != NULL;
}

/* Bytes of the name of a variable. */
static size_t name_len(const unsigned char *bytes, size_t len)
{
	size_t count = 0;
	while (count < len && (isalnum(bytes[count]) || bytes[count] == '_'))
		count++;
	return count && isdigit(bytes[0]) ? 0 : count;
}

static bool is_template(const unsigned char *bytes, size_t len)
{
	static const char *const inside[] = { "${", "$(", "{{", "}}", "<%",
		"#{", "...", "\xe2\x80\xa6", NULL };
	for (size_t i = 0; inside[i]; i++)
		if (memmem(bytes, len, inside[i], strlen(inside[i])))
			return true;
	unsigned char first = bytes[0];
	unsigned char last = bytes[len - 1];
	return (first == '<' && last == '>') || (first == '[' && last == ']') ||
		(first == '{' && last == '}') ||
		(len > 2 && first == last && (first == '%' || first == '@')) ||
		(len > 4 && !memcmp(bytes, "__", 2) &&
			!memcmp(bytes + len - 2, "__", 2)) ||
		(first == '%' && len <= 4 && isalpha(last)) ||
		(first == '%' && len > 1 && bytes[1] == '(') ||
		(first == '$' && name_len(bytes + 1, len - 1) == len - 1);
}

/* The longest run in which each byte follows from the one before. */
static size_t longest_run(const unsigned char *bytes, size_t len,
	bool (*follows)(unsigned char, unsigned char))
{
	size_t best = 1;
	size_t run = 1;
	for (size_t i = 1; i < len; i++) {
		run = follows(bytes[i - 1], bytes[i]) ? run + 1 : 1;
		best = run > best ? run : best;
	}
	return best;
}

static bool is_same(unsigned char first, unsigned char second)
{
	return first == second;
}

static bool is_next(unsigned char left, unsigned char right)
{
	if (!isalnum(left) || !isalnum(right))
		return false;
	int low = tolower(left);
	int high = tolower(right);
	return high == low + 1 || (low == '9' && (high == 'a' || high == '0'));
}

static bool is_previous(unsigned char high, unsigned char low)
{
	return is_next(low, high);
}

/* A run that no random value of the length has: eight, or four to seven that
 * are half of the value. Packed numbers are a long value with runs in it. */
static bool is_long(size_t run, size_t len)
{
	return (run >= 8 && run * 5 >= len) || (run >= 4 && run * 2 >= len);
}

static bool is_row(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t most = strlen(rows[i]);
		for (size_t take = most; take >= 6; take--)
			if (keyword_find(bytes, len, rows[i], take, true) &&
				take * 2 >= len)
				return true;
	}
	return false;
}

/* A unit of 2 to 12 bytes, repeated at least three times over the whole. */
static bool is_periodic(const unsigned char *bytes, size_t len)
{
	for (size_t unit = 2; unit <= 12 && unit * 3 <= len; unit++)
		if (len > 8 && !memcmp(bytes, bytes + unit, len - unit))
			return true;
	return false;
}

static bool is_whole_word(
	const unsigned char *bytes, size_t len, size_t at, size_t word_len)
{
	bool starts = !at || !isalnum(bytes[at - 1]);
	bool ends = at + word_len == len || !isalnum(bytes[at + word_len]);
	return starts && ends;
}

/* In sk_test_RANDOM the word is a part of the format: a longer value is judged
 * by all of its letters. */
static bool has_word(const unsigned char *bytes, size_t len)
{
	if (len > SHORT && !reads_as_words(bytes, len))
		return false;
	for (size_t i = 0; words[i]; i++) {
		size_t size = strlen(words[i]);
		const unsigned char *at = bytes;
		const unsigned char *end = bytes + len;
		while ((at = keyword_find(at, (size_t)(end - at), words[i],
				size, true))) {
			if (is_whole_word(
				    bytes, len, (size_t)(at - bytes), size))
				return true;
			at++;
		}
	}
	return false;
}

static bool is_value(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; values[i]; i++)
		if (strlen(values[i]) == len && holds(bytes, len, values[i]))
			return true;
	return false;
}

/* DB_PASSWORD: words in capitals, joined by underscores. */
static bool is_variable(const unsigned char *bytes, size_t len)
{
	size_t underscores = 0;
	size_t digits = 0;
	if (len > NAME_MAX_LEN || !isupper(bytes[0]) || bytes[len - 1] == '_')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isupper(bytes[i]) && !isdigit(bytes[i]) && bytes[i] != '_')
			return false;
		underscores += bytes[i] == '_';
		digits += isdigit(bytes[i]) != 0;
	}
	return underscores && digits <= 2;
}

/* Between the items of a list, with the prefixes of Python's strings. */
static bool is_between(unsigned char byte)
{
	return byte && strchr(" \t\r\n,\"'`()[]rRbBuU", byte);
}

bool placeholder_is_replacement(const unsigned char *bytes, size_t len)
{
	static const char text[] = PLACEHOLDER_REPLACEMENT;
	size_t count = 0;
	for (size_t at = 0; at < len;) {
		bool one = len - at >= sizeof(text) - 1 &&
			!memcmp(bytes + at, text, sizeof(text) - 1);
		if (!one && !is_between(bytes[at]))
			return false;
		count += one;
		at += one ? sizeof(text) - 1 : 1;
	}
	return count > 0;
}

const char *placeholder_kind(const unsigned char *bytes, size_t len)
{
	if (!len)
		return "empty";
	if (is_template(bytes, len))
		return "a template";
	if (is_long(longest_run(bytes, len, is_same), len))
		return "one character repeated";
	if (is_long(longest_run(bytes, len, is_next), len) ||
		is_long(longest_run(bytes, len, is_previous), len) ||
		is_row(bytes, len))
		return "characters in sequence";
	if (is_periodic(bytes, len))
		return "a few characters repeated";
	if (is_variable(bytes, len))
		return "the name of a variable";
	for (size_t i = 0; telling[i]; i++)
		if (holds(bytes, len, telling[i]))
			return "words of a placeholder";
	if (has_word(bytes, len) || is_value(bytes, len))
		return "words of a placeholder";
	return NULL;
}
