#include "report/human_steps.h"

#include "report/text_escape.h"
#include "scanner/ignore_pattern.h"

#include <stdlib.h>
#include <string.h>

#define INDENT     3
#define COMMAND    5
#define FEW_WORDS  8 /* paths of one command without -v */
#define FEW_ADVICE 4

/* What a step collects over all groups: the words of one command. */
struct words {
	struct arena *arena;
	const char **items;
	size_t count;
	size_t capacity;
};

static void append_word(struct words *words, const char *word)
{
	if (words->count == words->capacity) {
		size_t capacity = words->capacity ? 2 * words->capacity : 16;
		const char **items =
			arena_array(words->arena, capacity, sizeof(*items));
		if (words->count)
			memcpy(items, words->items,
				words->count * sizeof(*items));
		words->items = items;
		words->capacity = capacity;
	}
	words->items[words->count++] = arena_strdup(words->arena, word);
}

/* Files of one store mostly share their word, so equal ones are neighbours;
 * drop_equal() finds the others. */
static void add_word(struct words *words, const char *word)
{
	if (!words->count || strcmp(words->items[words->count - 1], word) != 0)
		append_word(words, word);
}

static int compare_words(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void drop_equal(struct words *words)
{
	size_t kept = 0;
	if (words->count)
		qsort(words->items, words->count, sizeof(*words->items),
			compare_words);
	for (size_t i = 0; i < words->count; i++)
		if (!kept ||
			strcmp(words->items[kept - 1], words->items[i]) != 0)
			words->items[kept++] = words->items[i];
	words->count = kept;
}

static bool belongs_elsewhere(const struct group *group)
{
	return group->worst->rule->untrack;
}

/* The folder of the store, or each of its paths. */
static void add_paths(
	struct words *words, const struct group *group, bool tracked_only)
{
	if (group->kind == GROUP_STORE && group->is_folder && *group->name) {
		add_word(words, arena_printf(words->arena, "%s/", group->name));
		return;
	}
	for (size_t i = 0; i < group->member_count; i++) {
		const struct finding *member = group->members[i];
		bool wanted = !tracked_only || member->tracked;
		if (wanted && *member->path)
			add_word(words, member->path);
	}
}

static void collect_patterns(struct words *words, const struct group *group)
{
	CLEANUP(buf_clear) struct buf pattern;
	buf_init(&pattern, 0);
	for (size_t i = 0; i < group->member_count; i++) {
		const struct finding *member = group->members[i];
		buf_reset(&pattern);
		if (member->ignored == NO &&
			ignore_pattern_of(&pattern, member) == 0 && pattern.len)
			add_word(words, pattern.bytes);
	}
}

static void collect_tracked(struct words *words, const struct group *group)
{
	if (group->tracked && belongs_elsewhere(group))
		add_paths(words, group, true);
}

static void collect_history(struct words *words, const struct group *group)
{
	if (group->in_history && belongs_elsewhere(group))
		add_paths(words, group, false);
}

static void collect_advice(struct words *words, const struct group *group)
{
	const char *advice = group->worst->rule->advice;
	for (size_t i = 0; advice && i < words->count; i++)
		if (!strcmp(words->items[i], advice))
			return;
	if (advice)
		append_word(words, advice);
}

typedef void collect_words(struct words *words, const struct group *group);

static struct words collect(struct arena *arena, const struct group_list *list,
	collect_words *from_group)
{
	struct words words = { .arena = arena };
	for (size_t i = 0; i < list->count; i++)
		from_group(&words, &list->groups[i]);
	if (from_group != collect_advice) /* that of the worst comes first */
		drop_equal(&words);
	return words;
}

/* A command; many words stand on a line each. */
static void put_command(const struct page *page, const char *start,
	const char *option, const struct words *words)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, start);
	for (size_t i = 0; i < words->count; i++) {
		buf_add_text(&text, words->count > 1 ? " \\\n         " : " ");
		buf_add_text(&text, option);
		/* an option's value that starts with a dash is stuck to it */
		if (*option)
			buf_add_byte(
				&text, *words->items[i] == '-' ? '=' : ' ');
		text_add_shell(&text, words->items[i], page->opts->utf8);
	}
	page_line(page, COMMAND, text.bytes);
}

/* True when the command is short enough; else says where it is. */
static bool fits(const struct page *page, const struct words *words)
{
	if (words->count <= FEW_WORDS || page->opts->verbosity > 0)
		return true;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "(");
	add_number(&text, words->count);
	buf_add_text(&text, " entries; -v prints the command)");
	page_line(page, COMMAND, text.bytes);
	return false;
}

static void put_title(const struct page *page, unsigned *step, const char *text)
{
	CLEANUP(buf_clear) struct buf line;
	buf_init(&line, 0);
	buf_printf(&line, "%u. %s", ++*step, text);
	page_wrap(page, 1, INDENT + 1, line.bytes);
}

static void put_rotate(
	const struct page *page, unsigned *step, const struct words *advice)
{
	put_title(page, step,
		"Revoke and rotate first. What was pushed may have been "
		"copied; no later step undoes that.");
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < advice->count && i < FEW_ADVICE; i++) {
		buf_reset(&text);
		buf_add_text(&text, "- ");
		text_add(&text, advice->items[i], page->opts->utf8);
		page_wrap(page, INDENT + 1, INDENT + 3, text.bytes);
	}
}

static void put_ignore(
	const struct page *page, unsigned *step, const struct words *patterns)
{
	if (!patterns->count)
		return;
	put_title(page, step, "Let git ignore it:");
	page_line(page, COMMAND, "git hygiene ignore --write");
}

static void put_untrack(
	const struct page *page, unsigned *step, const struct words *paths)
{
	if (!paths->count)
		return;
	put_title(page, step, "Stop tracking it; the files stay on disk:");
	page_line(page, COMMAND, "git hygiene untrack");
}

static void put_purge(const struct page *page, unsigned *step,
	const struct words *paths, bool has_secrets)
{
	if (!paths->count && !has_secrets)
		return;
	put_title(page, step,
		"Take it out of history, in a fresh clone. This changes the id "
		"of every later commit: tell everyone to clone again. Forks "
		"and pull requests keep the old ones until the host deletes "
		"them.");
	if (paths->count && fits(page, paths))
		put_command(page, "git filter-repo --invert-paths", "--path",
			paths);
	if (has_secrets)
		page_line(page, COMMAND,
			"git filter-repo --replace-text secrets.txt  "
			"# one secret a line");
}

void human_steps(const struct page *page, const struct group_list *list)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct words advice = collect(&arena, list, collect_advice);
	struct words patterns = collect(&arena, list, collect_patterns);
	struct words tracked = collect(&arena, list, collect_tracked);
	struct words history = collect(&arena, list, collect_history);
	bool has_secrets = false;
	for (size_t i = 0; i < list->count; i++)
		if (list->groups[i].in_history &&
			!belongs_elsewhere(&list->groups[i]))
			has_secrets = true;
	unsigned step = 0;
	page_styled(page, STYLE_BOLD, "Next steps");
	fputc('\n', page->out);
	put_rotate(page, &step, &advice);
	put_ignore(page, &step, &patterns);
	put_untrack(page, &step, &tracked);
	put_purge(page, &step, &history, has_secrets);
}
