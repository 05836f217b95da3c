#include "scanner/content.h"

void content_init_blob(
	struct content *content, const unsigned char *bytes, size_t len)
{
	*content = (struct content){
		.kind = CONTENT_BLOB,
		.bytes = bytes,
		.len = len,
	};
	line_cursor_init(&content->lines, bytes, len);
}

void content_init_decoded(struct content *content, int kind, int encoding,
	struct content *outer, const unsigned char *text, size_t text_len,
	const unsigned char *bytes, size_t len)
{
	*content = (struct content){
		.kind = kind,
		.bytes = bytes,
		.len = len,
		.outer = outer,
		.encodings = encodings_add(outer->encodings, encoding),
		.depth = outer->depth + 1,
		.inner = outer->inner,
		.name = outer->name,
		.start = (size_t)(text - outer->bytes),
	};
	decode_cursor_init(&content->cursor, encoding, text, text_len);
}

struct content_place content_place(
	struct content *content, size_t start, size_t end)
{
	while (content->kind == CONTENT_DOCUMENT ||
		content->kind == CONTENT_RUN) {
		decode_cursor_span(&content->cursor, start, end, &start, &end);
		start += content->start;
		end += content->start;
		content = content->outer;
	}
	return (struct content_place){ content, start, end };
}

struct region content_region(struct content *content, size_t start, size_t end)
{
	struct content_place place = content_place(content, start, end);
	return line_cursor_region(&place.file->lines, place.start, place.end);
}
