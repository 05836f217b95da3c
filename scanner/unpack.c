#include "scanner/unpack.h"

#include "base/alloc.h"
#include "base/uptime.h"
#include "rules/encoded/document.h"
#include "scanner/database.h"
#include "scanner/pickle_values.h"

#include <string.h>

void unpack_begin(struct unpack *unpack, size_t len)
{
	size_t most = UNPACK_MAX_BYTES;
	if (len < (most - UNPACK_FREE_BYTES) / UNPACK_RATIO)
		most = UNPACK_FREE_BYTES + len * UNPACK_RATIO;
	unpack->bounds = (struct archive_bounds){
		.bytes = most,
		.members = UNPACK_MAX_MEMBERS,
	};
	arena_clear(&unpack->arena);
}

void unpack_clear(struct unpack *unpack)
{
	arena_clear(&unpack->arena);
	archive_library_free(unpack->library);
	*unpack = (struct unpack){ 0 };
}

static void skip(const struct unpack *unpack, int reason, const char *inner,
	const char *detail)
{
	unpack->sink.skip(reason, inner, detail, unpack->sink.ctx);
}

static int push(struct unpack *unpack, struct content *content, struct err *err)
{
	int rc = unpack->sink.take(content, unpack->sink.ctx, err);
	return rc < 0 ? rc : unpack_inside(unpack, content, err);
}

/* Pushes what a piece of the content encodes, or all of it. */
static int push_decoded(struct unpack *unpack, int kind, int encoding,
	struct content *outer, const unsigned char *text, size_t text_len,
	struct err *err)
{
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, unpack->bounds.bytes);
	if (!unpack->bounds.bytes ||
		decode_text(&bytes, encoding, text, text_len) < 0) {
		skip(unpack, SKIP_LIMIT, outer->inner, "more than is decoded");
		return 0;
	}
	if (!bytes.len)
		return 0;
	unpack->bounds.bytes -= bytes.len;
	struct content content;
	content_init_decoded(&content, outer,
		&(struct decoded_text){
			.kind = kind,
			.encoding = encoding,
			.text = text,
			.text_len = text_len,
			.bytes = (const unsigned char *)bytes.bytes,
			.len = bytes.len,
		});
	return push(unpack, &content, err);
}

int unpack_run(struct unpack *unpack, struct content *content,
	const struct encoded_run *run, struct err *err)
{
	return push_decoded(unpack, CONTENT_RUN, run->encoding, content,
		content->bytes + run->start, run->end - run->start, err);
}

/* An archive whose members are being taken, or a database and its tables. */
struct members {
	struct unpack *unpack;
	struct content *archive;
	struct err *err;
	int rc; /* what the sink ended it with */
};

/* "a.zip!dir/file" of a member in an archive that is itself one. */
static const char *inner_name(struct members *members, const char *name)
{
	const char *outer = members->archive->inner;
	struct arena *arena = &members->unpack->arena;
	if (!*name)
		name = "?";
	return outer ? arena_printf(arena, "%s!%s", outer, name)
		     : arena_strdup(arena, name);
}

/* Tells why a member was not looked at, or not as a whole. */
static void tell(const struct unpack *unpack,
	const struct archive_member *member, const char *inner)
{
	switch (member->status) {
	case MEMBER_ENCRYPTED:
		skip(unpack, SKIP_UNSUPPORTED, inner, "encrypted");
		break;
	case MEMBER_UNKNOWN:
		skip(unpack, SKIP_UNSUPPORTED, inner,
			"compressed in an unknown way");
		break;
	case MEMBER_BROKEN:
		skip(unpack, SKIP_CORRUPT, inner, "damaged in its archive");
		break;
	default:
		break;
	}
}

/* Names in a database or a pickle are no paths. */
static int kind_of(const struct archive_member *member)
{
	return member->encoding == ENCODING_SQLITE ||
			member->encoding == ENCODING_PICKLE
		? CONTENT_VALUES
		: CONTENT_MEMBER;
}

/* True for the tar in a compressed one: its members are meant. */
static bool is_tar_ball(const struct archive_member *member)
{
	return member->encoding != ENCODING_ZIP &&
		member->encoding != ENCODING_TAR &&
		kind_of(member) == CONTENT_MEMBER &&
		archive_encoding(member->bytes, member->len) == ENCODING_TAR;
}

static int unpack_archive(
	struct unpack *unpack, struct content *content, struct err *err);

static int unpack_tar_ball(struct unpack *unpack, const struct content *archive,
	struct content *content, struct err *err)
{
	content->inner = archive->inner;
	return unpack_archive(unpack, content, err);
}

static int take_member(
	const struct archive_member *member, void *ctx, struct err *err)
{
	(void)err;
	struct members *members = ctx;
	struct unpack *unpack = members->unpack;
	struct content *archive = members->archive;
	const char *inner = inner_name(members, member->name);
	struct content content = {
		.kind = kind_of(member),
		.bytes = member->bytes,
		.len = member->len,
		.outer = archive,
		.encodings =
			encodings_add(archive->encodings, member->encoding),
		.depth = archive->depth + 1,
		.inner = inner,
		.name = inner + strlen(inner) - strlen(member->name),
	};
	tell(unpack, member, inner);
	if (!member->bytes)
		content.bytes = (const unsigned char *)"";
	line_cursor_init(&content.lines, content.bytes, content.len);
	members->rc = is_tar_ball(member)
		? unpack_tar_ball(unpack, archive, &content, members->err)
		: push(unpack, &content, members->err);
	return members->rc < 0 ? members->rc : 0;
}

/* Tells how far the parts of a whole were read. */
static void tell_end(const struct unpack *unpack, const struct content *content,
	int rc, const struct err *why)
{
	int reason = SKIP_LIMIT;
	if (rc == ERR_CORRUPT)
		reason = SKIP_CORRUPT;
	else if (rc == ERR_UNSUPPORTED)
		reason = SKIP_UNSUPPORTED;
	else if (rc == ERR_LIMIT && uptime_ms() >= unpack->bounds.deadline_ms)
		reason = SKIP_TIMEOUT;
	if (rc < 0)
		skip(unpack, reason, content->inner, why->msg);
}

static void begin_time(struct unpack *unpack)
{
	if (!unpack->bounds.deadline_ms)
		unpack->bounds.deadline_ms = uptime_ms() +
			(unpack->budget_ms ? unpack->budget_ms
					   : UNPACK_BUDGET_MS);
}

static int unpack_archive(
	struct unpack *unpack, struct content *content, struct err *err)
{
	struct members members = { unpack, content, err, 0 };
	struct err why;
	int rc = 0;
	if (!unpack->library)
		rc = archive_library_open(&unpack->library, &why);
	begin_time(unpack);
	if (rc == 0)
		rc = archive_each(unpack->library, content->bytes, content->len,
			&unpack->bounds, take_member, &members, &why);
	if (members.rc < 0)
		return members.rc;
	tell_end(unpack, content, rc, &why);
	return 1;
}

typedef int each_part(const unsigned char *bytes, size_t len,
	struct archive_bounds *bounds, archive_sink *sink, void *ctx,
	struct err *err);

/* What was deleted from a database, and what comes behind a pickle, still
 * stands in the bytes: these are text, too. */
static int unpack_values(struct unpack *unpack, struct content *content,
	each_part *each, struct err *err)
{
	struct members members = { unpack, content, err, 0 };
	struct err why;
	begin_time(unpack);
	int rc = each(content->bytes, content->len, &unpack->bounds,
		take_member, &members, &why);
	if (members.rc < 0)
		return members.rc;
	tell_end(unpack, content, rc, &why);
	return 0;
}

int unpack_whole(
	struct unpack *unpack, struct content *content, struct err *err)
{
	const unsigned char *bytes = content->bytes;
	size_t len = content->len;
	if (archive_encoding(bytes, len) != ENCODING_NONE)
		return unpack_archive(unpack, content, err);
	if (database_is(bytes, len))
		return unpack_values(unpack, content, database_each, err);
	if (pickle_values_are(bytes, len))
		return unpack_values(unpack, content, pickle_values_each, err);
	int encoding = document_encoding(bytes, len);
	/* what is decoded may look as if it was not */
	bool again = content->kind == CONTENT_DOCUMENT &&
		content->cursor.encoding == encoding;
	if (encoding == ENCODING_NONE || again)
		return 0;
	int rc = push_decoded(unpack, CONTENT_DOCUMENT, encoding, content,
		bytes, document_extent(encoding, bytes, len), err);
	return rc < 0 ? rc : encoding != ENCODING_BOM;
}

int unpack_inside(
	struct unpack *unpack, struct content *content, struct err *err)
{
	if (content->depth >= unpack->depth)
		return 0;
	int rc = unpack_whole(unpack, content, err);
	if (rc)
		return rc < 0 ? rc : 0;
	CLEANUP(encoded_runs_clear) struct encoded_runs runs = { 0 };
	encoded_runs_find(&runs, content->bytes, content->len, NULL);
	for (size_t i = 0; rc == 0 && i < runs.count; i++)
		rc = unpack_run(unpack, content, &runs.items[i], err);
	return rc;
}
