#include "scanner/cache_file.h"

#include "base/alloc.h"
#include "base/build_id.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "rules/digest.h"
#include "scanner/cache_folder.h"
#include "scanner/cache_key.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* Changes with the form of any file. */
#define FORMAT "git-hygiene cache 2"
#define FOLDER "hygiene"

/* A file is a mark, a code over all that follows, the id, and the body. */
static const char mark[16] = "git-hygiene C\r\n\n";
#define CODE_AT   sizeof(mark)
#define ID_AT     (CODE_AT + SHA256_DIGEST_SIZE)
#define HEAD_SIZE (ID_AT + SHA256_DIGEST_SIZE)

struct cache {
	char *path;
	bool is_named;
	char *git_dir;     /* that it lies in; NULL when it is named */
	bool is_looked_at; /* look() has filled what follows */
	bool has_program;  /* `program` says which one this is */
	bool may_not_make; /* the folder, or files in it */
	struct buf program;
	int folder; /* or -1: not there */
	bool has_key;
	uint8_t key[CACHE_KEY_SIZE];
	uint64_t max_total;
	bool even_small;
	struct cache_use use;
	struct err note; /* code 0: there is nothing to say */
};

/** A folder in somebody else's repository would be in that one's way. */
static bool is_own(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_uid == geteuid();
}

/** Opens the folder, if it is there. What lies in a .git folder is no link. */
static void open_folder(struct cache *cache)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		(cache->is_named ? 0 : O_NOFOLLOW);
	cache->folder = open(cache->path, flags);
	if (cache->folder < 0 && errno != ENOENT)
		err_errno(&cache->note, "%s", cache->path);
}

static void read_key(struct cache *cache, bool make)
{
	int dir = cache->is_named ? cache->folder : -1;
	struct err err;
	int rc = cache_key_read(cache->key, dir, make, &err);
	cache->has_key = rc == 0;
	if (rc < 0 && (make || rc != ERR_NOT_FOUND))
		cache->note = err;
}

/** Finds out what there is, once: a hook ends without having asked. */
static void look(struct cache *cache)
{
	if (cache->is_looked_at)
		return;
	cache->is_looked_at = true;
	cache->has_program = build_id_add(&cache->program);
	cache->may_not_make = cache->git_dir && !is_own(cache->git_dir);
	if (!cache->has_program)
		err_set(&cache->note, ERR_UNSUPPORTED,
			"the program has no build id");
	else if (cache->may_not_make)
		err_set(&cache->note, ERR_UNSUPPORTED,
			"%s: the folder is somebody else's", cache->git_dir);
	open_folder(cache);
	if (cache->folder >= 0)
		read_key(cache, false);
}

struct cache *cache_new(const struct cache_opts *opts)
{
	struct cache *cache = xcalloc(1, sizeof(*cache));
	struct buf path;
	buf_init(&path, 0);
	cache->is_named = opts->dir != NULL;
	cache->even_small = opts->even_small;
	cache->max_total = opts->max_total ? opts->max_total : CACHE_MAX_TOTAL;
	if (opts->dir) {
		buf_add_text(&path, opts->dir);
	} else {
		buf_printf(&path, "%s" FOLDER, opts->git_dir);
		cache->git_dir = xstrdup(opts->git_dir);
	}
	cache->path = buf_steal(&path);
	cache->folder = -1;
	buf_init(&cache->program, 0);
	return cache;
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	fd_close(&cache->folder);
	explicit_bzero(cache->key, sizeof(cache->key));
	buf_clear(&cache->program);
	free(cache->path);
	free(cache->git_dir);
	free(cache);
}

bool cache_is_there(struct cache *cache)
{
	look(cache);
	return cache->folder >= 0 && cache->has_key && cache->has_program;
}

bool cache_is_worth(const struct cache *cache, size_t objects)
{
	return cache->even_small || objects >= CACHE_LEAST_OBJECTS;
}

struct cache_use *cache_use_of(struct cache *cache)
{
	return &cache->use;
}

const struct cache_use *cache_use(const struct cache *cache)
{
	return &cache->use;
}

const char *cache_note(const struct cache *cache)
{
	return cache->note.code ? cache->note.msg : NULL;
}

const char *cache_path(const struct cache *cache)
{
	return cache->path;
}

void cache_id_init(
	struct sha256_ctx *sha, struct cache *cache, const char *kind)
{
	look(cache);
	digest_init(sha, FORMAT);
	digest_bytes(sha, cache->program.bytes, cache->program.len);
	digest_text(sha, kind);
}

static void make_code(uint8_t out[SHA256_DIGEST_SIZE],
	const struct cache *cache, const uint8_t id[SHA256_DIGEST_SIZE],
	const void *body, size_t len)
{
	struct hmac_sha256_ctx ctx;
	hmac_sha256_set_key(&ctx, sizeof(cache->key), cache->key);
	hmac_sha256_update(&ctx, SHA256_DIGEST_SIZE, id);
	hmac_sha256_update(&ctx, len, body);
	hmac_sha256_digest(&ctx, SHA256_DIGEST_SIZE, out);
	explicit_bzero(&ctx, sizeof(ctx));
}

static bool is_genuine(const struct cache *cache, const struct buf *file,
	const uint8_t id[SHA256_DIGEST_SIZE])
{
	uint8_t code[SHA256_DIGEST_SIZE];
	if (file->len < HEAD_SIZE || memcmp(file->bytes, mark, sizeof(mark)) ||
		memcmp(file->bytes + ID_AT, id, SHA256_DIGEST_SIZE) != 0)
		return false;
	make_code(code, cache, id, file->bytes + HEAD_SIZE,
		file->len - HEAD_SIZE);
	return memeql_sec(code, file->bytes + CODE_AT, sizeof(code));
}

bool cache_has(struct cache *cache, const char *kind,
	const uint8_t id[SHA256_DIGEST_SIZE])
{
	char name[CACHE_NAME_SIZE];
	cache_name(name, kind, id);
	return cache_is_there(cache) &&
		faccessat(cache->folder, name, R_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool cache_read(struct cache_body *out, struct buf *file, struct cache *cache,
	const char *kind, const uint8_t id[SHA256_DIGEST_SIZE])
{
	char name[CACHE_NAME_SIZE];
	struct stat st;
	struct err ignored;
	if (!cache_is_there(cache))
		return false;
	cache_name(name, kind, id);
	buf_init(file, HEAD_SIZE + CACHE_MAX_BODY);
	if (file_read_at(file, &st, cache->folder, name, &ignored) < 0 ||
		!is_genuine(cache, file, id))
		return false;
	/* so that it is not the first to go; no matter if that fails */
	(void)utimensat(cache->folder, name, NULL, AT_SYMLINK_NOFOLLOW);
	*out = (struct cache_body){
		.bytes = (const unsigned char *)file->bytes + HEAD_SIZE,
		.len = file->len - HEAD_SIZE,
	};
	return true;
}

/** Makes folder and key where they are not there yet. */
static bool make_ready(struct cache *cache)
{
	look(cache);
	if (!cache->has_program || cache->may_not_make)
		return false;
	if (!cache->is_named && !cache->has_key) {
		read_key(cache, true);
		if (!cache->has_key)
			return false;
	}
	if (cache->folder < 0) {
		if (mkdir(cache->path, 0700) < 0 && errno != EEXIST)
			err_errno(&cache->note, "%s", cache->path);
		else
			open_folder(cache);
	}
	if (cache->folder >= 0 && !cache->has_key)
		read_key(cache, true);
	return cache_is_there(cache);
}

static int fill(int fd, const uint8_t code[SHA256_DIGEST_SIZE],
	const uint8_t id[SHA256_DIGEST_SIZE], const struct buf *body)
{
	if (write_fully(fd, mark, sizeof(mark)) < 0 ||
		write_fully(fd, code, SHA256_DIGEST_SIZE) < 0 ||
		write_fully(fd, id, SHA256_DIGEST_SIZE) < 0)
		return -1;
	return write_fully(fd, body->bytes, body->len);
}

/* There is no fsync(): what a crash leaves of a file does not count. */
static int write_file(struct cache *cache, const char *name,
	const uint8_t id[SHA256_DIGEST_SIZE], const struct buf *body)
{
	uint8_t code[SHA256_DIGEST_SIZE];
	char temporary[CACHE_NAME_SIZE];
	uint64_t number;
	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		return err_errno(&cache->note, "no random bytes");
	cache_temporary_name(temporary, number);
	CLEANUP(fd_close)
	int fd = openat(cache->folder, temporary,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(&cache->note, "%s", cache->path);
	make_code(code, cache, id, body->bytes, body->len);
	int rc = 0;
	if (fill(fd, code, id, body) < 0 ||
		renameat(cache->folder, temporary, cache->folder, name) < 0)
		rc = err_errno(&cache->note, "%s", cache->path);
	if (rc < 0)
		unlinkat(cache->folder, temporary, 0);
	return rc;
}

void cache_write(struct cache *cache, const char *kind,
	const uint8_t id[SHA256_DIGEST_SIZE], const struct buf *body)
{
	char name[CACHE_NAME_SIZE];
	if (body->failed || body->len > CACHE_MAX_BODY) {
		err_set(&cache->note, ERR_LIMIT, "too much to store");
		return;
	}
	if (!make_ready(cache))
		return;
	cache_name(name, kind, id);
	if (write_file(cache, name, id, body) == 0)
		cache_folder_trim(cache->folder, name, cache->max_total);
}

void cache_measure(struct cache_usage *out, struct cache *cache)
{
	*out = (struct cache_usage){ 0 };
	look(cache);
	if (cache->folder >= 0)
		cache_folder_measure(out, cache->folder);
}

int cache_clear(
	struct cache_usage *removed, struct cache *cache, struct err *err)
{
	*removed = (struct cache_usage){ 0 };
	look(cache);
	if (cache->folder < 0)
		return 0;
	int rc = cache_folder_clear(removed, cache->folder, err);
	if (rc == 0 && !cache->is_named)
		(void)rmdir(cache->path); /* if it is empty */
	return rc;
}
