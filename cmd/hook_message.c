#include "cmd/hook_message.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

/* git's wt-status.c, cut_line; the comment character before it can be set. */
static const char scissors[] =
	"------------------------ >8 ------------------------";

/* The same file, between the two changes of -v -v. */
static const char rule[] = "--------------------------------------------------";

#define MAX_COMMENT 16 /* core.commentString, bytes */

/** One line of a text, without its newline. */
struct line {
	const char *text;
	size_t len;
};

static struct line line_at(const char *text, size_t len, size_t start)
{
	const char *newline = memchr(text + start, '\n', len - start);
	size_t end = newline ? (size_t)(newline - text) : len;
	return (struct line){ text + start, end - start };
}

static bool starts_with(struct line line, const char *start)
{
	size_t len = strlen(start);
	return line.len >= len && !memcmp(line.text, start, len);
}

/** True for git's scissors line; what stands before the blank, by which it
 * tells comments, goes to *comment. */
static bool is_scissors(struct line line, struct line *comment)
{
	size_t size = sizeof(scissors) - 1;
	if (line.len && line.text[line.len - 1] == '\r')
		line.len--;
	if (line.len < size + 2 || line.len > size + 1 + MAX_COMMENT ||
		memcmp(line.text + line.len - size, scissors, size) != 0)
		return false;
	*comment = (struct line){ line.text, line.len - size - 1 };
	return comment->text[comment->len] == ' ' &&
		!memchr(comment->text, ' ', comment->len);
}

/* The change that -v shows */

/** Where in it a line stands. */
struct change {
	struct line comment;
	bool has_begun;  /* a file's head was seen */
	bool is_between; /* in comments: only another file may follow */
	unsigned long old_left, new_left; /* lines that the hunk still has */
};

/** Takes ",<count>" off, or nothing, which stands for 1. */
static const char *take_count(unsigned long *count, const char *at)
{
	char *end = NULL;
	*count = *at == ',' ? strtoul(at + 1, &end, 10) : 1;
	return end ? end : at;
}

/** "@@ -<start>,<count> +<start>,<count> @@". */
static bool begin_hunk(struct change *change, struct line line)
{
	char text[96];
	size_t len = line.len < sizeof(text) - 1 ? line.len : sizeof(text) - 1;
	memcpy(text, line.text, len);
	text[len] = '\0';
	const char *at = text + strlen("@@ -");
	at = take_count(&change->old_left, at + strspn(at, "0123456789"));
	if (strncmp(at, " +", 2) != 0)
		return false;
	at += 2;
	at = take_count(&change->new_left, at + strspn(at, "0123456789"));
	return !strncmp(at, " @@", 3);
}

/** A line of a hunk. One without anything is a context line to which an editor
 * or diff.suppressBlankEmpty left no blank. */
static bool take_hunk_line(struct change *change, struct line line)
{
	char first = ' ';
	if (line.len && *line.text != '\r')
		first = *line.text;
	bool is_old = first == ' ' || first == '-';
	bool is_new = first == ' ' || first == '+';
	if (first == '\\')
		return true;
	if ((!is_old && !is_new) || (is_old && !change->old_left) ||
		(is_new && !change->new_left))
		return false;
	change->old_left -= is_old;
	change->new_left -= is_new;
	return true;
}

/** A line that tells of a file, before its hunks: git-diff(1), "Generating
 * patch text with -p". */
static bool is_of_head(struct line line)
{
	static const char *const starts[] = { "old mode ", "new mode ",
		"deleted file mode ", "new file mode ", "copy from ",
		"copy to ", "rename from ", "rename to ", "similarity index ",
		"dissimilarity index ", "index ", "--- ", "+++ ",
		"Binary files ", "\\ " };
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (starts_with(line, starts[i]))
			return true;
	return false;
}

static bool is_comment(const struct change *change, struct line line)
{
	const struct line *comment = &change->comment;
	return line.len >= comment->len &&
		!memcmp(line.text, comment->text, comment->len);
}

static bool take_line(struct change *change, struct line line)
{
	if (change->old_left || change->new_left)
		return take_hunk_line(change, line);
	if (starts_with(line, "diff --git ")) {
		change->has_begun = true;
		change->is_between = false;
		return true;
	}
	if (is_comment(change, line) ||
		(line.len == strlen(rule) && starts_with(line, rule))) {
		change->is_between = true;
		return true;
	}
	if (!change->has_begun || change->is_between)
		return false;
	return starts_with(line, "@@ -") ? begin_hunk(change, line)
					 : is_of_head(line);
}

/** True when the text is comments, then a change, and ends within it. */
static bool is_change(struct line comment, const char *text, size_t len)
{
	struct change change = { .comment = comment };
	for (size_t start = 0; start < len;) {
		struct line line = line_at(text, len, start);
		if (!take_line(&change, line))
			return false;
		start += line.len + 1;
	}
	return change.has_begun && !change.is_between;
}

size_t hook_message_len(const char *text, size_t len, bool is_edited)
{
	struct line comment;
	for (size_t start = 0; is_edited && start < len;) {
		struct line line = line_at(text, len, start);
		size_t next = start + line.len + 1;
		if (is_scissors(line, &comment)) /* git cuts at the first */
			return next < len &&
					is_change(comment, text + next,
						len - next)
				? start
				: len;
		start = next;
	}
	return len;
}
