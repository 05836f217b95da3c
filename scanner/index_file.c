#include "scanner/index_file.h"

#include "scanner/objects/be.h"

#include <nettle/sha1.h>
#include <string.h>

/* gitformat-index(5): "DIRC", version, number of entries; at the end the
 * checksum of all before it. */
#define HEADER_SIZE   12
#define TRAILER_SIZE  OID_SIZE
#define MODE_OFFSET   24
#define OID_OFFSET    40
#define FLAGS_OFFSET  60
#define ENTRY_SIZE    62 /* up to the path, without extended flags */
#define EXTENDED_SIZE 64

#define FLAG_EXTENDED      0x4000U
#define FLAG_STAGE_SHIFT   12
#define FLAG_NAME          0x0fffU /* length; all set: that or more */
#define FLAG_INTENT_TO_ADD 0x2000U /* of the extended flags */
#define FLAG_SKIP_WORKTREE 0x4000U /* of these too */

#define MAX_PATH ((size_t)64 * 1024)

/** An entry as it stands in the file. */
struct raw_entry {
	const unsigned char *fixed; /* the part before the path */
	size_t fixed_len;
	const unsigned char *suffix; /* the path; in version 4 the end of it */
	size_t suffix_len;
	size_t kept; /* bytes that the path before has in common with it */
	size_t next; /* offset of the entry behind it */
	bool intent_to_add, skip_worktree;
};

/** The number of bytes that version 4 cuts off the path before: 7 bits a byte,
 * as the offset in gitformat-pack(5) "OFS_DELTA". */
static bool read_cut(
	size_t *out, size_t *at, const unsigned char *bytes, size_t end)
{
	size_t value = 0;
	for (bool more = true; more; (*at)++) {
		if (*at >= end || value > MAX_PATH)
			return false;
		more = bytes[*at] & 0x80;
		value = value << 7 | (bytes[*at] & 0x7f);
		value += more;
	}
	*out = value;
	return true;
}

/** In version 4: cuts the path before, and adds a text up to its NUL. */
static bool read_compressed(struct raw_entry *raw, size_t at,
	size_t path_len_before, const unsigned char *bytes, size_t end)
{
	size_t cut;
	if (!read_cut(&cut, &at, bytes, end) || cut > path_len_before)
		return false;
	const unsigned char *nul = memchr(bytes + at, 0, end - at);
	if (!nul)
		return false;
	raw->kept = path_len_before - cut;
	raw->suffix = bytes + at;
	raw->suffix_len = (size_t)(nul - raw->suffix);
	raw->next = (size_t)(nul + 1 - bytes);
	return true;
}

/** In versions 2 and 3: the whole path, and 1 to 8 NULs up to a multiple of
 * 8 bytes from the entry's start. */
static bool read_padded(struct raw_entry *raw, size_t at, unsigned flags,
	const unsigned char *bytes, size_t end)
{
	size_t start = (size_t)(raw->fixed - bytes);
	size_t len = flags & FLAG_NAME;
	if (len == FLAG_NAME) {
		const unsigned char *nul = memchr(bytes + at, 0, end - at);
		if (!nul)
			return false;
		len = (size_t)(nul - (bytes + at));
	}
	size_t size = (at - start + len + 8) & ~(size_t)7;
	if (size > end - start || bytes[at + len])
		return false;
	raw->kept = 0;
	raw->suffix = bytes + at;
	raw->suffix_len = len;
	raw->next = start + size;
	return true;
}

/** The entry at `at`; false when it does not follow the format. */
static bool read_entry(struct raw_entry *raw, const struct index_file *index,
	size_t at, size_t path_len_before)
{
	const unsigned char *bytes = index->bytes;
	size_t end = index->entries_end;
	if (end - at < EXTENDED_SIZE)
		return false; /* a path and its NUL take two bytes at least */
	raw->fixed = bytes + at;
	unsigned flags = be_get16(raw->fixed + FLAGS_OFFSET);
	bool extended = flags & FLAG_EXTENDED;
	if (extended && index->version < 3)
		return false;
	unsigned more = extended ? be_get16(raw->fixed + ENTRY_SIZE) : 0;
	raw->intent_to_add = more & FLAG_INTENT_TO_ADD;
	raw->skip_worktree = more & FLAG_SKIP_WORKTREE;
	raw->fixed_len = extended ? EXTENDED_SIZE : ENTRY_SIZE;
	at += raw->fixed_len;
	bool ok = index->version == 4
		? read_compressed(raw, at, path_len_before, bytes, end)
		: read_padded(raw, at, flags, bytes, end);
	return ok && raw->kept + raw->suffix_len <= MAX_PATH;
}

static int corrupt(const char *what, uint32_t number, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "the index is damaged: %s (entry %u)",
		what, number);
}

/** Goes over all entries, to learn where the extensions begin, and whether an
 * entry has no path: a split index has such. */
static int find_end(struct index_file *index, bool *nameless, struct err *err)
{
	size_t at = HEADER_SIZE;
	size_t path_len = 0;
	*nameless = false;
	for (uint32_t i = 0; i < index->count; i++) {
		struct raw_entry raw;
		if (!read_entry(&raw, index, at, path_len))
			return corrupt("not an entry", i, err);
		path_len = raw.kept + raw.suffix_len;
		*nameless = *nameless || !path_len;
		at = raw.next;
	}
	index->entries_end = at;
	return 0;
}

/** Extensions whose name does not begin with a capital must be understood. */
static int refuse_extension(const unsigned char *name, struct err *err)
{
	if (!memcmp(name, "link", 4))
		return err_set(err, ERR_UNSUPPORTED,
			"a split index cannot be read (git update-index "
			"--no-split-index makes it whole)");
	if (!memcmp(name, "sdir", 4))
		return err_set(err, ERR_UNSUPPORTED,
			"a sparse index cannot be read (git sparse-checkout "
			"reapply --no-sparse-index makes it full)");
	return err_set(err, ERR_UNSUPPORTED,
		"the index has an extension that is not known");
}

static int read_extensions(
	struct index_file *index, size_t end, struct err *err)
{
	size_t at = index->entries_end;
	while (end - at >= 8) {
		const unsigned char *name = index->bytes + at;
		size_t size = be_get32(name + 4);
		at += 8;
		if (size > end - at)
			return err_set(err, ERR_CORRUPT,
				"the index is damaged: an extension is cut "
				"off");
		if (name[0] < 'A' || name[0] > 'Z')
			return refuse_extension(name, err);
		/* one that is damaged only makes the way longer */
		if (!memcmp(name, "TREE", 4) && !index->cache_tree.count)
			(void)cache_tree_parse(
				&index->cache_tree, index->bytes + at, size);
		at += size;
	}
	return 0;
}

int index_file_parse(struct index_file *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	*out = (struct index_file){ 0 };
	if (len < HEADER_SIZE + TRAILER_SIZE || memcmp(bytes, "DIRC", 4) != 0)
		return err_set(err, ERR_CORRUPT,
			"the index is damaged: not an index file");
	struct index_file index = {
		.bytes = bytes,
		.len = len,
		.entries_end = len - TRAILER_SIZE,
		.version = be_get32(bytes + 4),
		.count = be_get32(bytes + 8),
	};
	if (index.version < 2 || index.version > 4)
		return err_set(err, ERR_UNSUPPORTED,
			"version %u of the index cannot be read",
			index.version);
	bool nameless;
	int rc = find_end(&index, &nameless, err);
	if (rc == 0)
		rc = read_extensions(&index, len - TRAILER_SIZE, err);
	if (rc == 0 && nameless)
		rc = err_set(err, ERR_CORRUPT,
			"the index is damaged: an entry has no path");
	if (rc == 0)
		*out = index;
	else
		cache_tree_clear(&index.cache_tree);
	return rc;
}

int index_file_open(struct index_file *out, const char *path, struct err *err)
{
	*out = (struct index_file){ 0 };
	struct map map;
	int rc = map_open(&map, path, err);
	if (rc < 0)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	rc = index_file_parse(out, map.bytes, map.len, err);
	if (rc < 0)
		map_clear(&map);
	else
		out->map = map;
	return rc;
}

int index_file_verify(const struct index_file *index, struct err *err)
{
	static const unsigned char none[OID_SIZE] = { 0 }; /* skipHash */
	unsigned char sum[OID_SIZE];
	struct sha1_ctx sha1;
	if (!index->len)
		return 0;
	const unsigned char *end = index->bytes + index->len - TRAILER_SIZE;
	if (!memcmp(end, none, OID_SIZE))
		return 0;
	sha1_init(&sha1);
	sha1_update(&sha1, index->len - TRAILER_SIZE, index->bytes);
	sha1_digest(&sha1, OID_SIZE, sum);
	return memcmp(sum, end, OID_SIZE)
		? err_set(err, ERR_CORRUPT,
			  "the checksum of the index is wrong")
		: 0;
}

void index_file_clear(struct index_file *index)
{
	cache_tree_clear(&index->cache_tree);
	map_clear(&index->map);
	*index = (struct index_file){ 0 };
}

/** Puts the entry's path together. In versions 2 and 3 it stands in the file
 * as it is. */
static int take_path(struct repo_index_entry *entry, struct buf *path,
	const struct index_file *index, const struct raw_entry *raw)
{
	entry->path = (const char *)raw->suffix;
	entry->path_len = raw->kept + raw->suffix_len;
	if (index->version < 4)
		return 0;
	path->len = raw->kept;
	int rc = buf_add(path, raw->suffix, raw->suffix_len);
	entry->path = path->bytes;
	return rc;
}

static void take_fields(
	struct repo_index_entry *entry, const struct raw_entry *raw)
{
	unsigned flags = be_get16(raw->fixed + FLAGS_OFFSET);
	memcpy(entry->oid.bytes, raw->fixed + OID_OFFSET, OID_SIZE);
	entry->mode = be_get32(raw->fixed + MODE_OFFSET);
	entry->stage = (int)(flags >> FLAG_STAGE_SHIFT & 3);
	entry->intent_to_add = raw->intent_to_add;
	entry->skip_worktree = raw->skip_worktree;
	entry->fixed = raw->fixed;
	entry->fixed_len = raw->fixed_len;
}

int index_file_each(const struct index_file *index, index_sink *sink, void *ctx,
	struct err *err)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, MAX_PATH);
	size_t at = HEADER_SIZE;
	size_t passing = 0;
	struct repo_index_entry entry = { 0 };
	for (uint32_t i = 0; i < index->count; i++) {
		struct raw_entry raw;
		if (!read_entry(&raw, index, at, entry.path_len) ||
			take_path(&entry, &path, index, &raw) < 0)
			return corrupt("not an entry", i, err);
		at = raw.next;
		if (passing) {
			passing--;
			continue;
		}
		if (memchr(entry.path, 0, entry.path_len))
			return corrupt("a NUL in a path", i, err);
		take_fields(&entry, &raw);
		int rc = sink(&entry, ctx, err);
		if (rc < 0)
			return rc;
		passing = (size_t)rc;
	}
	return 0;
}
