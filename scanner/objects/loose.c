#include "scanner/objects/loose.h"

#include "base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define HEADER_MAX 32 /* "commit ", 20 digits, NUL; as git bounds it */
#define CHUNK      16384

/* An open object file and the state of its stream. */
struct loose {
	int fd;
	const char *folder;
	char name[OID_HEX_SIZE + 2]; /* "ab/cdef…" */
	z_stream stream;
	bool inflating;
	bool ended; /* the zlib stream, its checksum included */
	unsigned char input[CHUNK];
};

static void loose_close(struct loose *loose)
{
	if (loose->inflating)
		inflateEnd(&loose->stream);
	if (loose->fd >= 0)
		close(loose->fd);
}

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int fail(
	const struct loose *loose, int code, const char *what, struct err *err)
{
	return err_set(
		err, code, "%s/%s: %s", loose->folder, loose->name, what);
}

static int open_failed(const struct loose *loose, struct err *err)
{
	if (errno == ENOENT)
		return fail(loose, ERR_NOT_FOUND, "no such object", err);
	if (errno == ELOOP || errno == ENOTDIR)
		return fail(loose, ERR_UNSUPPORTED, "not a regular file", err);
	return err_errno(err, "%s/%s", loose->folder, loose->name);
}

static int open_folder(int *out, const char *folder, const char *name)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/%.2s", folder, name);
	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	*out = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *out < 0 ? -1 : 0;
}

static int loose_open(struct loose *loose, const char *folder,
	const struct oid *oid, struct err *err)
{
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, oid);
	loose->fd = -1;
	loose->inflating = false;
	loose->ended = false;
	loose->folder = folder;
	snprintf(loose->name, sizeof(loose->name), "%.2s/%s", hex, hex + 2);
	CLEANUP(close_fd) int dir = -1;
	if (open_folder(&dir, folder, hex) < 0)
		return open_failed(loose, err);
	loose->fd = openat(
		dir, hex + 2, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (loose->fd < 0)
		return open_failed(loose, err);
	struct stat st;
	if (fstat(loose->fd, &st) < 0)
		return open_failed(loose, err);
	if (!S_ISREG(st.st_mode))
		return fail(loose, ERR_UNSUPPORTED, "not a regular file", err);
	loose->stream = (z_stream){ 0 };
	if (inflateInit(&loose->stream) != Z_OK)
		return fail(loose, ERR_LIMIT, "no memory to inflate", err);
	loose->inflating = true;
	return 0;
}

/* Reads the next bytes of the file where none are left; 1 at its end. */
static int fill(struct loose *loose, struct err *err)
{
	if (loose->stream.avail_in)
		return 0;
	ssize_t got;
	do {
		got = read(loose->fd, loose->input, sizeof(loose->input));
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, "%s/%s", loose->folder, loose->name);
	loose->stream.next_in = loose->input;
	loose->stream.avail_in = (uInt)got;
	return got == 0;
}

/* Inflates until `size` bytes are there or the stream ends; *got tells. */
static int inflate_some(struct loose *loose, unsigned char *out, size_t size,
	size_t *got, struct err *err)
{
	z_stream *stream = &loose->stream;
	*got = 0;
	while (!loose->ended && *got < size) {
		int rc = fill(loose, err);
		if (rc < 0)
			return rc;
		if (rc > 0)
			return fail(loose, ERR_CORRUPT, "truncated", err);
		size_t room = size - *got;
		uInt part = room > UINT_MAX ? UINT_MAX : (uInt)room;
		stream->next_out = out + *got;
		stream->avail_out = part;
		int status = inflate(stream, Z_NO_FLUSH);
		*got += part - stream->avail_out;
		loose->ended = status == Z_STREAM_END;
		if (status != Z_OK && status != Z_STREAM_END)
			return fail(loose, ERR_CORRUPT, "bad zlib stream", err);
	}
	return 0;
}

static bool parse_type(enum object_type *out, const char *name, size_t len)
{
	static const char names[][8] = { "", "commit", "tree", "blob", "tag" };
	for (unsigned type = OBJECT_COMMIT; type <= OBJECT_TAG; type++) {
		if (strlen(names[type]) == len &&
			!memcmp(name, names[type], len)) {
			*out = (enum object_type)type;
			return true;
		}
	}
	return false;
}

/* Digits without a leading zero, up to a NUL at `end`. */
static bool parse_size(size_t *out, const char *text, const char *end)
{
	if (text == end || (*text == '0' && end - text > 1))
		return false;
	size_t size = 0;
	for (; text < end; text++) {
		if (*text < '0' || *text > '9' || size > SIZE_MAX / 10 - 1)
			return false;
		size = size * 10 + (size_t)(*text - '0');
	}
	*out = size;
	return true;
}

/* Inflates the first bytes; what follows the header stays in `head`, from
 * *used up to *len. */
static int read_header(struct loose *loose, struct loose_header *header,
	unsigned char head[HEADER_MAX], size_t *used, size_t *len,
	struct err *err)
{
	int rc = inflate_some(loose, head, HEADER_MAX, len, err);
	if (rc < 0)
		return rc;
	const char *text = (const char *)head;
	const char *end = memchr(head, '\0', *len);
	const char *space =
		end ? memchr(head, ' ', (size_t)(end - text)) : NULL;
	if (!space ||
		!parse_type(&header->type, text, (size_t)(space - text)) ||
		!parse_size(&header->size, space + 1, end))
		return fail(loose, ERR_CORRUPT, "bad header", err);
	*used = (size_t)(end + 1 - text);
	return 0;
}

static int check_end(struct loose *loose, struct err *err)
{
	unsigned char more;
	size_t got = 0;
	int rc = inflate_some(loose, &more, 1, &got, err);
	if (rc < 0)
		return rc;
	if (got)
		return fail(loose, ERR_CORRUPT,
			"inflates to more than its header says", err);
	rc = fill(loose, err);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return fail(loose, ERR_CORRUPT, "garbage at its end", err);
	return 0;
}

static int read_content(struct body **out, struct loose *loose,
	const struct loose_header *header, const unsigned char *head,
	size_t head_len, struct err *err)
{
	CLEANUP(body_releasep) struct body *body = NULL;
	if (head_len > header->size)
		return fail(loose, ERR_CORRUPT,
			"inflates to more than its header says", err);
	body = body_new(header->size, 0);
	if (!body)
		return fail(loose, ERR_LIMIT, "no memory", err);
	memcpy(body->bytes, head, head_len);
	size_t got = 0;
	int rc = inflate_some(loose, body->bytes + head_len,
		header->size - head_len, &got, err);
	if (rc < 0)
		return rc;
	if (got != header->size - head_len)
		return fail(loose, ERR_CORRUPT,
			"inflates to less than its header says", err);
	rc = check_end(loose, err);
	if (rc < 0)
		return rc;
	*out = STEAL(body);
	return 0;
}

int loose_read(struct body **out, struct loose_header *header,
	const char *folder, const struct oid *oid, size_t limit,
	struct err *err)
{
	CLEANUP(loose_close) struct loose loose;
	int rc = loose_open(&loose, folder, oid, err);
	if (rc < 0)
		return rc;
	unsigned char head[HEADER_MAX];
	size_t used = 0;
	size_t len = 0;
	rc = read_header(&loose, header, head, &used, &len, err);
	if (rc < 0)
		return rc;
	if (header->size > limit)
		return fail(&loose, ERR_LIMIT, "too large", err);
	return read_content(out, &loose, header, head + used, len - used, err);
}

int loose_peek(struct loose_header *out, const char *folder,
	const struct oid *oid, struct err *err)
{
	CLEANUP(loose_close) struct loose loose;
	int rc = loose_open(&loose, folder, oid, err);
	if (rc < 0)
		return rc;
	unsigned char head[HEADER_MAX];
	size_t used = 0;
	size_t len = 0;
	return read_header(&loose, out, head, &used, &len, err);
}

static void closedirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int each_of_slot(const char *folder, unsigned slot, loose_sink *sink,
	void *ctx, struct err *err)
{
	char hex[OID_HEX_SIZE + 1];
	snprintf(hex, sizeof(hex), "%02x", slot & 0xff);
	CLEANUP(close_fd) int fd = -1;
	if (open_folder(&fd, folder, hex) < 0) {
		if (errno == ENOENT || errno == ELOOP || errno == ENOTDIR)
			return 0;
		return err_errno(err, "%s/%.2s", folder, hex);
	}
	CLEANUP(closedirp) DIR *dir = fdopendir(fd);
	if (!dir)
		return err_errno(err, "%s/%.2s", folder, hex);
	fd = -1; /* the stream owns it now */
	for (const struct dirent *entry; (entry = readdir(dir));) {
		struct oid oid;
		if (strlen(entry->d_name) != OID_HEX_SIZE - 2)
			continue;
		memcpy(hex + 2, entry->d_name, OID_HEX_SIZE - 1);
		if (!oid_from_hex(&oid, hex))
			continue;
		int rc = sink(&oid, ctx, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int loose_each(const char *folder, loose_sink *sink, void *ctx, struct err *err)
{
	for (unsigned slot = 0; slot < 256; slot++) {
		int rc = each_of_slot(folder, slot, sink, ctx, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}
