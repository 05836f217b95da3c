#include "scanner/archive.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/uptime.h"
#include "rules/encoded/encoding.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <string.h>

/* clang-format off */

/* Every function of libarchive that is called. */
#define FUNCTIONS(each)                         \
	each(archive_entry_filetype)            \
	each(archive_entry_is_data_encrypted)   \
	each(archive_entry_pathname)            \
	each(archive_entry_pathname_utf8)       \
	each(archive_read_append_filter)        \
	each(archive_read_data_block)           \
	each(archive_read_free)                 \
	each(archive_read_new)                  \
	each(archive_read_next_header)          \
	each(archive_read_open_memory)          \
	each(archive_read_set_format_option)    \
	each(archive_read_support_filter_bzip2) \
	each(archive_read_support_filter_gzip)  \
	each(archive_read_support_filter_xz)    \
	each(archive_read_support_filter_zstd)  \
	each(archive_read_support_format_raw)   \
	each(archive_read_support_format_tar)   \
	each(archive_read_support_format_zip)

/* clang-format on */

#define FIELD(name) __typeof__(name) *name;

struct archive_library {
	void *handle;
	FUNCTIONS(FIELD)
	bool has_filter[ENCODING_COUNT]; /* by a library, no other program */
};

int archive_encoding(const unsigned char *bytes, size_t len)
{
	static const struct {
		size_t offset;
		const char *bytes;
		size_t len;
		int encoding;
	} starts[] = {
		{ 0, "PK\3\4", 4, ENCODING_ZIP },
		{ 0, "\x1F\x8B\x08", 3, ENCODING_GZIP },
		{ 0, "BZh", 3, ENCODING_BZIP2 },
		{ 0,
			"\xFD"
			"7zXZ\0",
			6, ENCODING_XZ },
		{ 0, "\x28\xB5\x2F\xFD", 4, ENCODING_ZSTD },
		{ 257, "ustar", 5, ENCODING_TAR },
	};
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (len >= starts[i].offset + starts[i].len &&
			!memcmp(bytes + starts[i].offset, starts[i].bytes,
				starts[i].len))
			return starts[i].encoding;
	return ENCODING_NONE;
}

void archive_library_free(struct archive_library *library)
{
	if (!library)
		return;
	if (library->handle)
		dlclose(library->handle);
	free(library);
}

/** Sets every function; false when one is not there. */
static bool find_functions(struct archive_library *library)
{
	void *address;
	/* a pointer to data becomes one to a function, as POSIX allows */
#define FIND(name)                               \
	address = dlsym(library->handle, #name); \
	if (!address)                            \
		return false;                    \
	memcpy(&library->name, &address, sizeof(library->name));
	FUNCTIONS(FIND)
#undef FIND
	return true;
}

/** A filter that libarchive was built without would be another program. */
static void find_filters(struct archive_library *library)
{
	struct archive *reader = library->archive_read_new();
	if (!reader)
		return;
	bool *has = library->has_filter;
	has[ENCODING_GZIP] =
		library->archive_read_support_filter_gzip(reader) == ARCHIVE_OK;
	has[ENCODING_BZIP2] = library->archive_read_support_filter_bzip2(
				      reader) == ARCHIVE_OK;
	has[ENCODING_XZ] =
		library->archive_read_support_filter_xz(reader) == ARCHIVE_OK;
	has[ENCODING_ZSTD] =
		library->archive_read_support_filter_zstd(reader) == ARCHIVE_OK;
	library->archive_read_free(reader);
}

int archive_library_open(struct archive_library **out, struct err *err)
{
	CLEANUP(archive_library_freep)
	struct archive_library *library = xcalloc(1, sizeof(*library));
	library->handle = dlopen(LIBARCHIVE_SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!library->handle || !find_functions(library))
		return err_set(err, ERR_UNSUPPORTED,
			"archives are not read without " LIBARCHIVE_SONAME);
	find_filters(library);
	*out = STEAL(library);
	return 0;
}

/** One archive that is being read. */
struct reading {
	const struct archive_library *library;
	struct archive *reader;
	int encoding; /* the outermost */
	struct archive_bounds *bounds;
	struct buf bytes; /* of the present member */
};

static void reading_clear(struct reading *reading)
{
	if (reading->reader)
		reading->library->archive_read_free(reading->reader);
	buf_clear(&reading->bytes);
}

static int filter_code(int encoding)
{
	switch (encoding) {
	case ENCODING_BZIP2:
		return ARCHIVE_FILTER_BZIP2;
	case ENCODING_XZ:
		return ARCHIVE_FILTER_XZ;
	case ENCODING_ZSTD:
		return ARCHIVE_FILTER_ZSTD;
	default:
		return ARCHIVE_FILTER_GZIP;
	}
}

/** Allows the one format that the bytes begin with; for a compressed file the
 * one filter, so that nothing is unpacked twice that is not counted. */
static bool choose_format(const struct reading *reading)
{
	const struct archive_library *library = reading->library;
	struct archive *reader = reading->reader;
	int encoding = reading->encoding;
	if (encoding == ENCODING_ZIP)
		return library->archive_read_support_format_zip(reader) ==
			ARCHIVE_OK;
	if (encoding == ENCODING_TAR)
		return library->archive_read_support_format_tar(reader) ==
			ARCHIVE_OK;
	return library->has_filter[encoding] &&
		library->archive_read_support_format_raw(reader) ==
		ARCHIVE_OK &&
		library->archive_read_append_filter(
			reader, filter_code(encoding)) == ARCHIVE_OK;
}

/** True when a compressed file has nothing in it: gzip ends with the size
 * (RFC 1952 §2.3.1), the others are this small then alone. */
static bool is_empty_file(int encoding, const unsigned char *bytes, size_t len)
{
	static const unsigned char none[4] = { 0 };
	if (encoding == ENCODING_GZIP)
		return len >= 20 && !memcmp(bytes + len - 4, none, 4);
	return encoding != ENCODING_ZIP && encoding != ENCODING_TAR &&
		len <= 32;
}

static int open_reader(struct reading *reading, const unsigned char *bytes,
	size_t len, struct err *err)
{
	const struct archive_library *library = reading->library;
	const char *name = encoding_name(reading->encoding);
	reading->reader = library->archive_read_new();
	if (!reading->reader || !choose_format(reading))
		return err_set(err, ERR_UNSUPPORTED,
			"libarchive was built without %s", name);
	/* names are bytes, whatever the locale; a format may not know this */
	(void)library->archive_read_set_format_option(
		reading->reader, NULL, "hdrcharset", "BINARY");
	/* tar(1) ends at two blocks of NULs; what follows may be another one */
	(void)library->archive_read_set_format_option(
		reading->reader, "tar", "read_concatenated_archives", "1");
	if (library->archive_read_open_memory(reading->reader, bytes, len) ==
		ARCHIVE_OK)
		return 0;
	return is_empty_file(reading->encoding, bytes, len)
		? 1
		: err_set(err, ERR_CORRUPT, "%s is damaged", name);
}

bool archive_bounds_are_met(const struct archive_bounds *bounds)
{
	return !bounds->bytes || !bounds->members ||
		uptime_ms() >= bounds->deadline_ms;
}

/** Reads all that the present entry holds, also of what is no file: its bytes
 * count. Holes are left out. Sets member->status. */
static int read_bytes(struct archive_member *member, struct reading *reading)
{
	struct archive_bounds *bounds = reading->bounds;
	buf_reset(&reading->bytes);
	member->status = MEMBER_WHOLE;
	for (;;) {
		const void *block;
		size_t len = 0;
		la_int64_t offset;
		int got = reading->library->archive_read_data_block(
			reading->reader, &block, &len, &offset);
		if (got == ARCHIVE_EOF)
			return 0;
		if (got < ARCHIVE_OK) {
			member->status = got == ARCHIVE_FAILED ? MEMBER_UNKNOWN
							       : MEMBER_BROKEN;
			return got == ARCHIVE_FATAL ? ERR_CORRUPT : 0;
		}
		if (archive_bounds_are_met(bounds) || len > bounds->bytes ||
			buf_add(&reading->bytes, block, len) < 0) {
			member->status = MEMBER_CUT;
			return ERR_LIMIT;
		}
		bounds->bytes -= len;
	}
}

static const char *name_of(
	const struct archive_library *library, struct archive_entry *entry)
{
	const char *name = library->archive_entry_pathname(entry);
	if (!name)
		name = library->archive_entry_pathname_utf8(entry);
	return name ? name : "";
}

static int take_entry(struct reading *reading, struct archive_entry *entry,
	archive_sink *sink, void *ctx, struct err *err)
{
	const struct archive_library *library = reading->library;
	struct archive_member member = {
		.name = name_of(library, entry),
		.encoding = reading->encoding,
		.status = MEMBER_ENCRYPTED,
	};
	int rc = 0;
	if (library->archive_entry_is_data_encrypted(entry) == 1)
		buf_reset(&reading->bytes);
	else
		rc = read_bytes(&member, reading);
	if (library->archive_entry_filetype(entry) == AE_IFREG) {
		member.bytes = (const unsigned char *)reading->bytes.bytes;
		member.len = reading->bytes.len;
		int taken = sink(&member, ctx, err);
		if (taken < 0)
			return taken;
	}
	if (rc == ERR_LIMIT)
		return err_set(err, ERR_LIMIT, "more than is unpacked");
	if (rc < 0)
		return err_set(err, rc, "%s breaks off",
			encoding_name(reading->encoding));
	return 0;
}

int archive_each(const struct archive_library *library,
	const unsigned char *bytes, size_t len, struct archive_bounds *bounds,
	archive_sink *sink, void *ctx, struct err *err)
{
	CLEANUP(reading_clear)
	struct reading reading = {
		.library = library,
		.encoding = archive_encoding(bytes, len),
		.bounds = bounds,
	};
	buf_init(&reading.bytes, bounds->bytes + 1);
	int rc = open_reader(&reading, bytes, len, err);
	while (rc == 0) {
		struct archive_entry *entry;
		int got = library->archive_read_next_header(
			reading.reader, &entry);
		if (got == ARCHIVE_EOF)
			return 0;
		if (got < ARCHIVE_WARN)
			return err_set(err, ERR_CORRUPT, "%s is damaged",
				encoding_name(reading.encoding));
		if (archive_bounds_are_met(bounds))
			return err_set(err, ERR_LIMIT, "more than is unpacked");
		bounds->members--;
		rc = take_entry(&reading, entry, sink, ctx, err);
	}
	return rc < 0 ? rc : 0;
}
