#include "scanner/objects/pack.h"

#include "base/alloc.h"
#include "scanner/objects/be.h"
#include "scanner/objects/delta.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define HEADER_SIZE 12 /* "PACK", version, count */

int pack_corrupt(const struct pack *pack, uint64_t offset, const char *what,
	struct err *err)
{
	return err_set(err, ERR_CORRUPT, "%s: offset %" PRIu64 ": %s",
		pack->path, offset, what);
}

static char *pack_path(const char *index_path)
{
	size_t len = strlen(index_path) - strlen(".idx");
	size_t size = len + sizeof(".pack");
	char *path = xmalloc(size);
	snprintf(path, size, "%.*s.pack", (int)len, index_path);
	return path;
}

static int check_pack(const struct pack *pack, struct err *err)
{
	const struct map *map = &pack->map;
	if (map->len < HEADER_SIZE + OID_SIZE || memcmp(map->bytes, "PACK", 4))
		return err_set(err, ERR_CORRUPT, "%s: not a pack", pack->path);
	uint32_t version = be_get32(map->bytes + 4);
	if (version != 2 && version != 3)
		return err_set(err, ERR_UNSUPPORTED,
			"%s: pack version %u is not known", pack->path,
			version);
	if (be_get32(map->bytes + 8) != pack->index.count ||
		memcmp(map->bytes + pack->end, pack->index.pack_checksum,
			OID_SIZE))
		return err_set(err, ERR_CORRUPT,
			"%s: does not belong to its index", pack->path);
	return 0;
}

int pack_open(struct pack **out, const char *index_path, struct err *err)
{
	CLEANUP(pack_freep) struct pack *pack = xcalloc(1, sizeof(*pack));
	int rc = pack_index_open(&pack->index, index_path, err);
	if (rc < 0)
		return rc;
	pack->path = pack_path(index_path);
	rc = map_open(&pack->map, pack->path, err);
	if (rc < 0)
		return rc;
	pack->end = pack->map.len < OID_SIZE ? 0 : pack->map.len - OID_SIZE;
	rc = check_pack(pack, err);
	if (rc < 0)
		return rc;
	*out = STEAL(pack);
	return 0;
}

void pack_free(struct pack *pack)
{
	if (!pack)
		return;
	pack_index_clear(&pack->index);
	pack_bases_free(pack->bases);
	map_clear(&pack->map);
	free(pack->path);
	free(pack);
}

int pack_know_bases(struct pack *pack, unsigned jobs, struct err *err)
{
	return pack->bases ? 0 : pack_bases_new(&pack->bases, pack, jobs, err);
}

/* "n-byte type and length", gitformat-pack(5) "pack entry" */
static bool parse_size(
	struct pack_entry *entry, const unsigned char *bytes, uint64_t end)
{
	unsigned char byte = bytes[entry->data++];
	entry->type = byte >> 4 & 7;
	entry->size = byte & 15;
	for (unsigned shift = 4; byte & 0x80; shift += 7) {
		if (entry->data >= end || shift > 64 - 7)
			return false;
		byte = bytes[entry->data++];
		entry->size |= (uint64_t)(byte & 0x7f) << shift;
	}
	return true;
}

/* "offset encoding", gitformat-pack(5): each more byte adds one as well, so
 * that no distance has two spellings */
static bool parse_base_offset(
	struct pack_entry *entry, const unsigned char *bytes, uint64_t end)
{
	uint64_t distance = 0;
	unsigned char byte = 0;
	do {
		if (entry->data >= end || distance >> 56)
			return false;
		if (byte)
			distance++;
		byte = bytes[entry->data++];
		distance = distance << 7 | (byte & 0x7f);
	} while (byte & 0x80);
	if (distance == 0 || distance > entry->offset - HEADER_SIZE)
		return false;
	entry->base_offset = entry->offset - distance;
	return true;
}

int pack_entry_at(struct pack_entry *out, const struct pack *pack,
	uint64_t offset, struct err *err)
{
	const unsigned char *bytes = pack->map.bytes;
	*out = (struct pack_entry){ .offset = offset, .data = offset };
	if (offset < HEADER_SIZE || offset >= pack->end)
		return pack_corrupt(pack, offset, "outside of the pack", err);
	if (!parse_size(out, bytes, pack->end))
		return pack_corrupt(pack, offset, "bad length", err);
	switch (out->type) {
	case OBJECT_COMMIT:
	case OBJECT_TREE:
	case OBJECT_BLOB:
	case OBJECT_TAG:
		return 0;
	case PACK_OFS_DELTA:
		if (!parse_base_offset(out, bytes, pack->end))
			return pack_corrupt(
				pack, offset, "bad offset of the base", err);
		return 0;
	case PACK_REF_DELTA:
		if (pack->end - out->data < OID_SIZE)
			return pack_corrupt(
				pack, offset, "truncated id of the base", err);
		out->base =
			(const struct oid *)(const void *)(bytes + out->data);
		out->data += OID_SIZE;
		return 0;
	default:
		return pack_corrupt(pack, offset, "unknown type", err);
	}
}

int pack_inflaters_init(struct pack_inflaters *inflaters, struct err *err)
{
	inflaters->fixed = libdeflate_alloc_decompressor();
	inflaters->other = libdeflate_alloc_decompressor();
	if (!inflaters->fixed || !inflaters->other)
		return err_set(err, ERR_LIMIT, "no memory to inflate");
	return 0;
}

void pack_inflaters_clear(struct pack_inflaters *inflaters)
{
	if (inflaters->fixed)
		libdeflate_free_decompressor(inflaters->fixed);
	if (inflaters->other)
		libdeflate_free_decompressor(inflaters->other);
	*inflaters = (struct pack_inflaters){ 0 };
}

/* Behind the two bytes of RFC 1950 stands the head of the first block, RFC
 * 1951 §3.2.3: a bit, and two for its kind. */
static bool has_fixed_codes(
	const struct pack *pack, const struct pack_entry *entry)
{
	return pack->end - entry->data > 2 &&
		(pack->map.bytes[entry->data + 2] >> 1 & 3) == 1;
}

int pack_inflate(unsigned char *out, const struct pack *pack,
	const struct pack_entry *entry, const struct pack_inflaters *inflaters,
	struct err *err)
{
	struct libdeflate_decompressor *inflater = has_fixed_codes(pack, entry)
		? inflaters->fixed
		: inflaters->other;
	size_t size = 0;
	enum libdeflate_result result = libdeflate_zlib_decompress(inflater,
		pack->map.bytes + entry->data,
		(size_t)(pack->end - entry->data), out,
		(size_t)entry->size + PACK_INFLATE_ROOM, &size);
	if (result == LIBDEFLATE_SUCCESS && size != entry->size)
		result = LIBDEFLATE_SHORT_OUTPUT;
	switch (result) {
	case LIBDEFLATE_SUCCESS:
		return 0;
	case LIBDEFLATE_SHORT_OUTPUT:
	case LIBDEFLATE_INSUFFICIENT_SPACE:
		return pack_corrupt(pack, entry->offset,
			"inflates to another length than it says", err);
	case LIBDEFLATE_BAD_DATA:
	default:
		return pack_corrupt(pack, entry->offset,
			"bad or truncated zlib stream", err);
	}
}

size_t pack_claimed_size(
	const struct pack *pack, const struct pack_entry *entry)
{
	if (!pack_entry_is_delta(entry))
		return (size_t)entry->size;
	unsigned char head[2 * DELTA_SIZE_MAX];
	uint64_t left = pack->end - entry->data;
	z_stream stream = {
		/* zlib does not write to its input, but says so only to those
		 * who define ZLIB_CONST */
		.next_in = (unsigned char *)(uintptr_t)(pack->map.bytes +
			entry->data),
		.avail_in = left > 4096 ? 4096 : (uInt)left,
		.next_out = head,
		.avail_out = sizeof(head),
	};
	if (inflateInit(&stream) != Z_OK)
		return 0;
	inflate(&stream, Z_SYNC_FLUSH);
	inflateEnd(&stream);
	struct delta delta;
	if (!delta_parse(&delta, head, sizeof(head) - stream.avail_out))
		return 0;
	return delta.result_size;
}
