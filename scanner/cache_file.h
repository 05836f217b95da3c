/*
 * Where results of scans are kept: a folder of files, each under an id that
 * says what it answers. A file counts only if it carries a code (HMAC) by the
 * user's own key, so that nobody who hands on a repository can put one in; one
 * that is cut, changed, of another program or of another format is as none.
 *
 * Files are written beside their place and renamed: two scans at once, or one
 * that is killed, leave whole files. Nothing here ever fails a scan: why there
 * is no cache, or nothing could be stored, is a note.
 */
#ifndef SCANNER_CACHE_FILE_H
#define SCANNER_CACHE_FILE_H

#include "base/buf.h"
#include "base/err.h"

#include <nettle/sha2.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A larger body is not stored; beyond the others, the oldest files go. */
#define CACHE_MAX_BODY  ((size_t)128 << 20)
#define CACHE_MAX_TOTAL ((uint64_t)256 << 20)
#define CACHE_MAX_FILES 64

#define CACHE_LEAST_OBJECTS 2000

/** Where it lies. */
struct cache_opts {
	const char *git_dir; /* the cache is the folder "hygiene" in it, and
				the key lies in the user's cache folder */
	const char *dir;     /* or, if not NULL: this folder, with its key; the
				user has named it and trusts what is in it */
	uint64_t max_total;  /* bytes of all files; 0: CACHE_MAX_TOTAL */
	bool even_small;     /* also what takes no time worth saving */
};

/** For one thread. */
struct cache;

/** Nothing is looked for before the first question, and nothing made before the
 * first cache_write(). Never NULL; caller frees. */
struct cache *cache_new(const struct cache_opts *opts);
void cache_free(struct cache *cache);
DEFINE_CLEANUP(cache_freep, struct cache, cache_free)

/** True when there is a folder, and something in it may count. */
bool cache_is_there(struct cache *cache);

/** True when what took so many objects to find out is worth a file: a small
 * repository is left as it is, unless the user has asked for a cache. */
bool cache_is_worth(const struct cache *cache, size_t objects);

/** Why there is no cache, or why something was not stored; or NULL, also when
 * nobody has asked for it yet. */
const char *cache_note(const struct cache *cache);

/** The path of the folder. */
const char *cache_path(const struct cache *cache);

/** An id begins with what must be the same for anything to count: the format
 * of the files, the program, and what the file is. */
void cache_id_init(
	struct sha256_ctx *sha, struct cache *cache, const char *kind);

/** True when there seems to be such a file; reading it may still fail. */
bool cache_has(struct cache *cache, const char *kind,
	const uint8_t id[SHA256_DIGEST_SIZE]);

/** What makes a file's content; borrowed from `file`. */
struct cache_body {
	const unsigned char *bytes;
	size_t len;
};

/** Reads the file of this kind and id; false when there is none that counts.
 * `file` is empty before, and limited to what a file may have. */
bool cache_read(struct cache_body *out, struct buf *file, struct cache *cache,
	const char *kind, const uint8_t id[SHA256_DIGEST_SIZE]);

/** Stores it, and removes the oldest files where they are too many. A body
 * that failed is not stored. */
void cache_write(struct cache *cache, const char *kind,
	const uint8_t id[SHA256_DIGEST_SIZE], const struct buf *body);

/** What a scan had from the cache; the scan fills it. */
struct cache_use {
	bool whole;                     /* the result as a whole */
	size_t known, read;             /* blobs */
	size_t trees_known, trees_read; /* trees and commits */
};

struct cache_use *cache_use_of(struct cache *cache);
const struct cache_use *cache_use(const struct cache *cache);

/** How much there is. */
struct cache_usage {
	size_t files;
	uint64_t bytes;
};

void cache_measure(struct cache_usage *out, struct cache *cache);

/** Removes every file of the cache, and the folder if that leaves it empty; not
 * the key. */
int cache_clear(struct cache_usage *removed, struct cache *cache,
	struct err *err) MUST_CHECK;

#endif
