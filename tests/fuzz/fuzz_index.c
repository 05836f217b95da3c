#include "base/alloc.h"
#include "base/cleanup.h"
#include "remedy/raw_index.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* An index of any bytes, with the zeros of index.skipHash for a checksum; what
 * is written without every third entry must be readable. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct err err = { 0 };
	CLEANUP(raw_index_clear) struct raw_index index = { 0 };
	CLEANUP(raw_index_clear) struct raw_index again = { 0 };
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	CLEANUP(freep) unsigned char *copy = xcalloc(1, len + OID_SIZE);
	if (len)
		memcpy(copy, bytes, len);
	if (raw_index_parse(&index, copy, len + OID_SIZE, &err) < 0)
		return 0;
	CLEANUP(freep) bool *gone = xcalloc(index.count, sizeof(*gone));
	for (size_t i = 0; i < index.count; i += 3)
		gone[i] = true;
	raw_index_render(&out, &index, gone);
	int rc = raw_index_parse(
		&again, (const unsigned char *)out.bytes, out.len, &err);
	assert(rc == 0);
	(void)rc;
	return 0;
}
