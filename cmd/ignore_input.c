#include "cmd/ignore_input.h"

#include "base/alloc.h"
#include "base/array.h"
#include "report/id_in_name.h"
#include "scanner/configured_dirs.h"
#include "scanner/ignore_pattern.h"
#include "scanner/pathspec.h"
#include "scanner/session_dir.h"
#include "scanner/session_find.h"
#include "scanner/store.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/** A finding and the pattern for it. */
struct found {
	const char *pattern;
	const struct finding *finding;
};

void ignore_input_clear(struct ignore_input *input)
{
	name_mask_free(input->secrets);
	name_guard_free(input->guard);
	free(input->targets);
	free(input->others);
	path_table_clear(&input->accepted);
	tracked_files_clear(&input->tracked);
	arena_clear(&input->arena);
}

static void add_target(struct ignore_input *input, const char *path,
	const char *shown, const char *pattern, const char *why)
{
	ARRAY_GROW(input->targets, input->target_count, input->target_capacity);
	input->targets[input->target_count++] =
		(struct ignore_target){ path, shown, pattern, why };
}

/** By pattern, the worst first. */
static int compare_found(const void *a, const void *b)
{
	const struct found *left = a;
	const struct found *right = b;
	int order = strcmp(left->pattern, right->pattern);
	return order ? order
		     : right->finding->severity - left->finding->severity;
}

/** The pattern by the path as it is; the secrets in it are masked later. */
static int add_pattern(
	struct buf *out, struct arena *arena, const struct finding *finding)
{
	struct finding raw = *finding;
	raw.path = finding_file(finding);
	raw.raw_path = NULL;
	if (finding->store && finding->raw_path)
		raw.store = store_of(arena, finding->rule->store, raw.path);
	return ignore_pattern_of(out, &raw);
}

/* Findings with the same pattern are told by the title of the worst. */
void ignore_input_add_findings(
	struct ignore_input *input, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf pattern;
	buf_init(&pattern, 0);
	CLEANUP(freep)
	struct found *found = xcalloc(result->finding_count, sizeof(*found));
	size_t count = 0;
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		if (!finding_counts(finding)) {
			const char *file = finding_file(finding);
			path_table_add(&input->accepted, file, strlen(file));
			continue;
		}
		buf_reset(&pattern);
		if (add_pattern(&pattern, &input->arena, finding) < 0 ||
			!pattern.len)
			continue;
		found[count++] = (struct found){
			arena_strdup(&input->arena, pattern.bytes), finding
		};
	}
	if (count)
		qsort(found, count, sizeof(*found), compare_found);
	const char *why = NULL;
	for (size_t i = 0; i < count; i++) {
		if (!i || strcmp(found[i - 1].pattern, found[i].pattern) != 0)
			why = finding_remedy(found[i].finding)->title;
		const char *path = found[i].finding->path;
		const char *shown = path;
		if (finding_names_id(found[i].finding)) {
			buf_reset(&pattern);
			add_path_without_id(&pattern, path);
			shown = arena_strdup(&input->arena, pattern.bytes);
		}
		add_target(input, finding_file(found[i].finding), shown,
			found[i].pattern, why);
	}
}

/** A folder by a path in it. */
static void add_folder(struct ignore_input *input, const char *folder,
	size_t len, const char *name, const char *why)
{
	CLEANUP(buf_clear) struct buf pattern;
	buf_init(&pattern, 0);
	if (buf_add_byte(&pattern, '/') < 0 ||
		ignore_pattern_add_path(&pattern, folder, len) < 0 ||
		buf_add_byte(&pattern, '/') < 0)
		return;
	const char *path =
		arena_printf(&input->arena, "%.*s/%s", (int)len, folder, name);
	const char *shown =
		arena_printf(&input->arena, "%.*s/", (int)len, folder);
	add_target(input, path, shown,
		arena_strdup(&input->arena, pattern.bytes), why);
}

int ignore_input_add_folders(struct ignore_input *input,
	const struct opt_list *folders, struct err *err)
{
	for (size_t i = 0; i < folders->count; i++) {
		const char *folder = folders->items[i];
		while (!strncmp(folder, "./", 2))
			folder += 2;
		size_t len = strlen(folder);
		while (len && folder[len - 1] == '/')
			len--;
		if (!len || *folder == '/' || strstr(folder, ".."))
			return err_set(err, ERR_USAGE,
				"--also takes a folder from the top of the "
				"worktree, not '%s'",
				folders->items[i]);
		add_folder(input, folder, len, "x", "named by --also");
	}
	return 0;
}

static bool is_wanted(const struct ignore_input *input,
	const struct scan_opts *scan, const char *path)
{
	if (path_table_find(&input->accepted, path, strlen(path)) != PATH_NONE)
		return false;
	for (size_t i = 0; i < scan->exclude_count; i++)
		if (path_glob_match(scan->exclude[i], path, strlen(path)))
			return false;
	return !scan->pathspec || pathspec_matches(scan->pathspec, path);
}

/** A directory on disk, if a file of it is a session. */
static int add_directory(struct ignore_input *input,
	struct session_reader *reader, const char *top, const char *path,
	const struct scan_opts *scan, struct err *err)
{
	CLEANUP(session_dir_clear) struct session_dir dir = { 0 };
	CLEANUP(buf_clear) struct buf full;
	buf_init(&full, 0);
	buf_printf(&full, "%s/%s", top, path);
	int rc = session_dir_read(
		&dir, reader, full.bytes, path, NULL, scan->now, err);
	if (rc < 0 || !*path)
		return rc;
	for (size_t i = 0; i < dir.count; i++) {
		const struct session_file *file = &dir.files[i];
		if (file->kind != SESSION_FILE_SESSION)
			continue;
		buf_reset(&full);
		buf_printf(&full, "%s/%s", path, file->name);
		if (!is_wanted(input, scan, full.bytes))
			continue;
		add_folder(input, path, strlen(path), file->name,
			"Session file on disk");
		return 0;
	}
	return 0;
}

int ignore_input_add_disk(struct ignore_input *input,
	const struct scan_setup *setup, struct repo *repo, struct err *err)
{
	CLEANUP(session_reader_freep) struct session_reader *reader = NULL;
	CLEANUP(session_paths_clear) struct session_paths paths = { 0 };
	CLEANUP(freep) char *top = realpath(repo_worktree(repo), NULL);
	if (!top)
		return err_errno(err, "%s", repo_worktree(repo));
	int rc = session_reader_new(&reader, setup->rules, err);
	if (rc == 0)
		rc = session_find(&paths, reader, top, err);
	if (rc < 0)
		return rc;
	input->complete = rc == 0;
	rc = 0;
	for (size_t i = 0; i < paths.count && rc == 0; i++)
		rc = add_directory(
			input, reader, top, paths.items[i], &setup->scan, err);
	return rc;
}

static void add_configured(
	struct ignore_input *input, const struct session_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		add_folder(input, paths->items[i], strlen(paths->items[i]), "x",
			"Session directory that configuration names");
}

int ignore_input_add_configured(
	struct ignore_input *input, struct repo *repo, struct err *err)
{
	CLEANUP(session_paths_clear) struct session_paths paths = { 0 };
	int rc = configured_dirs_add(&paths, repo, err);
	if (rc == 0)
		add_configured(input, &paths);
	return rc;
}

void ignore_input_add_audited(
	struct ignore_input *input, const struct audit *audit)
{
	CLEANUP(session_paths_clear) struct session_paths paths = { 0 };
	configured_dirs_take(&paths, audit);
	add_configured(input, &paths);
}

static int compare_targets(const void *a, const void *b)
{
	const struct ignore_target *left = a;
	const struct ignore_target *right = b;
	int order = strcmp(left->path, right->path);
	if (!order)
		order = strcmp(left->pattern, right->pattern);
	return order ? order : strcmp(left->why, right->why);
}

/** One target a path: the shortest of the patterns that rules name first. */
static void unite_targets(struct ignore_input *input)
{
	if (!input->target_count)
		return;
	qsort(input->targets, input->target_count, sizeof(*input->targets),
		compare_targets);
	size_t kept = 0;
	for (size_t i = 1; i < input->target_count; i++) {
		struct ignore_target *last = &input->targets[kept];
		const struct ignore_target *next = &input->targets[i];
		if (strcmp(last->path, next->path) != 0)
			input->targets[++kept] = *next;
		else if (strlen(next->pattern) < strlen(last->pattern))
			*last = *next;
	}
	input->target_count = kept + 1;
}

/* Both are sorted. */
static void list_others(struct ignore_input *input)
{
	const struct tracked_files *tracked = &input->tracked;
	size_t target = 0;
	input->others = xcalloc(tracked->count, sizeof(*input->others));
	for (size_t i = 0; i < tracked->count; i++) {
		int order = -1;
		while (target < input->target_count &&
			(order = strcmp(input->targets[target].path,
				 tracked->paths[i])) < 0)
			target++;
		if (target == input->target_count || order)
			input->others[input->other_count++] = tracked->paths[i];
	}
}

static int find_secrets(struct ignore_input *input, const struct ruleset *rules,
	struct err *err)
{
	CLEANUP(path_table_clear) struct path_table names = { 0 };
	for (size_t i = 0; i < input->target_count; i++)
		path_table_add(&names, input->targets[i].path,
			strlen(input->targets[i].path));
	for (size_t i = 0; i < input->other_count; i++)
		path_table_add(
			&names, input->others[i], strlen(input->others[i]));
	int rc = name_guard_new(&input->guard, rules, err);
	return rc < 0 ? rc
		      : name_guard_mask(&input->secrets, input->guard, &names,
				&input->arena, err);
}

int ignore_input_finish(struct ignore_input *input, struct repo *repo,
	const struct ruleset *rules, struct err *err)
{
	unite_targets(input);
	int rc = tracked_files_find(&input->tracked, repo, err);
	if (rc < 0)
		return rc;
	list_others(input);
	return find_secrets(input, rules, err);
}

/** core.excludesFile, or git's default for it; NULL without a home. */
static const char *excludes_file(struct arena *arena, struct repo *repo)
{
	const char *path = repo_config_text(repo, "core.excludesfile");
	const char *home = getenv("HOME");
	const char *xdg = getenv("XDG_CONFIG_HOME");
	if (path && !strncmp(path, "~/", 2))
		return home ? arena_printf(arena, "%s%s", home, path + 1)
			    : NULL;
	if (path && *path != '/')
		return arena_printf(arena, "%s%s", repo_worktree(repo), path);
	if (path)
		return arena_strdup(arena, path);
	if (xdg && *xdg)
		return arena_printf(arena, "%s/git/ignore", xdg);
	return home ? arena_printf(arena, "%s/.config/git/ignore", home) : NULL;
}

static bool ignores_case(struct repo *repo)
{
	static const char *const words[] = { "true", "yes", "on", "1" };
	const char *value = repo_config_text(repo, "core.ignorecase");
	for (size_t i = 0; value && i < ARRAY_SIZE(words); i++)
		if (!strcasecmp(value, words[i]))
			return true;
	return false;
}

void ignore_input_plan_opts(struct ignore_plan_opts *out,
	struct ignore_input *input, struct repo *repo)
{
	*out = (struct ignore_plan_opts){
		.worktree = repo_worktree(repo),
		.tracked = &input->tracked,
		.ignore_case = ignores_case(repo),
		.targets = input->targets,
		.target_count = input->target_count,
		.others = input->others,
		.other_count = input->other_count,
		.secrets = input->secrets,
	};
	if (!out->worktree) /* these two hold where people work */
		return;
	out->info_exclude = arena_printf(
		&input->arena, "%sinfo/exclude", repo_common_dir(repo));
	out->excludes_file = excludes_file(&input->arena, repo);
}
