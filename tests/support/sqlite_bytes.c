#include "tests/support/sqlite_bytes.h"

#include "tests/support/test.h"

#include <sqlite3.h>

void sqlite_bytes(struct buf *out, const char *sql)
{
	sqlite3 *handle;
	char *message = NULL;
	sqlite3_int64 size;
	assert_int_equal(sqlite3_open(":memory:", &handle), SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s", message);
	unsigned char *bytes = sqlite3_serialize(handle, "main", &size, 0);
	buf_init(out, 0);
	buf_add(out, bytes, (size_t)size);
	sqlite3_free(bytes);
	sqlite3_close(handle);
}
