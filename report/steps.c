#include "report/steps.h"

#include "base/buf.h"
#include "scanner/ignore_pattern.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static size_t count_members(const struct group_list *list)
{
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		count += list->groups[i].member_count;
	return count;
}

static int compare_words(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void drop_equal(struct step_words *words)
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

/* Files of one store mostly share their pattern, so equal ones are
 * neighbours; drop_equal() finds the others. */
static void add_pattern(struct steps *steps, const struct finding *finding)
{
	struct step_words *words = &steps->patterns;
	CLEANUP(buf_clear) struct buf pattern;
	buf_init(&pattern, 0);
	if (finding->ignored != NO ||
		ignore_pattern_of(&pattern, finding) < 0 || !pattern.len)
		return;
	if (!words->count ||
		strcmp(words->items[words->count - 1], pattern.bytes) != 0)
		words->items[words->count++] =
			arena_strdup(&steps->arena, pattern.bytes);
}

static void collect_patterns(struct steps *steps, const struct group_list *list)
{
	steps->patterns.items = arena_array(&steps->arena, count_members(list),
		sizeof(*steps->patterns.items));
	for (size_t i = 0; i < list->count; i++)
		for (size_t j = 0; j < list->groups[i].member_count; j++)
			add_pattern(steps, list->groups[i].members[j]);
	drop_equal(&steps->patterns);
}

static bool has_word(const struct step_words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (!strcmp(words->items[i], word))
			return true;
	return false;
}

/* The groups, worst first, up to those that are told for information: what
 * stands in the documentation of a library asks nobody to rotate keys. All of
 * them where there is nothing else. */
static size_t count_advised(const struct group_list *list)
{
	size_t count = 0;
	while (count < list->count &&
		list->groups[count].worst->severity > SEVERITY_INFO)
		count++;
	return count ? count : list->count;
}

/* Rules are few, however many groups there are. */
static struct step_words collect_advice(
	struct arena *arena, const struct group_list *list)
{
	struct step_words words = { 0 };
	words.items = arena_array(arena, list->count, sizeof(*words.items));
	const struct rule *last = NULL;
	size_t count = count_advised(list);
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = list->groups[i].worst->rule;
		if (rule != last && rule->advice &&
			!has_word(&words, rule->advice))
			words.items[words.count++] = rule->advice;
		last = rule;
	}
	return words;
}

static struct step *add_step(
	struct steps *steps, const char *title, const char *const *commands)
{
	struct step *step = &steps->items[steps->count++];
	*step = (struct step){ .title = title, .commands = commands };
	return step;
}

/* A secret may stand in files that belong into the repository and others. */
static bool is_to_untrack(const struct group *group)
{
	for (size_t i = 0; i < group->member_count; i++)
		if (group->members[i]->tracked &&
			finding_remedy(group->members[i])->untrack)
			return true;
	return false;
}

void steps_init(struct steps *steps, const struct group_list *list)
{
	static const char *const ignore[] = { "git hygiene ignore --write",
		NULL };
	static const char *const untrack[] = { "git hygiene untrack", NULL };
	static const char *const purge[] = { "git hygiene purge --plan",
		"git hygiene purge --apply", NULL };
	bool tracked = false;
	bool history = false;
	bool ref = false;
	*steps = (struct steps){ 0 };
	for (size_t i = 0; i < list->count; i++) {
		const struct group *group = &list->groups[i];
		tracked = tracked || is_to_untrack(group);
		history = history || group->in_history;
		ref = ref || group->places & PLACE_REF_NAME;
	}
	collect_patterns(steps, list);
	if (list->count)
		add_step(steps,
			"Revoke and rotate first. What was pushed may have "
			"been copied; no later step undoes that.",
			NULL)
			->notes = collect_advice(&steps->arena, list);
	if (steps->patterns.count)
		add_step(steps, "Let git ignore it:", ignore);
	if (tracked)
		add_step(steps,
			"Stop tracking it; the files stay on disk:", untrack);
	if (ref)
		add_step(steps,
			"Give the ref another name, or delete it, here and at "
			"every remote. Old names stay in reflogs.",
			NULL);
	if (history)
		add_step(steps,
			"Take it out of history. The rewrite is made in a "
			"fresh clone and changes the id of every later commit: "
			"tell everyone to clone again. Forks and pull requests "
			"keep the old ones until the host deletes them.",
			purge);
}

void steps_clear(struct steps *steps)
{
	arena_clear(&steps->arena);
	*steps = (struct steps){ 0 };
}
