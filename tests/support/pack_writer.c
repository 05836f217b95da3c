#include "tests/support/pack_writer.h"

#include "base/alloc.h"
#include "base/array.h"
#include "tests/support/test.h"

#include <ftw.h>
#include <limits.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static void add_be32(struct buf *buf, uint32_t value)
{
	unsigned char bytes[] = { (unsigned char)(value >> 24),
		(unsigned char)(value >> 16), (unsigned char)(value >> 8),
		(unsigned char)value };
	buf_add(buf, bytes, sizeof(bytes));
}

void pack_writer_init(struct pack_writer *writer)
{
	*writer = (struct pack_writer){ 0 };
	buf_add_text(&writer->pack, "PACK");
	add_be32(&writer->pack, 2);
	add_be32(&writer->pack, 0);
}

void pack_writer_clear(struct pack_writer *writer)
{
	buf_clear(&writer->pack);
	free(writer->entries);
}

static void add_deflated(
	struct buf *out, const void *bytes, size_t len, size_t cut)
{
	uLongf size = compressBound(len);
	unsigned char *packed = xmalloc(size);
	assert_int_equal(compress(packed, &size, bytes, len), Z_OK);
	buf_add(out, packed, size > cut ? size - cut : 0);
	free(packed);
}

static void add_head(struct buf *out, unsigned type, size_t size)
{
	unsigned char byte = (unsigned char)(type << 4 | (size & 15));
	for (size >>= 4; size; size >>= 7) {
		buf_add_byte(out, byte | 0x80);
		byte = size & 0x7f;
	}
	buf_add_byte(out, byte);
}

static void add_distance(struct buf *out, uint64_t distance)
{
	unsigned char bytes[16];
	size_t at = sizeof(bytes);
	bytes[--at] = distance & 0x7f;
	while (distance >>= 7)
		bytes[--at] = 0x80 | (--distance & 0x7f);
	buf_add(out, bytes + at, sizeof(bytes) - at);
}

uint64_t pack_writer_add(
	struct pack_writer *writer, const struct new_entry *entry)
{
	struct buf *pack = &writer->pack;
	uint64_t offset = pack->len;
	add_head(pack, entry->type,
		entry->claimed ? entry->claimed : entry->len);
	if (entry->type == 6)
		add_distance(pack, entry->distance);
	if (entry->type == 7)
		buf_add(pack, entry->base, OID_SIZE);
	add_deflated(pack, entry->bytes, entry->len, entry->cut);
	ARRAY_GROW(writer->entries, writer->count, writer->capacity);
	struct written_entry *written = &writer->entries[writer->count++];
	written->offset = offset;
	written->oid = entry->oid
		? *entry->oid
		: object_id(OBJECT_BLOB, &offset, sizeof(offset));
	return offset;
}

struct oid pack_writer_oid(const struct pack_writer *writer, size_t i)
{
	return writer->entries[i].oid;
}

static int by_oid(const void *a, const void *b)
{
	const struct written_entry *left = a;
	const struct written_entry *right = b;
	return oid_compare(&left->oid, &right->oid);
}

static void add_sha1(struct buf *buf)
{
	struct sha1_ctx sha1;
	unsigned char digest[SHA1_DIGEST_SIZE];
	sha1_init(&sha1);
	sha1_update(&sha1, buf->len, (const uint8_t *)buf->bytes);
	sha1_digest(&sha1, sizeof(digest), digest);
	buf_add(buf, digest, sizeof(digest));
}

static void build_index(struct buf *out, const struct pack_writer *writer)
{
	const struct buf *pack = &writer->pack;
	size_t count = writer->count;
	struct written_entry *sorted = xcalloc(count, sizeof(*sorted));
	if (count) {
		memcpy(sorted, writer->entries, count * sizeof(*sorted));
		qsort(sorted, count, sizeof(*sorted), by_oid);
	}
	buf_add(out, "\377tOc\0\0\0\2", 8);
	uint32_t below = 0;
	for (unsigned slot = 0; slot < 256; slot++) {
		while (below < count && sorted[below].oid.bytes[0] <= slot)
			below++;
		add_be32(out, below);
	}
	for (size_t i = 0; i < count; i++)
		buf_add(out, sorted[i].oid.bytes, OID_SIZE);
	for (size_t i = 0; i < count; i++)
		add_be32(out, 0); /* CRC-32: nobody reads it */
	for (size_t i = 0; i < count; i++)
		add_be32(out, (uint32_t)sorted[i].offset);
	buf_add(out, pack->bytes + pack->len - OID_SIZE, OID_SIZE);
	add_sha1(out);
	free(sorted);
}

static void save(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

void pack_writer_save(
	struct pack_writer *writer, const char *folder, const char *name)
{
	char path[PATH_MAX];
	struct buf *pack = &writer->pack;
	pack->bytes[10] = (char)(writer->count >> 8);
	pack->bytes[11] = (char)writer->count;
	add_sha1(pack);
	snprintf(path, sizeof(path), "%s/pack/%s.pack", folder, name);
	save(path, pack->bytes, pack->len);
	struct buf index = { 0 };
	build_index(&index, writer);
	snprintf(path, sizeof(path), "%s/pack/%s.idx", folder, name);
	save(path, index.bytes, index.len);
	buf_clear(&index);
}

struct oid object_id(enum object_type type, const void *bytes, size_t len)
{
	static const char names[][8] = { "", "commit", "tree", "blob", "tag" };
	struct sha1_ctx sha1;
	struct oid oid;
	char header[32];
	int used = snprintf(header, sizeof(header), "%s %zu", names[type], len);
	sha1_init(&sha1);
	sha1_update(&sha1, (size_t)used + 1, (const uint8_t *)header);
	sha1_update(&sha1, len, bytes);
	sha1_digest(&sha1, OID_SIZE, oid.bytes);
	return oid;
}

static void add_delta_size(struct buf *out, size_t size)
{
	for (; size > 0x7f; size >>= 7)
		buf_add_byte(out, (unsigned char)(size | 0x80));
	buf_add_byte(out, (unsigned char)size);
}

void delta_of(struct buf *out, size_t base_len, const char *text)
{
	size_t len = strlen(text);
	add_delta_size(out, base_len);
	add_delta_size(out, base_len + len);
	buf_add_byte(out, (unsigned char)len);
	buf_add(out, text, len);
	if (!base_len)
		return;
	buf_add_byte(out, 0x80 | 0x10 | 0x20 | 0x40);
	buf_add_byte(out, (unsigned char)base_len);
	buf_add_byte(out, (unsigned char)(base_len >> 8));
	buf_add_byte(out, (unsigned char)(base_len >> 16));
}

void write_loose(const char *folder, const struct oid *oid, const void *bytes,
	size_t len, const char *garbage)
{
	char path[PATH_MAX];
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, oid);
	snprintf(path, sizeof(path), "%s/%.2s", folder, hex);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%.2s/%s", folder, hex, hex + 2);
	struct buf packed = { 0 };
	add_deflated(&packed, bytes, len, 0);
	buf_add_text(&packed, garbage);
	save(path, packed.bytes, packed.len);
	buf_clear(&packed);
}

char *new_objects_folder(void)
{
	char path[] = "/tmp/objects-test-XXXXXX";
	assert_non_null(mkdtemp(path));
	char pack[sizeof(path) + 8];
	snprintf(pack, sizeof(pack), "%s/pack", path);
	assert_int_equal(mkdir(pack, 0700), 0);
	return xstrdup(path);
}

static int remove_one(
	const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void remove_folder(const char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
