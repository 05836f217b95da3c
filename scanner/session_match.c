#include "scanner/session_match.h"

#include "base/alloc.h"
#include "base/cleanup.h"

#include <nettle/base16.h>
#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <stdlib.h>
#include <string.h>

#define ID_MAX 256

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* MD5, or SHA-1 or SHA-256 where the application says so. */
bool session_file_is_named(const char *path)
{
	const char *name = last_component(path);
	size_t len = strlen(name);
	if (len != 2 * MD5_DIGEST_SIZE && len != 2 * SHA1_DIGEST_SIZE &&
		len != 2 * SHA256_DIGEST_SIZE)
		return false;
	return strspn(name, "0123456789abcdef") == len;
}

/* What is sorted: the name and who bears it. */
struct named {
	const char *name;
	size_t finding;
};

static int compare_named(const void *a, const void *b)
{
	const struct named *left = a;
	const struct named *right = b;
	int order = strcmp(left->name, right->name);
	if (order)
		return order;
	return (left->finding > right->finding) -
		(left->finding < right->finding);
}

void session_files_make(
	struct session_files *out, const struct scan_result *result)
{
	*out = (struct session_files){ 0 };
	CLEANUP(freep)
	struct named *named = xcalloc(result->finding_count, sizeof(*named));
	size_t count = 0;
	for (size_t i = 0; i < result->finding_count; i++) {
		const char *path = result->findings[i].path;
		if (session_file_is_named(path))
			named[count++] =
				(struct named){ last_component(path), i };
	}
	if (!count)
		return;
	qsort(named, count, sizeof(*named), compare_named);
	out->findings = xcalloc(count, sizeof(*out->findings));
	out->count = count;
	for (size_t i = 0; i < count; i++)
		out->findings[i] = named[i].finding;
}

void session_files_clear(struct session_files *files)
{
	free(files->findings);
	*files = (struct session_files){ 0 };
}

static const char *name_at(const struct session_files *files,
	const struct scan_result *result, size_t index)
{
	return last_component(result->findings[files->findings[index]].path);
}

static void find_name(const struct session_files *files,
	const struct scan_result *result, const char *name,
	void (*take)(size_t finding, void *ctx), void *ctx)
{
	size_t low = 0;
	size_t high = files->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(name_at(files, result, middle), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < files->count; low++) {
		if (strcmp(name_at(files, result, low), name) != 0)
			return;
		take(files->findings[low], ctx);
	}
}

/* A digest of both texts in hex. */
static void hash_name(char *out, const struct nettle_hash *hash,
	const char *prefix, const unsigned char *id, size_t len)
{
	union {
		struct md5_ctx md5;
		struct sha1_ctx sha1;
		struct sha256_ctx sha256;
	} ctx;
	uint8_t digest[SHA256_DIGEST_SIZE];
	hash->init(&ctx);
	hash->update(&ctx, strlen(prefix), (const uint8_t *)prefix);
	hash->update(&ctx, len, id);
	hash->digest(&ctx, hash->digest_size, digest);
	base16_encode_update(out, hash->digest_size, digest);
	out[2 * hash->digest_size] = '\0';
}

void session_files_find(const struct session_files *files,
	const struct scan_result *result, const unsigned char *id, size_t len,
	void (*take)(size_t finding, void *ctx), void *ctx)
{
	/* SESSION_KEY_PREFIX of Flask-Session, its default and none */
	static const char *const prefixes[] = { "session:", "" };
	const struct nettle_hash *const hashes[] = { &nettle_md5, &nettle_sha1,
		&nettle_sha256 };
	char name[2 * SHA256_DIGEST_SIZE + 1];
	if (!files->count || len > ID_MAX)
		return;
	for (size_t p = 0; p < ARRAY_SIZE(prefixes); p++)
		for (size_t h = 0; h < ARRAY_SIZE(hashes); h++) {
			hash_name(name, hashes[h], prefixes[p], id, len);
			find_name(files, result, name, take, ctx);
		}
}
