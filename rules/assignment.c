#include "rules/assignment.h"

#include "base/buf.h"

#include <string.h>

#define WORD_BYTES "abcdefghijklmnopqrstuvwxyz0123456789"

/* What may stand between words of a name. */
#define BLANK "[-_. ]?"

/* `_PROD` and the like, then what closes the name: quotes, brackets. */
#define NAME_END "(?:[-_.]?\\w{1,20})?\\\\?[\"'`\\])]{0,3}"

/* Types of TypeScript, Rust, Go, Kotlin: `: &'static str`. */
#define TYPE "(?::[ \\t]*[\\w&'<>\\[\\]().|?* ]{1,40}?)?"

static const char operators[] =
	"(?:"
	/* NAME = v, NAME: v, NAME => v, NAME := v, NAME ||= v, ${NAME:-v} */
	"[ \\t]*\\??" TYPE "[ \\t]*(?:=>|[:+?]=|[|?]{2}=|={1,3}|:-?|%3D)\\s*"
	/* getenv("NAME") or v */
	"|[ \\t]*(?:\\|\\||\\?\\?|\\?:|\\bor\\b)[ \\t]*"
	/* env("NAME", default="v"), setName("v") */
	"|\\s*[,(]\\s*(?:\\w{1,20}[ \\t]*[:=][ \\t]*)?"
	/* <add key="NAME" value="v"/>, {"name": "NAME", "value": "v"} */
	"|\\s*,?\\s*\\\\?[\"']?value\\\\?[\"']?\\s*[:=]\\s*"
	/* <string name="NAME">v, <name>v, <key>NAME</key><string>v */
	"|\\s*>\\s*|</\\w{1,20}>\\s*<\\w{1,20}>\\s*"
	/* ENV NAME v, #define NAME "v", --name v */
	"|[ \\t]{1,8}"
	")";

/* What opens the value: the call whose default it is, brackets, prefixes of
 * strings, quotes, schemes. */
static const char opening[] =
	"(?:\\w[\\w.]{0,30}\\(\\s*[\"'][\\w.-]{1,40}[\"']"
	"\\s*,\\s*)?(?:[\\[({][ \\t]*)?"
	"(?:[@$bBfLrRuU]{0,2}\\\\?(?:\"{3}|'{3}|[\"'`]))?[ \\t]*"
	"(?i:(?:bearer|token|basic|apikey|key)[ \\t]+)?";

/* Longer words, encoded data and names of files go on. */
static const char boundary[] = "(?![\\w+/=-]|\\.\\w)";

int assignment_check_name(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	bool was_word = false;
	for (const char *at = text;; at++) {
		size_t len = strspn(at, WORD_BYTES);
		bool is_gap = !len && was_word && !strncmp(at, "... ", 4);
		if (!len && !is_gap)
			break;
		was_word = len > 0;
		at += is_gap ? strlen("...") : len;
		if (!*at)
			return 0;
		if (*at != ' ')
			break;
	}
	return reader_fail(reader, node,
		"a name is lower-case words with one blank between, such as "
		"'acme api key'; '...' may stand between words");
}

static void add_name(struct buf *out, const char *name)
{
	const char *at = name;
	while (*at) {
		if (!strncmp(at, " ... ", 5)) {
			(void)buf_printf(
				out, "[\\s\\S]{0,%d}?", ASSIGNMENT_GAP);
			at += strlen(" ... ");
		} else if (*at == ' ') {
			(void)buf_add_text(out, BLANK);
			at++;
		} else {
			(void)buf_add_byte(out, (unsigned char)*at++);
		}
	}
}

char *assignment_pattern(const char *const *names, const char *value)
{
	struct buf out;
	buf_init(&out, 0);
	(void)buf_add_text(&out, "(?i:");
	for (size_t i = 0; names[i]; i++) {
		(void)buf_add_text(&out, i ? "|" : "");
		add_name(&out, names[i]);
	}
	(void)buf_printf(&out, ")%s%s%s(?-i:(%s))%s", NAME_END, operators,
		opening, value, boundary);
	return buf_steal(&out);
}
