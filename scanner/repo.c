#include "scanner/repo.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/file.h"
#include "scanner/alternates.h"
#include "scanner/config.h"
#include "scanner/err_git.h"
#include "scanner/fingerprint.h"
#include "scanner/plain_repo.h"
#include "scanner/ref_list.h"
#include "scanner/repo_guard.h"

#include <git2.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/** libgit2, started when something first asks for it. */
struct started {
	bool tried;
	git_repository *git; /* NULL: not started, or it refused */
};

struct repo {
	struct repo_place place;
	struct started *started;
	struct config *config;      /* read when first asked for */
	struct config *environment; /* what it alone says, likewise */
	struct object_dirs object_dirs;
	struct arena arena;
	bool has_refs;
	struct ref_list refs; /* read when first asked for */
	struct oid *shallow;
	size_t shallow_count, shallow_capacity;
};

/** Accepts extensions that change nothing about how objects are read here;
 * repo_owner asks for owners instead of libgit2. */
static int set_up_libgit2(struct err *err)
{
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 5
	if (git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0) < 0)
		return err_git(err, "cannot set up libgit2");
#endif
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 2
	static const char *const names[] = {
		"worktreeconfig",
		"partialclone",
		"preciousobjects",
		"relativeworktrees",
	};
	if (git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, ARRAY_SIZE(names)) <
		0)
		return err_git(err, "cannot set up libgit2");
#endif
	(void)err;
	return 0;
}

static int refuse_open(int rc, const char *where, struct err *err)
{
	const git_error *last = git_error_last();
	const char *why = last && last->message ? last->message : "";
	if (strstr(why, "unsupported extension name extensions.objectformat"))
		return err_set(err, ERR_UNSUPPORTED,
			"'%s' uses SHA-256 object ids, which are not supported "
			"yet",
			where);
	if (strstr(why, "unsupported"))
		return err_set(err, ERR_UNSUPPORTED,
			"'%s' has a format that cannot be read: %s", where,
			why);
	if (rc == GIT_ENOTFOUND)
		return err_set(err, ERR_NOT_FOUND,
			"'%s' is not a git repository (nor any of the parent "
			"directories); name one: git-hygiene -C <dir> …",
			where);
	return err_git(err, "cannot open '%s'", where);
}

/** Starts libgit2 and opens the repository around `where`. */
static int open_git(git_repository **out, const char *where, unsigned flags,
	struct err *err)
{
	if (git_libgit2_init() < 0)
		return err_git(err, "cannot start libgit2");
	int rc = set_up_libgit2(err);
	if (rc == 0)
		rc = repo_guard_place(
			where, flags & GIT_REPOSITORY_OPEN_NO_SEARCH, err);
	if (rc < 0)
		return rc;
	rc = git_repository_open_ext(
		out, where, flags, getenv("GIT_CEILING_DIRECTORIES"));
	return rc < 0 ? refuse_open(rc, where, err) : 0;
}

/** Opens what is not plain, or is no repository, through libgit2. */
static int open_any(
	struct repo *repo, const struct repo_opts *opts, struct err *err)
{
	const char *git_dir = opts->git_dir;
	if (!git_dir && !opts->start)
		git_dir = getenv("GIT_DIR");
	const char *where = git_dir ? git_dir : opts->start;
	if (!where)
		where = ".";
	unsigned flags = git_dir ? GIT_REPOSITORY_OPEN_NO_SEARCH : 0;
	struct started *started = repo->started;
	started->tried = true;
	int rc = open_git(&started->git, where, flags, err);
	if (rc == 0 && !git_dir)
		rc = repo_guard_bare(started->git, err);
	if (rc < 0)
		return rc;
	const char *worktree = getenv("GIT_WORK_TREE");
	if (worktree && git_dir &&
		git_repository_set_workdir(started->git, worktree, 0) < 0)
		return err_git(err, "GIT_WORK_TREE");
	struct repo_place *place = &repo->place;
	place->git_dir = xstrdup(git_repository_path(started->git));
	place->common_dir = xstrdup(git_repository_commondir(started->git));
	if (!git_repository_is_bare(started->git))
		place->worktree = xstrdup(git_repository_workdir(started->git));
	return 0;
}

/** libgit2's repository; NULL when it refuses one that looked plain. */
static git_repository *git_of(const struct repo *repo, struct err *err)
{
	struct started *started = repo->started;
	if (!started->tried) {
		started->tried = true;
		if (open_git(&started->git, repo->place.worktree,
			    GIT_REPOSITORY_OPEN_NO_SEARCH, err) < 0)
			return NULL;
	}
	if (!started->git)
		err_set(err, ERR_GIT, "'%s' cannot be opened by libgit2",
			repo->place.git_dir);
	return started->git;
}

int repo_open(struct repo **out, const struct repo_opts *opts, struct err *err)
{
	CLEANUP(repo_freep) struct repo *repo = xcalloc(1, sizeof(*repo));
	repo->started = xcalloc(1, sizeof(*repo->started));
	int rc = 0;
	if (opts->git_dir || !plain_repo_find(&repo->place, opts->start))
		rc = open_any(repo, opts, err);
	if (rc == 0)
		rc = repo_guard_head(repo->place.git_dir, err);
	if (rc == 0)
		rc = object_dirs_find(
			&repo->object_dirs, repo->place.common_dir, err);
	if (rc == 0)
		*out = STEAL(repo);
	return rc;
}

void repo_free(struct repo *repo)
{
	if (!repo)
		return;
	config_free(repo->config);
	config_free(repo->environment);
	ref_list_clear(&repo->refs);
	free(repo->shallow);
	object_dirs_clear(&repo->object_dirs);
	arena_clear(&repo->arena);
	git_repository_free(repo->started->git);
	if (repo->started->tried)
		git_libgit2_shutdown();
	free(repo->started);
	repo_place_clear(&repo->place);
	free(repo);
}

const char *repo_worktree(const struct repo *repo)
{
	return repo->place.worktree;
}

const char *repo_git_dir(const struct repo *repo)
{
	return repo->place.git_dir;
}

const char *repo_common_dir(const struct repo *repo)
{
	return repo->place.common_dir;
}

const char *const *repo_object_dirs(const struct repo *repo)
{
	return (const char *const *)repo->object_dirs.items;
}

const char *repo_name(const struct repo *repo)
{
	const char *worktree = repo_worktree(repo);
	return worktree ? worktree : repo_git_dir(repo);
}

bool repo_head(struct oid *out, const struct repo *repo)
{
	if (!repo->started->tried && plain_repo_head(out, &repo->place))
		return true;
	struct err unread;
	git_repository *git = git_of(repo, &unread);
	git_oid oid;
	if (!git || git_reference_name_to_id(&oid, git, "HEAD") < 0)
		return false;
	memcpy(out->bytes, oid.id, OID_SIZE);
	return true;
}

bool repo_head_has(
	const struct repo *repo, const char *path, const struct oid *blob)
{
	struct err unread;
	git_repository *git = git_of(repo, &unread);
	git_object *tree = NULL;
	git_tree_entry *entry = NULL;
	if (!git || git_revparse_single(&tree, git, "HEAD^{tree}") < 0)
		return false;
	bool same =
		git_tree_entry_bypath(&entry, (git_tree *)tree, path) == 0 &&
		!memcmp(git_tree_entry_id(entry)->id, blob->bytes, OID_SIZE);
	git_tree_entry_free(entry);
	git_object_free(tree);
	return same;
}

/* Refs and shallow commits: read once, kept. */

static int read_refs(struct repo *repo, struct err *err)
{
	if (repo->has_refs)
		return 0;
	int rc = ref_list_read(
		&repo->refs, repo->place.git_dir, repo->place.common_dir, err);
	repo->has_refs = rc == 0;
	return rc;
}

/** True when `name` may stand for a ref that libgit2 must not open. */
static bool is_broken_ref(struct repo *repo, const char *name)
{
	struct err unread;
	if (read_refs(repo, &unread) < 0)
		return true;
	size_t len = strlen(name);
	for (size_t i = 0; i < repo->refs.broken_count; i++) {
		const char *broken = repo->refs.broken[i];
		size_t broken_len = strlen(broken);
		if (broken_len >= len &&
			!strcmp(broken + broken_len - len, name))
			return true;
	}
	return false;
}

bool repo_find_ref(struct oid *out, struct repo *repo, const char *name)
{
	if (is_broken_ref(repo, name))
		return false;
	struct err unread;
	git_repository *git = git_of(repo, &unread);
	git_reference *ref;
	if (!git || git_reference_dwim(&ref, git, name) < 0)
		return false;
	const git_oid *oid = git_reference_target(ref);
	if (oid)
		memcpy(out->bytes, oid->id, OID_SIZE);
	git_reference_free(ref);
	return oid != NULL;
}

int repo_find_prefix(struct oid *out, const struct repo *repo, const char *hex,
	struct err *err)
{
	git_repository *git = git_of(repo, err);
	if (!git)
		return err->code;
	git_oid prefix, found;
	git_odb *odb = NULL;
	size_t len = strlen(hex);
	int rc = git_oid_fromstrn(&prefix, hex, len);
	if (rc == 0)
		rc = git_repository_odb(&odb, git);
	if (rc == 0)
		rc = git_odb_exists_prefix(&found, odb, &prefix, len);
	git_odb_free(odb);
	if (rc == GIT_EAMBIGUOUS)
		return err_set(err, ERR_NOT_FOUND,
			"more than one object id begins with '%s'", hex);
	if (rc < 0)
		return err_set(err, ERR_NOT_FOUND,
			"no object id begins with '%s'", hex);
	memcpy(out->bytes, found.id, OID_SIZE);
	return 0;
}

char *repo_index_path(const struct repo *repo)
{
	const char *given = getenv("GIT_INDEX_FILE");
	if (given)
		return xstrdup(given);
	if (!repo->place.worktree)
		return NULL;
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%sindex", repo->place.git_dir);
	return buf_steal(&path);
}

/** The same through libgit2: slower, and the reference that index_file is
 * held against. */
static int each_entry_by_git(struct repo *repo, const char *path,
	index_sink *sink, void *ctx, struct err *err)
{
	git_repository *git = git_of(repo, err);
	if (!git)
		return err->code;
	git_index *index;
	if (git_index_open(&index, path) < 0)
		return err_git_code(err, ERR_UNSUPPORTED,
			"the index cannot be read (git update-index "
			"--force-write-index may help)");
	int rc = 0;
	size_t count = git_index_entrycount(index);
	for (size_t i = 0; i < count && rc >= 0; i++) {
		const git_index_entry *entry = git_index_get_byindex(index, i);
		struct repo_index_entry item = {
			.path = entry->path,
			.path_len = strlen(entry->path),
			.mode = entry->mode,
			.stage = git_index_entry_stage(entry),
			.intent_to_add = entry->flags_extended &
				GIT_INDEX_ENTRY_INTENT_TO_ADD,
			.skip_worktree = entry->flags_extended &
				GIT_INDEX_ENTRY_SKIP_WORKTREE,
		};
		memcpy(item.oid.bytes, entry->id.id, OID_SIZE);
		rc = sink(&item, ctx, err);
		if (rc > 0)
			i += (size_t)rc;
	}
	git_index_free(index);
	return rc < 0 ? rc : 0;
}

int repo_each_entry_of(struct repo *repo, const char *path, index_sink *sink,
	void *ctx, struct err *err)
{
	CLEANUP(index_file_clear) struct index_file index;
	int rc = index_file_open(&index, path, err);
	if (rc == 0)
		rc = index_file_verify(&index, err);
	if (rc == 0)
		return index_file_each(&index, sink, ctx, err);
	struct err again = { 0 };
	int git_rc = each_entry_by_git(repo, path, sink, ctx, &again);
	if (git_rc == ERR_UNSUPPORTED)
		return rc == ERR_UNSUPPORTED
			? rc
			: err_set(err, ERR_UNSUPPORTED, "%s", again.msg);
	if (git_rc < 0)
		*err = again;
	return git_rc;
}

int repo_each_index_entry(
	struct repo *repo, index_sink *sink, void *ctx, struct err *err)
{
	CLEANUP(freep) char *path = repo_index_path(repo);
	return path ? repo_each_entry_of(repo, path, sink, ctx, err) : 0;
}

/** libgit2 goes through all folders above a path for each of its folders. */
#define MAX_IGNORE_DEPTH 256

static bool is_too_deep(const char *path)
{
	size_t depth = 0;
	for (; *path; path++)
		depth += *path == '/';
	return depth > MAX_IGNORE_DEPTH;
}

/** Whether the part of `path` before `end` is a folder on disk; `name` is for
 * its use. */
static bool is_folder_of(struct buf *name, const char *worktree,
	const char *path, const char *end)
{
	struct stat st;
	buf_reset(name);
	buf_add_text(name, worktree);
	buf_add(name, path, (size_t)(end - path));
	return lstat(name->bytes, &st) == 0 && S_ISDIR(st.st_mode);
}

/** False when a .gitignore from the root down to `path` is anything but a
 * regular file: libgit2 would follow a symlink, or wait for a FIFO. Below a
 * folder that is not on disk there is none. */
static bool ignore_files_are_safe(const char *worktree, const char *path)
{
	struct buf name;
	buf_init(&name, 0);
	bool safe = true;
	for (const char *at = path; safe && at;) {
		buf_reset(&name);
		buf_add_text(&name, worktree);
		buf_add(&name, path, (size_t)(at - path));
		buf_add_text(&name, ".gitignore");
		struct stat st;
		safe = lstat(name.bytes, &st) < 0 || S_ISREG(st.st_mode);
		at = strchr(at, '/');
		at = at ? at + 1 : NULL;
		if (at && !is_folder_of(&name, worktree, path, at))
			break;
	}
	buf_clear(&name);
	return safe;
}

int repo_is_ignored(struct repo *repo, const char *path)
{
	const char *worktree = repo_worktree(repo);
	if (!worktree || is_too_deep(path) ||
		!ignore_files_are_safe(worktree, path))
		return UNKNOWN;
	struct err unread;
	git_repository *git = git_of(repo, &unread);
	int ignored;
	if (!git || git_ignore_path_is_ignored(&ignored, git, path) < 0)
		return UNKNOWN;
	return ignored ? YES : NO;
}

int repo_config(const struct config **out, struct repo *repo, struct err *err)
{
	if (!repo->config) {
		git_repository *git = git_of(repo, err);
		int rc = git ? config_read(&repo->config, git, err) : err->code;
		if (rc < 0)
			return rc;
	}
	*out = repo->config;
	return 0;
}

const char *repo_config_text(struct repo *repo, const char *key)
{
	const struct config *config;
	struct err unread;
	if (repo_config(&config, repo, &unread) < 0)
		return NULL;
	const struct config_entry *entry = config_find(config, key, false);
	return entry ? entry->value : NULL;
}

int repo_settings(const struct config **out, struct repo *repo, struct err *err)
{
	*out = repo->environment; /* once asked, files are not read again */
	if (*out)
		return 0;
	if (repo->config || repo->started->tried ||
		plain_repo_may_configure(&repo->place, "hygiene"))
		return repo_config(out, repo, err);
	CLEANUP(config_freep)
	struct config *environment = xcalloc(1, sizeof(*environment));
	int rc = config_add_environment(environment, err);
	if (rc < 0)
		return rc;
	*out = repo->environment = STEAL(environment);
	return 0;
}

int repo_refs(const struct repo_ref **out, size_t *count, struct repo *repo,
	struct err *err)
{
	int rc = read_refs(repo, err);
	*out = repo->refs.items;
	*count = repo->refs.count;
	return rc;
}

int repo_note_broken_refs(
	struct scan_result *result, struct repo *repo, struct err *err)
{
	int rc = read_refs(repo, err);
	for (size_t i = 0; i < repo->refs.broken_count; i++)
		scan_result_add_skipped(result, SKIP_CORRUPT)->detail =
			arena_printf(&result->arena,
				"the ref %s does not hold an object id",
				repo->refs.broken[i]);
	return rc;
}

int repo_digest_refs(char out[65], struct repo *repo, struct err *err)
{
	const struct repo_ref *refs;
	size_t count;
	int rc = repo_refs(&refs, &count, repo, err);
	if (rc < 0)
		return rc;
	struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < count; i++) {
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &refs[i].oid);
		buf_printf(&text, "%s %s\n", hex, refs[i].name);
	}
	text_digest(out, text.bytes, text.len);
	buf_clear(&text);
	return 0;
}

int repo_shallow(const struct oid **out, size_t *count, struct repo *repo,
	struct err *err)
{
	struct buf text;
	buf_init(&text, (size_t)64 << 20);
	const char *path =
		arena_printf(&repo->arena, "%sshallow", repo->place.common_dir);
	int rc = file_read(&text, path, 0, err);
	repo->shallow_count = 0;
	const char *at = text.bytes;
	while (rc == 0 && at && strlen(at) >= OID_HEX_SIZE) {
		ARRAY_GROW(repo->shallow, repo->shallow_count,
			repo->shallow_capacity);
		if (!oid_from_hex(&repo->shallow[repo->shallow_count++], at))
			rc = err_set(
				err, ERR_CORRUPT, "%s: not an object id", path);
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	buf_clear(&text);
	if (rc < 0 && rc != ERR_NOT_FOUND)
		return rc;
	*out = repo->shallow;
	*count = repo->shallow_count;
	return 0;
}
