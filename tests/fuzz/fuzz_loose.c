#include "base/alloc.h"
#include "scanner/objects/body.h"
#include "scanner/objects/loose.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_files.h"

#include <zlib.h>

#define LIMIT ((size_t)1 << 16)
#define NAME  "00/11223344556677889900112233445566778899"

static void try_file(const uint8_t *bytes, size_t len)
{
	struct buf folder;
	struct oid oid;
	struct err err = { 0 };
	struct loose_header header = { 0 };
	struct loose_header peeked = { 0 };
	struct body *body = NULL;
	fuzz_folder_make(&folder);
	fuzz_file_write(&folder, NAME, bytes, len);
	FUZZ_ASSERT(oid_from_hex(&oid,
		"00"
		"11223344556677889900"
		"112233445566778899"));
	int rc = loose_read(&body, &header, folder.bytes, &oid, LIMIT, &err);
	int peek = loose_peek(&peeked, folder.bytes, &oid, &err);
	if (rc == 0) {
		FUZZ_ASSERT(body->len == header.size && header.size <= LIMIT);
		FUZZ_ASSERT(peek == 0 && peeked.type == header.type &&
			peeked.size == header.size);
		body_release(body);
	}
	if (rc == ERR_LIMIT)
		FUZZ_ASSERT(peek == 0 && peeked.size > LIMIT);
	FUZZ_ASSERT(rc == 0 || rc == ERR_LIMIT || rc == ERR_CORRUPT);
	fuzz_folder_remove(&folder);
}

/* A loose object: the bytes of the file, or what it inflates to, as the first
 * byte says. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!len)
		return 0;
	if (*bytes & 1) {
		try_file(bytes + 1, len - 1);
		return 0;
	}
	uLongf packed_len = compressBound((uLong)len);
	CLEANUP(freep) uint8_t *packed = xmalloc(packed_len);
	FUZZ_ASSERT(compress2(packed, &packed_len, bytes + 1, (uLong)len - 1,
			    1) == Z_OK);
	try_file(packed, packed_len);
	return 0;
}
