#include "remedy/raw_index.h"

#include "base/alloc.h"
#include "remedy/cache_tree.h"
#include "scanner/objects/be.h"

#include <nettle/sha1.h>

#include <stdlib.h>
#include <string.h>

/* gitformat-index(5) "Index entry". */
#define FLAGS_AT    60
#define FIXED_SIZE  62 /* longer with the flags of version 3 */
#define FLAG_NAME   0x0fffU
#define MODE_FOLDER 0040000

void raw_index_clear(struct raw_index *index)
{
	index_file_clear(&index->file);
	free(index->entries);
	arena_clear(&index->arena);
	*index = (struct raw_index){ 0 };
}

static int corrupt(const char *what, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "the index is damaged: %s", what);
}

/* An entry is written again as it is: what it says of its path must be so. */
static int check_entry(const struct repo_index_entry *entry, struct err *err)
{
	size_t named = be_get16(entry->fixed + FLAGS_AT) & FLAG_NAME;
	size_t len = entry->path_len < FLAG_NAME ? entry->path_len : FLAG_NAME;
	if (named != len)
		return corrupt("the length of a path is wrong", err);
	if (entry->stage)
		return err_set(err, ERR_UNSUPPORTED,
			"the index has unmerged paths; resolve the conflict "
			"first");
	if (entry->mode == MODE_FOLDER)
		return err_set(err, ERR_UNSUPPORTED,
			"the index is sparse; run: git sparse-checkout reapply "
			"--no-sparse-index");
	return 0;
}

static int take_entry(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	struct raw_index *out = ctx;
	int rc = check_entry(entry, err);
	if (rc < 0)
		return rc;
	struct index_entry *copy = &out->entries[out->count++];
	*copy = (struct index_entry){
		.fixed = entry->fixed,
		.fixed_len = entry->fixed_len,
		.path = arena_memdupz(
			&out->arena, entry->path, entry->path_len),
		.path_len = entry->path_len,
		.oid = entry->oid,
		.mode = entry->mode,
		.extended = entry->fixed_len > FIXED_SIZE,
		.skip_worktree = entry->skip_worktree,
	};
	return 0;
}

/* They were checked when the file was. */
static int find_extensions(
	struct raw_index *out, const unsigned char *end, struct err *err)
{
	const unsigned char *at = out->file.bytes + out->file.entries_end;
	while (at < end) {
		if (end - at < 8)
			return corrupt("an extension is cut short", err);
		size_t len = be_get32(at + 4);
		if (!memcmp(at, "TREE", 4)) {
			out->cache_tree = at + 8;
			out->cache_tree_len = len;
		} else if (!memcmp(at, "REUC", 4)) {
			out->resolve_undo = at + 8;
			out->resolve_undo_len = len;
		}
		at += 8 + len;
	}
	return 0;
}

/* index.skipHash of git writes zeros for the checksum. */
static bool checksum_fits(const unsigned char *bytes, size_t len)
{
	static const unsigned char zero[OID_SIZE];
	if (!memcmp(bytes + len, zero, OID_SIZE))
		return true;
	struct sha1_ctx sha1;
	unsigned char digest[SHA1_DIGEST_SIZE];
	sha1_init(&sha1);
	sha1_update(&sha1, len, bytes);
	sha1_digest(&sha1, sizeof(digest), digest);
	return !memcmp(digest, bytes + len, OID_SIZE);
}

int raw_index_parse(struct raw_index *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	int rc = index_file_parse(&out->file, bytes, len, err);
	if (rc < 0)
		return rc;
	if (!checksum_fits(bytes, len - OID_SIZE))
		return corrupt("its checksum is wrong", err);
	out->entries = xcalloc(out->file.count, sizeof(*out->entries));
	rc = index_file_each(&out->file, take_entry, out, err);
	return rc < 0 ? rc : find_extensions(out, bytes + len - OID_SIZE, err);
}

/* Writing. */

static void add_be32(struct buf *out, uint32_t value)
{
	const unsigned char bytes[] = {
		(unsigned char)(value >> 24),
		(unsigned char)(value >> 16),
		(unsigned char)(value >> 8),
		(unsigned char)value,
	};
	buf_add(out, bytes, sizeof(bytes));
}

static void add_varint(struct buf *out, size_t value)
{
	unsigned char bytes[10];
	size_t at = sizeof(bytes) - 1;
	bytes[at] = value & 127;
	while (value >>= 7)
		bytes[--at] = (unsigned char)(128 | (--value & 127));
	buf_add(out, bytes + at, sizeof(bytes) - at);
}

static void add_suffix(struct buf *out, const struct index_entry *entry,
	const struct index_entry *previous)
{
	size_t common = 0;
	size_t len = previous ? previous->path_len : 0;
	while (common < len && common < entry->path_len &&
		previous->path[common] == entry->path[common])
		common++;
	add_varint(out, len - common);
	buf_add(out, entry->path + common, entry->path_len - common + 1);
}

static void add_path(struct buf *out, const struct index_entry *entry)
{
	static const char zeros[8] = { 0 };
	size_t size = entry->fixed_len + entry->path_len;
	buf_add(out, entry->path, entry->path_len);
	buf_add(out, zeros, ((size + 8) & ~(size_t)7) - size);
}

/* As git: 3 only where an entry needs it, 4 stays 4. */
static uint32_t version_without(const struct raw_index *index, const bool *gone)
{
	if (index->file.version == 4)
		return 4;
	for (size_t i = 0; i < index->count; i++)
		if (!gone[i] && index->entries[i].extended)
			return 3;
	return 2;
}

static void add_entries(
	struct buf *out, const struct raw_index *index, const bool *gone)
{
	const struct index_entry *previous = NULL;
	for (size_t i = 0; i < index->count; i++) {
		const struct index_entry *entry = &index->entries[i];
		if (gone[i])
			continue;
		buf_add(out, entry->fixed, entry->fixed_len);
		if (index->file.version == 4)
			add_suffix(out, entry, previous);
		else
			add_path(out, entry);
		previous = entry;
	}
}

static void add_extension(
	struct buf *out, const char *name, const void *bytes, size_t len)
{
	buf_add(out, name, 4);
	add_be32(out, (uint32_t)len);
	buf_add(out, bytes, len);
}

/* The folders above the entries that are gone. */
static void find_changed(
	struct path_table *out, const struct raw_index *index, const bool *gone)
{
	for (size_t i = 0; i < index->count; i++) {
		const struct index_entry *entry = &index->entries[i];
		size_t len = gone[i] ? entry->path_len : 0;
		if (gone[i])
			path_table_add(out, "", 0);
		while (len--)
			if (entry->path[len] == '/')
				path_table_add(out, entry->path, len);
	}
}

static void add_cache_tree(
	struct buf *out, const struct raw_index *index, const bool *gone)
{
	struct path_table changed = { 0 };
	CLEANUP(buf_clear) struct buf tree;
	buf_init(&tree, 0);
	find_changed(&changed, index, gone);
	if (cache_tree_invalidate(
		    &tree, index->cache_tree, index->cache_tree_len, &changed))
		add_extension(out, "TREE", tree.bytes, tree.len);
	path_table_clear(&changed);
}

void raw_index_render(
	struct buf *out, const struct raw_index *index, const bool *gone)
{
	size_t start = out->len;
	size_t count = 0;
	for (size_t i = 0; i < index->count; i++)
		count += !gone[i];
	buf_add(out, "DIRC", 4);
	add_be32(out, version_without(index, gone));
	add_be32(out, (uint32_t)count);
	add_entries(out, index, gone);
	if (index->cache_tree)
		add_cache_tree(out, index, gone);
	if (index->resolve_undo)
		add_extension(out, "REUC", index->resolve_undo,
			index->resolve_undo_len);
	struct sha1_ctx sha1;
	unsigned char digest[SHA1_DIGEST_SIZE];
	sha1_init(&sha1);
	sha1_update(&sha1, out->len - start,
		(const unsigned char *)out->bytes + start);
	sha1_digest(&sha1, sizeof(digest), digest);
	buf_add(out, digest, sizeof(digest));
}
