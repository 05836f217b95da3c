#include "remedy/raw_index.h"

#include "base/alloc.h"
#include "remedy/cache_tree.h"
#include "scanner/objects/be.h"

#include <nettle/sha1.h>

#include <stdlib.h>
#include <string.h>

/* gitformat-index(5) "Index entry". */
#define HEADER_SIZE        12
#define STAT_SIZE          40 /* up to the id; the mode is at 24 */
#define FLAGS_AT           60
#define FIXED_SIZE         62
#define FLAG_EXTENDED      0x4000
#define FLAG_STAGE         0x3000
#define FLAG_NAME          0x0fff
#define FLAG_SKIP_WORKTREE 0x4000 /* of the extended ones */
#define MODE_FOLDER        0040000
#define MAX_PATH           65536

struct reader {
	const unsigned char *start, *at,
		*end; /* end: of the checksummed part */
	struct raw_index *out;
	struct buf previous; /* path, for version 4 */
	bool nameless;       /* an entry has no path: a split index may */
	struct err *err;
};

void raw_index_clear(struct raw_index *index)
{
	free(index->entries);
	arena_clear(&index->arena);
	*index = (struct raw_index){ 0 };
}

static unsigned get16(const unsigned char *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

static int corrupt(const struct reader *reader, const char *what)
{
	return err_set(
		reader->err, ERR_CORRUPT, "the index is damaged: %s", what);
}

/* The number of offset deltas, gitformat-pack(5). */
static bool read_varint(size_t *out, struct reader *reader)
{
	size_t value = 0;
	for (int i = 0; i < 4 && reader->at < reader->end; i++) {
		unsigned char byte = *reader->at++;
		value = value << 7 | (byte & 127);
		if (!(byte & 128)) {
			*out = value;
			return true;
		}
		value++;
	}
	return false;
}

/* Version 4: how much of the path before goes, and what comes instead. */
static int read_suffix(struct reader *reader, struct index_entry *entry)
{
	size_t strip;
	if (!read_varint(&strip, reader) || strip > reader->previous.len)
		return corrupt(reader, "a path is cut wrong");
	const unsigned char *nul =
		memchr(reader->at, '\0', (size_t)(reader->end - reader->at));
	if (!nul)
		return corrupt(reader, "a path does not end");
	reader->previous.len -= strip;
	int rc = buf_add(
		&reader->previous, reader->at, (size_t)(nul - reader->at));
	if (rc < 0)
		return corrupt(reader, "a path is too long");
	reader->at = nul + 1;
	entry->path_len = reader->previous.len;
	entry->path = arena_memdupz(&reader->out->arena, reader->previous.bytes,
		reader->previous.len);
	return 0;
}

/* Versions 2 and 3: the whole path, padded to a multiple of eight. */
static int read_path(struct reader *reader, struct index_entry *entry)
{
	const unsigned char *nul =
		memchr(reader->at, '\0', (size_t)(reader->end - reader->at));
	if (!nul || nul - reader->at > MAX_PATH)
		return corrupt(reader, "a path does not end");
	entry->path = (const char *)reader->at;
	entry->path_len = (size_t)(nul - reader->at);
	size_t size = (entry->fixed_len + entry->path_len + 8) & ~(size_t)7;
	if ((size_t)(reader->end - entry->fixed) < size)
		return corrupt(reader, "an entry is cut short");
	reader->at = entry->fixed + size;
	return 0;
}

static int refuse(const struct reader *reader, const char *what)
{
	return err_set(reader->err, ERR_UNSUPPORTED, "%s", what);
}

static int refuse_sparse(const struct reader *reader)
{
	return refuse(reader,
		"the index is sparse; run: git sparse-checkout reapply "
		"--no-sparse-index");
}

static int read_entry(struct reader *reader, struct index_entry *entry)
{
	size_t left = (size_t)(reader->end - reader->at);
	if (left < FIXED_SIZE + 2)
		return corrupt(reader, "an entry is cut short");
	entry->fixed = reader->at;
	entry->fixed_len = FIXED_SIZE;
	entry->mode = be_get32(reader->at + 24);
	memcpy(entry->oid.bytes, reader->at + STAT_SIZE, OID_SIZE);
	unsigned flags = get16(reader->at + FLAGS_AT);
	if (flags & FLAG_EXTENDED) {
		if (reader->out->version < 3)
			return corrupt(reader, "extended flags in version 2");
		entry->extended = true;
		entry->fixed_len += 2;
		entry->skip_worktree =
			get16(reader->at + FIXED_SIZE) & FLAG_SKIP_WORKTREE;
	}
	reader->at += entry->fixed_len;
	int rc = reader->out->version == 4 ? read_suffix(reader, entry)
					   : read_path(reader, entry);
	if (rc < 0)
		return rc;
	size_t named = flags & FLAG_NAME;
	size_t len = entry->path_len < FLAG_NAME ? entry->path_len : FLAG_NAME;
	reader->nameless = reader->nameless || !len;
	if (len && named != len)
		return corrupt(reader, "the length of a path is wrong");
	if (flags & FLAG_STAGE)
		return refuse(reader,
			"the index has unmerged paths; resolve the conflict "
			"first");
	if (entry->mode == MODE_FOLDER)
		return refuse_sparse(reader);
	return 0;
}

static int read_entries(struct reader *reader, size_t count)
{
	/* each takes more than FIXED_SIZE bytes of the file */
	if (count > (size_t)(reader->end - reader->at) / FIXED_SIZE)
		return corrupt(reader, "it says to have more than it has");
	reader->out->entries = xcalloc(count, sizeof(struct index_entry));
	for (size_t i = 0; i < count; i++) {
		int rc = read_entry(reader, &reader->out->entries[i]);
		if (rc < 0)
			return rc;
		reader->out->count++;
	}
	return 0;
}

static bool is_named(const unsigned char *signature, const char *name)
{
	return !memcmp(signature, name, 4);
}

static int read_extension(struct reader *reader)
{
	const unsigned char *at = reader->at;
	struct raw_index *out = reader->out;
	size_t left = (size_t)(reader->end - at);
	if (left < 8 || be_get32(at + 4) > left - 8)
		return corrupt(reader, "an extension is cut short");
	size_t len = be_get32(at + 4);
	reader->at += 8 + len;
	if (is_named(at, "TREE")) {
		out->cache_tree = at + 8;
		out->cache_tree_len = len;
	} else if (is_named(at, "REUC")) {
		out->resolve_undo = at + 8;
		out->resolve_undo_len = len;
	} else if (is_named(at, "link")) {
		return refuse(reader,
			"the index is split; run: git update-index "
			"--no-split-index");
	} else if (is_named(at, "sdir")) {
		return refuse_sparse(reader);
	} else if (*at < 'A' || *at > 'Z') {
		return err_set(reader->err, ERR_UNSUPPORTED,
			"the index has an extension '%.4s' that is not known",
			(const char *)at);
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

static int read_all(
	struct reader *reader, const unsigned char *bytes, size_t len)
{
	if (len < HEADER_SIZE + OID_SIZE || !is_named(bytes, "DIRC"))
		return corrupt(reader, "it does not start as one");
	reader->end = bytes + len - OID_SIZE;
	reader->at = bytes + HEADER_SIZE;
	reader->out->version = be_get32(bytes + 4);
	if (reader->out->version < 2 || reader->out->version > 4)
		return err_set(reader->err, ERR_UNSUPPORTED,
			"the index has version %u", reader->out->version);
	if (!checksum_fits(bytes, len - OID_SIZE))
		return corrupt(reader, "its checksum is wrong");
	int rc = read_entries(reader, be_get32(bytes + 8));
	while (rc == 0 && reader->at < reader->end)
		rc = read_extension(reader);
	if (rc == 0 && reader->nameless)
		return corrupt(reader, "an entry has no path");
	return rc;
}

int raw_index_parse(struct raw_index *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct reader reader = { .out = out, .err = err };
	buf_init(&reader.previous, MAX_PATH);
	int rc = read_all(&reader, bytes, len);
	buf_clear(&reader.previous);
	return rc;
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
	if (index->version == 4)
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
		if (index->version == 4)
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
