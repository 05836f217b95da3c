#include "scanner/allow.h"

#include "base/buf.h"
#include "rules/rule_merge.h"

#include <string.h>

#define REASON_MAX    200 /* bytes */
#define WORD_MAX_SAFE 24  /* bytes; longer ones may be secrets */

static const char own_mark[] = "hygiene:allow";
static const char gitleaks_mark[] = "gitleaks:allow";
static const char pragma_mark[] = "pragma:";

/** Half-open, in the blob. */
struct part {
	const unsigned char *at, *end;
};

/** What is asked about. */
struct question {
	const char *rule;
	struct part match;
	struct part line; /* the lines of the match, cut to ALLOW_REACH */
	struct part before;
	struct arena *arena;
};

static const unsigned char *find(struct part part, const char *text)
{
	return memmem(
		part.at, (size_t)(part.end - part.at), text, strlen(text));
}

/** The part of a line that ends at `end` (not included). */
static struct part line_before(
	const unsigned char *bytes, const unsigned char *end)
{
	size_t room = (size_t)(end - bytes);
	if (room > ALLOW_REACH)
		room = ALLOW_REACH;
	const unsigned char *newline = memrchr(end - room, '\n', room);
	return (struct part){ newline ? newline + 1 : end - room, end };
}

static const unsigned char *line_end(
	const unsigned char *at, const unsigned char *limit)
{
	size_t room = (size_t)(limit - at);
	if (room > ALLOW_REACH)
		room = ALLOW_REACH;
	const unsigned char *newline = memchr(at, '\n', room);
	return newline ? newline : at + room;
}

static bool is_blank(unsigned char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct part trim(struct part part)
{
	while (part.at < part.end && is_blank(*part.at))
		part.at++;
	while (part.at < part.end && is_blank(part.end[-1]))
		part.end--;
	return part;
}

static bool starts_with(struct part part, const char *text)
{
	size_t len = strlen(text);
	return (size_t)(part.end - part.at) >= len &&
		!memcmp(part.at, text, len);
}

static bool ends_with(struct part part, const char *text)
{
	size_t len = strlen(text);
	return (size_t)(part.end - part.at) >= len &&
		!memcmp(part.end - len, text, len);
}

/** True when the line is nothing but a comment, in most languages. */
static bool is_comment(struct part line)
{
	static const char *const opening[] = { "#", "//", "/*", "*", "--", ";",
		"%", "<!--", "\"\"\"", "REM ", "rem ", "{#", "{{!", "'" };
	line = trim(line);
	for (size_t i = 0; i < ARRAY_SIZE(opening); i++)
		if (starts_with(line, opening[i]))
			return true;
	return false;
}

/** Takes the next word off the text. */
static struct part next_word(struct part *text)
{
	*text = trim(*text);
	struct part word = { text->at, text->at };
	while (word.end < text->end && !is_blank(*word.end))
		word.end++;
	text->at = word.end;
	return word;
}

static bool is_link(struct part word)
{
	return starts_with(word, "https://") || starts_with(word, "http://");
}

/** The words behind the mark, up to the match if that stands there. */
static const char *reason_of(const struct question *question, struct part text)
{
	static const char *const closing[] = { "*/", "-->", "#}", "%>", "}}",
		"\"\"\"" };
	const struct part *match = &question->match;
	if (match->at >= text.at && match->at < text.end)
		text.end = match->at;
	else if (match->end > text.at && match->end <= text.end)
		text.at = match->end;
	text = trim(text);
	for (size_t i = 0; i < ARRAY_SIZE(closing); i++)
		if (ends_with(text, closing[i]))
			text.end -= strlen(closing[i]);
	CLEANUP(buf_clear) struct buf reason;
	buf_init(&reason, REASON_MAX);
	for (struct part word = next_word(&text); word.at < word.end;
		word = next_word(&text)) {
		size_t len = (size_t)(word.end - word.at);
		bool hidden = len > WORD_MAX_SAFE && !is_link(word);
		if (buf_add_text(&reason, reason.len ? " " : "") < 0 ||
			buf_add(&reason, hidden ? "..." : (const char *)word.at,
				hidden ? 3 : len) < 0)
			break;
	}
	if (!reason.len)
		return NULL;
	return arena_memdupz(question->arena, reason.bytes, reason.len);
}

static const struct suppression *accept(
	const struct question *question, const char *reason)
{
	struct suppression *out = arena_alloc(question->arena, sizeof(*out));
	*out = (struct suppression){
		.by = SUPPRESSED_COMMENT,
		.reason = reason,
	};
	return out;
}

/** True when one of the ids or globs, with commas between them, fits. */
static bool names_rule(struct part names, const char *rule)
{
	char glob[65];
	while (names.at < names.end) {
		const unsigned char *comma =
			memchr(names.at, ',', (size_t)(names.end - names.at));
		const unsigned char *end = comma ? comma : names.end;
		size_t len = (size_t)(end - names.at);
		if (len && len < sizeof(glob)) {
			memcpy(glob, names.at, len);
			glob[len] = '\0';
			if (rule_id_matches(glob, rule))
				return true;
		}
		names.at = comma ? comma + 1 : names.end;
	}
	return false;
}

static const struct suppression *find_own(
	const struct question *question, struct part line)
{
	const unsigned char *mark;
	while ((mark = find(line, own_mark))) {
		line.at = mark + strlen(own_mark);
		struct part text = line;
		if (text.at >= text.end || !is_blank(*text.at))
			continue;
		struct part names = next_word(&text);
		if (names_rule(names, question->rule))
			return accept(question, reason_of(question, text));
	}
	return NULL;
}

/** Takes `text` and a blank or dash behind it off; false without. */
static bool take(struct part *part, const char *text, bool separated)
{
	if (!starts_with(*part, text))
		return false;
	part->at += strlen(text);
	if (!separated)
		return true;
	if (part->at >= part->end || (*part->at != ' ' && *part->at != '-'))
		return false;
	part->at++;
	return true;
}

/** detect-secrets, core/plugins/util and filters/allowlist.py: "pragma:
 * allowlist secret", and "pragma: allowlist nextline secret". */
static bool has_pragma(struct part line, bool for_next_line)
{
	const unsigned char *mark;
	while ((mark = find(line, pragma_mark))) {
		line.at = mark + strlen(pragma_mark);
		struct part text = line;
		if (text.at < text.end && *text.at == ' ')
			text.at++;
		if (!take(&text, "allowlist", true) &&
			!take(&text, "whitelist", true))
			continue;
		if (take(&text, "nextline", true) == for_next_line &&
			take(&text, "secret", false))
			return true;
	}
	return false;
}

static const struct suppression *find_any(const struct question *question)
{
	const struct suppression *found = find_own(question, question->line);
	if (!found && is_comment(question->before))
		found = find_own(question, question->before);
	if (found)
		return found;
	if (find(question->line, gitleaks_mark))
		return accept(question, "gitleaks:allow");
	if (has_pragma(question->line, false) ||
		has_pragma(question->before, true))
		return accept(question, "pragma: allowlist secret");
	return NULL;
}

const struct suppression *allow_find(struct arena *arena, const char *rule,
	const unsigned char *bytes, size_t len, size_t start, size_t end)
{
	if (start > end || end > len)
		return NULL;
	struct question question = {
		.rule = rule,
		.match = { bytes + start, bytes + end },
		.line = line_before(bytes, bytes + start),
		.arena = arena,
	};
	question.before = (struct part){ bytes, bytes };
	if (question.line.at > bytes && question.line.at[-1] == '\n')
		question.before = line_before(bytes, question.line.at - 1);
	question.line.end = line_end(bytes + end, bytes + len);
	return find_any(&question);
}
