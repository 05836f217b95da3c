#include "cmd/monitor.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "scanner/configured_dirs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

void monitor_clear(struct monitor *monitor)
{
	for (size_t i = 0; i < monitor->count; i++) {
		session_status_clear(&monitor->statuses[i]);
		session_place_clear(monitor->places[i]);
		free(monitor->places[i]);
	}
	free(monitor->statuses);
	free(monitor->places);
	repo_free(monitor->repo);
	session_reader_free(monitor->reader);
	name_guard_free(monitor->guard);
	ruleset_free(monitor->rules);
	*monitor = (struct monitor){ 0 };
}

int monitor_set_rules(
	struct monitor *monitor, struct ruleset *rules, struct err *err)
{
	monitor->rules = rules;
	int rc = session_reader_new(&monitor->reader, rules, err);
	return rc < 0 ? rc : name_guard_new(&monitor->guard, rules, err);
}

static bool is_known(const struct monitor *monitor, const char *path)
{
	for (size_t i = 0; i < monitor->count; i++)
		if (!strcmp(monitor->places[i]->path, path))
			return true;
	return false;
}

/** Masks the secrets in its name, which is for people alone. */
static int mask_name(
	struct monitor *monitor, struct session_place *place, struct err *err)
{
	struct buf name;
	buf_init(&name, 0);
	int rc = name_guard_add(&name, monitor->guard, place->name, err);
	if (rc < 0)
		return rc;
	free(place->name);
	place->name = buf_steal(&name);
	return 0;
}

/** Takes over `place`, also on failure. A directory that is there already is
 * not added. */
static int add_place(
	struct monitor *monitor, struct session_place *place, struct err *err)
{
	bool known = is_known(monitor, place->path);
	int rc = known ? 0 : mask_name(monitor, place, err);
	if (known || rc < 0) {
		session_place_clear(place);
		return rc;
	}
	if (monitor->count == monitor->capacity) {
		monitor->capacity = monitor->capacity * 2 + 4;
		monitor->places = xreallocarray(monitor->places,
			monitor->capacity, sizeof(*monitor->places));
		monitor->statuses = xreallocarray(monitor->statuses,
			monitor->capacity, sizeof(*monitor->statuses));
	}
	struct session_place *own = xmalloc(sizeof(*own));
	*own = *place;
	*place = (struct session_place){ 0 };
	/* A look at something new tells whatever is off about it. */
	monitor->statuses[monitor->count] = (struct session_status){
		.place = own,
		.limits = &monitor->limits,
		.git.ignored = YES,
	};
	monitor->places[monitor->count++] = own;
	return 0;
}

int monitor_add_named(struct monitor *monitor, const char *name,
	const char *git_dir, struct err *err)
{
	struct session_place place = { 0 };
	int rc = session_place_init_typed(&place, name, git_dir, err);
	return rc < 0 ? rc : add_place(monitor, &place, err);
}

static int add_paths(struct monitor *monitor, const struct session_paths *paths,
	struct err *err)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < paths->count; i++) {
		struct session_place place = { 0 };
		rc = session_place_init_inside(
			&place, monitor->repo, paths->items[i], err);
		if (rc == 0)
			rc = add_place(monitor, &place, err);
	}
	return rc;
}

/** Adds the directories that configuration names, where they exist. */
static int add_configured(
	struct session_paths *paths, struct repo *repo, struct err *err)
{
	CLEANUP(session_paths_clear) struct session_paths named = { 0 };
	CLEANUP(buf_clear) struct buf full;
	buf_init(&full, 0);
	int rc = configured_dirs_add(&named, repo, err);
	for (size_t i = 0; rc == 0 && i < named.count; i++) {
		struct stat st;
		buf_reset(&full);
		buf_printf(&full, "%s/%s", repo_worktree(repo), named.items[i]);
		if (lstat(full.bytes, &st) == 0 && S_ISDIR(st.st_mode))
			session_paths_add(paths, named.items[i]);
	}
	return rc;
}

/** The session directories of the repository: those that configuration names,
 * and those that lie in its worktree. */
static int search(struct monitor *monitor, struct err *err)
{
	CLEANUP(session_paths_clear) struct session_paths paths = { 0 };
	CLEANUP(freep)
	char *top = realpath(repo_worktree(monitor->repo), NULL);
	if (!top)
		return err_errno(err, "%s", repo_worktree(monitor->repo));
	int rc = add_configured(&paths, monitor->repo, err);
	if (rc == 0)
		rc = session_find(&paths, monitor->reader, top, err);
	if (rc < 0)
		return rc;
	monitor->search_complete = rc == 0;
	return add_paths(monitor, &paths, err);
}

int monitor_add_found(
	struct monitor *monitor, const char *git_dir, struct err *err)
{
	const struct repo_opts opts = { .git_dir = git_dir };
	int rc = repo_open(&monitor->repo, &opts, err);
	if (rc < 0)
		return rc;
	if (!repo_worktree(monitor->repo))
		return err_set(err, ERR_USAGE,
			"%s has no worktree: name the session directories",
			repo_name(monitor->repo));
	return search(monitor, err);
}

int monitor_search_again(struct monitor *monitor, struct err *err)
{
	return monitor->repo ? search(monitor, err) : 0;
}

/** A look at this moment. time(2) may be late by a tick of the kernel. */
static struct session_look begin_look(struct monitor *monitor, bool ask_git)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	monitor->now = now.tv_sec;
	return (struct session_look){
		.reader = monitor->reader,
		.limits = &monitor->limits,
		.ask_git = ask_git,
		.now = monitor->now,
	};
}

int monitor_look(struct monitor *monitor, struct err *err)
{
	const struct session_look look = begin_look(monitor, true);
	int rc = 0;
	for (size_t i = 0; i < monitor->count && rc == 0; i++)
		rc = session_status_read(&monitor->statuses[i],
			monitor->places[i], &look, NULL, err);
	return rc;
}

/** Looks at one place again; what was known of it is replaced. */
static int look_again(struct session_status *status,
	const struct session_look *look, session_change_sink *sink, void *ctx,
	struct err *err)
{
	CLEANUP(session_status_clear) struct session_status after = { 0 };
	int rc = session_status_read(&after, status->place, look, status, err);
	if (rc == 0)
		rc = session_status_compare(status, &after, sink, ctx, err);
	if (rc < 0)
		return rc;
	session_status_clear(status);
	*status = after;
	after = (struct session_status){ 0 };
	return rc;
}

int monitor_look_again(struct monitor *monitor, bool ask_git,
	session_change_sink *sink, void *ctx, struct err *err)
{
	const struct session_look look = begin_look(monitor, ask_git);
	int rc = 0;
	for (size_t i = 0; i < monitor->count && rc == 0; i++)
		rc = look_again(&monitor->statuses[i], &look, sink, ctx, err);
	return rc;
}

struct monitor_result monitor_result(const struct monitor *monitor)
{
	struct monitor_result result = {
		.statuses = monitor->statuses,
		.count = monitor->count,
		.limits = &monitor->limits,
		.now = monitor->now,
		.complete = monitor->search_complete,
	};
	for (size_t i = 0; i < monitor->count; i++)
		result.complete &= monitor->statuses[i].complete;
	return result;
}
