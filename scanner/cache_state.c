#include "scanner/cache_state.h"

#include "base/array.h"
#include "base/folder.h"
#include "rules/digest.h"
#include "scanner/cache_codec.h"
#include "scanner/holder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/** A scan whose result depends on nothing but what is digested here. */
static bool is_cacheable(const struct scan_opts *opts)
{
	const unsigned known = PLACE_INDEX | PLACE_HISTORY | PLACE_MESSAGE;
	return opts->sources & (PLACE_HISTORY | PLACE_MESSAGE) &&
		!(opts->sources & ~known) && !opts->range_tips &&
		!opts->range_cut_count && !opts->commits && !opts->has_since &&
		!opts->message && !opts->more_commit_count && !opts->pathspec &&
		!opts->shard.count && !opts->costs && !opts->libgit2_only &&
		!opts->verify_objects;
}

CACHE_SIZE_IS(struct scan_opts, 240);

/* `now` is not among them: result_cache.h says how long a result holds. Nor is
 * the time that a content has: what was short of it is not kept. */
static void add_opts(struct sha256_ctx *sha, const struct scan_opts *opts)
{
	digest_number(sha, opts->sources);
	digest_number(sha, (int64_t)opts->max_blob_size);
	digest_number(sha, opts->decode_depth);
	digest_text(sha, opts->fingerprint_key);
	digest_number(sha, opts->expect_paths);
	digest_number(sha, opts->text_places);
	digest_number(sha, opts->no_allow_comments);
	digest_bytes(sha, opts->gitleaks_ignore, opts->gitleaks_ignore_len);
	digest_number(sha, (int64_t)opts->exclude_count);
	for (size_t i = 0; i < opts->exclude_count; i++)
		digest_text(sha, path_glob_pattern(opts->exclude[i]));
}

static int add_refs(struct sha256_ctx *sha, struct repo *repo, struct err *err)
{
	char refs[65];
	struct oid head = { 0 };
	int rc = repo_digest_refs(refs, repo, err);
	if (rc < 0)
		return rc;
	digest_text(sha, refs);
	digest_number(sha, repo_head(&head, repo));
	digest_bytes(sha, head.bytes, sizeof(head.bytes));
	CLEANUP(scan_result_clear) struct scan_result broken = { 0 };
	rc = repo_note_broken_refs(&broken, repo, err);
	digest_number(sha, (int64_t)broken.skipped_count);
	for (size_t i = 0; i < broken.skipped_count; i++)
		digest_text(sha, broken.skipped[i].detail);
	return rc;
}

/** Older stash entries: no ref names them. */
static int add_stashes(
	struct sha256_ctx *sha, struct repo *repo, struct err *err)
{
	CLEANUP(holders_clear) struct holders holders = { 0 };
	int rc = holders_find(&holders, repo, false, err);
	digest_number(sha, (int64_t)holders.tip_count);
	for (size_t i = 0; i < holders.tip_count; i++) {
		const struct oid *oid = &holders.tips[i].start.oid;
		digest_bytes(sha, oid->bytes, sizeof(oid->bytes));
	}
	digest_number(sha, (int64_t)holders.damaged_count);
	return rc;
}

static int add_shallow(
	struct sha256_ctx *sha, struct repo *repo, struct err *err)
{
	const struct oid *cuts;
	size_t count;
	int rc = repo_shallow(&cuts, &count, repo, err);
	if (rc == 0)
		digest_bytes(sha, cuts, count * sizeof(*cuts));
	return rc;
}

static int add_entry(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	struct sha256_ctx *sha = ctx;
	(void)err;
	digest_bytes(sha, entry->path, entry->path_len);
	digest_bytes(sha, entry->oid.bytes, sizeof(entry->oid.bytes));
	digest_number(sha, entry->mode);
	digest_number(sha, entry->stage);
	digest_number(sha, entry->intent_to_add);
	return 0;
}

/** A file of the object store, and how to know that it is the same one. */
struct store_file {
	char name[NAME_MAX + 1];
	struct stat st;
};

/** Those of one folder; all zero is empty. */
struct store_files {
	struct store_file *items;
	size_t count, capacity;
};

static void store_files_clear(struct store_files *files)
{
	free(files->items);
}

static void closedirp(DIR *const *dir)
{
	if (*dir)
		closedir(*dir);
}

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct store_file *)a)->name,
		((const struct store_file *)b)->name);
}

static void add_file(struct sha256_ctx *sha, const struct store_file *file)
{
	const struct stat *st = &file->st;
	digest_text(sha, file->name);
	digest_number(sha, st->st_size);
	digest_number(sha, (int64_t)st->st_dev);
	digest_number(sha, (int64_t)st->st_ino);
	digest_number(sha, st->st_mtim.tv_sec);
	digest_number(sha, st->st_mtim.tv_nsec);
	digest_number(sha, st->st_ctim.tv_sec);
	digest_number(sha, st->st_ctim.tv_nsec);
}

/** All files of a folder that may not be there. */
static int list_files(
	struct store_files *out, const char *path, struct err *err)
{
	CLEANUP(closedirp) DIR *dir = opendir(path);
	if (!dir && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!dir)
		return err_errno(err, "%s", path);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		ARRAY_GROW(out->items, out->count, out->capacity);
		struct store_file *file = &out->items[out->count];
		if (fstatat(dirfd(dir), entry->d_name, &file->st,
			    AT_SYMLINK_NOFOLLOW) < 0)
			continue; /* gone by now */
		snprintf(file->name, sizeof(file->name), "%s", entry->d_name);
		out->count++;
	}
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items),
			compare_files);
	return 0;
}

static int add_folder(struct sha256_ctx *sha, const char *path, struct err *err)
{
	CLEANUP(store_files_clear) struct store_files files = { 0 };
	int rc = list_files(&files, path, err);
	if (rc < 0)
		return rc;
	digest_number(sha, (int64_t)files.count);
	for (size_t i = 0; i < files.count; i++)
		add_file(sha, &files.items[i]);
	return 0;
}

/** The folder that grafts lie in: git log shows other commits for them. */
static int add_info(
	struct sha256_ctx *sha, const struct repo *repo, struct err *err)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%sinfo", repo_common_dir(repo));
	if (len < 0 || (size_t)len >= sizeof(path))
		return err_set(err, ERR_LIMIT, "path too long");
	return add_folder(sha, path, err);
}

/** One object folder: its packs and the 256 folders of loose objects. */
static int add_store(struct sha256_ctx *sha, const char *store, struct err *err)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/", store);
	if (len < 0 || (size_t)len + sizeof("pack") > sizeof(path))
		return err_set(err, ERR_LIMIT, "%s: path too long", store);
	digest_text(sha, store);
	snprintf(path + len, sizeof("pack"), "pack");
	int rc = add_folder(sha, path, err);
	for (unsigned slot = 0; rc == 0 && slot < 256; slot++) {
		snprintf(path + len, sizeof("ff"), "%02x", slot);
		rc = add_folder(sha, path, err);
	}
	return rc;
}

static int add_objects(
	struct sha256_ctx *sha, const struct repo *repo, struct err *err)
{
	int rc = 0;
	const char *const *dirs = repo_object_dirs(repo);
	for (; rc == 0 && *dirs; dirs++)
		rc = add_store(sha, *dirs, err);
	return rc;
}

int cache_state_id(uint8_t out[SHA256_DIGEST_SIZE], struct cache *cache,
	struct repo *repo, const struct ruleset *rules,
	const struct scan_opts *opts)
{
	struct sha256_ctx sha;
	struct err err;
	if (!is_cacheable(opts))
		return 0;
	cache_id_init(&sha, cache, "result");
	digest_text(&sha, ruleset_digest(rules));
	digest_number(&sha, repo_worktree(repo) == NULL);
	add_opts(&sha, opts);
	int rc = add_refs(&sha, repo, &err);
	if (rc == 0)
		rc = add_stashes(&sha, repo, &err);
	if (rc == 0)
		rc = add_shallow(&sha, repo, &err);
	if (rc == 0)
		rc = add_info(&sha, repo, &err);
	if (rc == 0)
		rc = repo_each_index_entry(repo, add_entry, &sha, &err);
	if (rc == 0)
		rc = add_objects(&sha, repo, &err);
	if (rc < 0)
		return 0;
	sha256_digest(&sha, SHA256_DIGEST_SIZE, out);
	return 1;
}
