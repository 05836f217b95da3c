#include "report/store_group.h"

#include "base/array.h"
#include "rules/encoded/encoding.h"

#include <stdlib.h>
#include <string.h>

static int kind_of(const struct finding *finding)
{
	if (finding->store)
		return GROUP_STORE;
	return *finding->secret_id ? GROUP_SECRET : GROUP_PATH;
}

/* A value that the name of its column calls a secret, in a row of a table. */
static bool is_of_column(const struct finding *finding)
{
	unsigned depth = encodings_count(finding->encodings);
	return finding->inner && finding->rule->fallback && depth &&
		encodings_at(finding->encodings, depth - 1) == ENCODING_SQLITE;
}

static int compare_columns(const struct finding *a, const struct finding *b)
{
	int order = strcmp(finding_name(a), finding_name(b));
	return order ? order : strcmp(a->rule->id, b->rule->id);
}

/* Each setting of a file is a group of its own. */
static const char *setting_rule(const struct finding *finding)
{
	return finding->rule->config ? finding->rule->id : "";
}

bool group_is_setting(const struct group *group)
{
	return group->kind == GROUP_PATH && group->members[0]->rule->config;
}

/* Zero for findings of one group. */
static int compare_groups_of(const struct finding *a, const struct finding *b)
{
	int kind = kind_of(a);
	if (kind != kind_of(b))
		return kind - kind_of(b);
	if (kind == GROUP_STORE)
		return strcmp(a->store, b->store);
	if (kind == GROUP_SECRET && is_of_column(a) != is_of_column(b))
		return is_of_column(a) - is_of_column(b);
	if (kind == GROUP_SECRET)
		return is_of_column(a) ? compare_columns(a, b)
				       : strcmp(a->secret_id, b->secret_id);
	int order = strcmp(finding_name(a), finding_name(b));
	return order ? order : strcmp(setting_rule(a), setting_rule(b));
}

/* The findings stand in one sorted array, so addresses decide the rest. */
static int compare_members(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;
	int order = compare_groups_of(a, b);
	if (!order)
		order = strcmp(finding_name(a), finding_name(b));
	return order ? order : (a > b) - (a < b);
}

static bool is_counter(const struct evidence *evidence)
{
	return evidence->kind && !strcmp(evidence->kind, "counter");
}

/* A file that the store writes beside its sessions. One that could be a session
 * but was not read, or not understood, is none. */
static bool is_companion(const struct finding *finding)
{
	return finding->evidence ? is_counter(finding->evidence)
				 : finding->rule->companion;
}

/* Which of the findings at one path speaks for the file. */
static const struct finding *speaker(
	const struct finding *const *same_path, size_t count)
{
	const struct finding *best = same_path[0];
	for (size_t i = 1; i < count; i++) {
		const struct finding *next = same_path[i];
		int better = is_companion(best) - is_companion(next);
		if (!better)
			better = (next->evidence != NULL) -
				(best->evidence != NULL);
		if (better > 0)
			best = next;
	}
	return best;
}

static void count_expiry(struct group *group, const struct finding *finding)
{
	if (!strcmp(finding->state, "live"))
		group->live++;
	else if (!strcmp(finding->state, "expired"))
		group->expired++;
	else if (!strcmp(finding->state, "never"))
		group->never++;
	if (!finding->evidence || finding->evidence->expiry != EXPIRY_AT)
		return;
	int64_t time = finding->evidence->expires_at;
	if (!group->has_expiry || time < group->first_expiry)
		group->first_expiry = time;
	if (!group->has_expiry || time > group->last_expiry)
		group->last_expiry = time;
	group->has_expiry = true;
}

/* From the harmless to the one that needs nothing else. */
static int badness(int id)
{
	static const int order[] = {
		[ID_UNKNOWN] = 0,
		[ID_HASHED] = 1,
		[ID_KEYED] = 2,
		[ID_CLEAR] = 3,
		[ID_CREDENTIAL] = 4,
	};
	return order[id];
}

static void count_evidence(struct group *group, const struct evidence *evidence)
{
	group->decoded++;
	for (size_t i = 0; i < HOLDS_COUNT; i++)
		group->holding[i] += evidence->holds >> i & 1;
	if (badness(evidence->id) > badness(group->id))
		group->id = evidence->id;
}

static bool has_call(const struct group *group, const char *call)
{
	for (size_t i = 0; i < group->call_count; i++)
		if (!strcmp(group->calls[i], call))
			return true;
	return false;
}

static void collect_calls(struct group *group, struct arena *arena)
{
	for (size_t i = 0; i < group->member_count; i++) {
		const struct evidence *evidence = group->members[i]->evidence;
		for (size_t j = 0; evidence && j < evidence->call_count; j++) {
			if (!group->calls)
				group->calls = arena_array(arena,
					GROUP_MAX_CALLS, sizeof(*group->calls));
			if (group->call_count < GROUP_MAX_CALLS &&
				!has_call(group, evidence->calls[j]))
				group->calls[group->call_count++] =
					evidence->calls[j];
		}
	}
}

static void count_content(struct group *group, const struct finding *finding)
{
	const struct evidence *evidence = finding->evidence;
	group->files++;
	group->versions += finding->versions;
	count_expiry(group, finding);
	group->entries += evidence ? evidence->entry_count : 0;
	if (evidence && !strstr(evidence->kind, "session"))
		group->are_sessions = false;
	if (evidence)
		count_evidence(group, evidence);
}

static void count_file(struct group *group,
	const struct finding *const *same_path, size_t count)
{
	const struct finding *finding = speaker(same_path, count);
	unsigned places = 0;
	for (size_t i = 0; i < count; i++)
		places |= same_path[i]->places;
	group->places |= places;
	group->in_history += (places & (PLACE_HISTORY | PLACE_REPLACED)) != 0;
	group->tracked += finding->tracked;
	group->at_tip += finding->at_tip;
	group->not_ignored += finding->ignored == NO;
	if (group->kind == GROUP_STORE && is_companion(finding))
		group->companions++;
	else
		count_content(group, finding);
}

/* The earliest (sign -1) or latest (sign 1) of two, either may be NULL. */
static const struct commit_info *pick(
	const struct commit_info *a, const struct commit_info *b, int sign)
{
	if (!a || !b)
		return a ? a : b;
	int order = (a->time > b->time) - (a->time < b->time);
	if (!order)
		order = strcmp(a->oid, b->oid);
	return order * sign >= 0 ? a : b;
}

static void add_exposure(struct group *group, const struct exposure *exposure)
{
	group->is_cut = group->is_cut || exposure->is_cut;
	group->first =
		group->is_cut ? NULL : pick(group->first, exposure->first, -1);
	group->last = pick(group->last, exposure->last, 1);
	group->removed = pick(group->removed, exposure->removed, 1);
	if (exposure->refs_count > group->refs_count)
		group->refs_count = exposure->refs_count;
	if (exposure->logs_count > group->logs_count)
		group->logs_count = exposure->logs_count;
	group->held_by |= exposure->held_by;
	group->tip_of |= exposure->tip_of;
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Joins sorted, distinct names; `out` has room for both. */
static size_t merge_names(const char **out, const char *const *a,
	size_t a_count, const char *const *b, size_t b_count)
{
	size_t count = 0;
	size_t i = 0;
	size_t j = 0;
	while (i < a_count || j < b_count) {
		int order = i < a_count ? -1 : 1;
		if (i < a_count && j < b_count)
			order = compare_names(&a[i], &b[j]);
		out[count++] = order <= 0 ? a[i] : b[j];
		i += order <= 0;
		j += order >= 0;
	}
	return count;
}

/* Many files of a store share few lists, often one: the first names found
 * are enough to show, so the list stops growing at EXPOSURE_MAX_REFS. */
struct name_list {
	const char *names[EXPOSURE_MAX_REFS];
	size_t listed;
	size_t count; /* at least */
};

static void add_names(
	struct name_list *list, const char *const *names, size_t listed)
{
	const char *joined[2 * EXPOSURE_MAX_REFS];
	size_t take = listed < EXPOSURE_MAX_REFS ? listed : EXPOSURE_MAX_REFS;
	size_t count =
		merge_names(joined, list->names, list->listed, names, take);
	if (count > list->count)
		list->count = count;
	list->listed = count < EXPOSURE_MAX_REFS ? count : EXPOSURE_MAX_REFS;
	memcpy(list->names, joined, list->listed * sizeof(*joined));
}

static const char **keep_names(
	const struct name_list *list, struct arena *arena)
{
	const char **names =
		arena_array(arena, list->listed + 1, sizeof(*names));
	memcpy(names, list->names, list->listed * sizeof(*names));
	return names;
}

static void collect_refs(struct group *group, struct arena *arena)
{
	struct name_list refs = { .count = group->refs_count };
	struct name_list logs = { .count = group->logs_count };
	for (size_t i = 0; i < group->member_count; i++) {
		const struct exposure *next = &group->members[i]->exposure;
		add_names(&refs, next->refs, next->refs_listed);
		add_names(&logs, next->logs, next->logs_listed);
	}
	group->refs = keep_names(&refs, arena);
	group->refs_listed = refs.listed;
	group->refs_count = refs.count;
	group->logs = keep_names(&logs, arena);
	group->logs_listed = logs.listed;
	group->logs_count = logs.count;
}

static bool is_worse(const struct finding *a, const struct finding *b)
{
	if (a->severity != b->severity)
		return a->severity > b->severity;
	if (is_companion(a) != is_companion(b))
		return is_companion(b);
	return a->confidence > b->confidence;
}

static bool holds_path(const char *store, const char *path)
{
	size_t len = strlen(store);
	return !len || (!strncmp(store, path, len) && path[len] == '/');
}

static void count_files(struct group *group)
{
	size_t at = 0;
	while (at < group->member_count) {
		const struct finding *const *same = group->members + at;
		size_t count = 1;
		while (at + count < group->member_count &&
			!strcmp(finding_name(same[count]),
				finding_name(same[0])))
			count++;
		count_file(group, same, count);
		at += count;
	}
}

static void fill_group(struct group *group, struct arena *arena)
{
	const struct finding *first = group->members[0];
	group->kind = kind_of(first);
	group->name =
		group->kind == GROUP_STORE ? first->store : finding_name(first);
	group->worst = first;
	group->are_sessions = true;
	if (group->kind == GROUP_SECRET && is_of_column(first))
		group->values = group->member_count;
	count_files(group);
	for (size_t i = 0; i < group->member_count; i++) {
		const struct finding *member = group->members[i];
		if (is_worse(member, group->worst))
			group->worst = member;
		if (group->kind == GROUP_STORE &&
			holds_path(group->name, member->path))
			group->is_folder = true;
		add_exposure(group, &member->exposure);
	}
	if (group->at_tip)
		group->removed = NULL;
	if (!group->entries)
		group->are_sessions = false;
	if (!group->files) {
		group->files = group->companions;
		group->companions = 0;
	}
	collect_refs(group, arena);
	collect_calls(group, arena);
}

/* Worst first, then the one with more to lose; the name makes it total. */
static int compare_groups(const void *left, const void *right)
{
	const struct group *a = left;
	const struct group *b = right;
	if (a->worst->severity != b->worst->severity)
		return b->worst->severity - a->worst->severity;
	if (a->worst->confidence != b->worst->confidence)
		return b->worst->confidence - a->worst->confidence;
	size_t usable = a->live + a->never;
	size_t other = b->live + b->never;
	if (usable != other)
		return usable > other ? -1 : 1;
	if (a->files != b->files)
		return a->files > b->files ? -1 : 1;
	int order = strcmp(a->name, b->name);
	return order ? order : compare_groups_of(a->members[0], b->members[0]);
}

static void group_findings(struct group_list *list,
	const struct scan_result *result, unsigned places, bool accepted)
{
	*list = (struct group_list){ 0 };
	size_t total = 0;
	const struct finding **members = arena_array(&list->arena,
		result->finding_count, sizeof(const struct finding *));
	for (size_t i = 0; i < result->finding_count; i++)
		if (finding_counts(&result->findings[i]) != accepted &&
			result->findings[i].places & places)
			members[total++] = &result->findings[i];
	qsort(members, total, sizeof(const struct finding *), compare_members);
	list->groups = arena_array(&list->arena, total, sizeof(*list->groups));
	size_t at = 0;
	while (at < total) {
		struct group *group = &list->groups[list->count++];
		group->members = members + at;
		group->member_count = 1;
		while (at + group->member_count < total &&
			!compare_groups_of(
				members[at], members[at + group->member_count]))
			group->member_count++;
		fill_group(group, &list->arena);
		at += group->member_count;
	}
	qsort(list->groups, list->count, sizeof(*list->groups), compare_groups);
}

void group_list_init(struct group_list *list, const struct scan_result *result)
{
	group_findings(list, result, ~0U, false);
}

void group_list_init_in(struct group_list *list,
	const struct scan_result *result, unsigned places)
{
	group_findings(list, result, places, false);
}

void group_list_init_accepted(
	struct group_list *list, const struct scan_result *result)
{
	group_findings(list, result, ~0U, true);
}

void group_list_clear(struct group_list *list)
{
	arena_clear(&list->arena);
	*list = (struct group_list){ 0 };
}
