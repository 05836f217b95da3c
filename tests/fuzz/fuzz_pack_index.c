#include "scanner/objects/pack_index.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_files.h"

static void try_index(const struct pack_index *index)
{
	for (uint32_t i = 0; i < index->count; i++) {
		struct oid oid = *pack_index_oid(index, i);
		uint32_t position;
		(void)pack_index_offset(index, i);
		if (pack_index_find(&position, index, &oid))
			FUZZ_ASSERT(position < index->count &&
				oid_equal(
					&oid, pack_index_oid(index, position)));
		oid.bytes[OID_SIZE - 1] ^= 1;
		(void)pack_index_find(&position, index, &oid);
	}
}

/* An index of any bytes: refused, or no look-up leads outside of it. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct buf folder;
	struct buf path;
	struct err err = { 0 };
	struct pack_index index;
	fuzz_folder_make(&folder);
	fuzz_file_write(&folder, "i", bytes, len);
	buf_init(&path, 0);
	buf_printf(&path, "%s/i", folder.bytes);
	if (pack_index_open(&index, path.bytes, &err) == 0) {
		try_index(&index);
		pack_index_clear(&index);
	}
	buf_clear(&path);
	fuzz_folder_remove(&folder);
	return 0;
}
