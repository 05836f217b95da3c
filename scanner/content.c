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

void content_init_decoded(struct content *content, struct content *outer,
	const struct decoded_text *decoded)
{
	*content = (struct content){
		.kind = decoded->kind,
		.bytes = decoded->bytes,
		.len = decoded->len,
		.outer = outer,
		.encodings = encodings_add(outer->encodings, decoded->encoding),
		.depth = outer->depth + 1,
		.inner = outer->inner,
		.name = outer->name,
		.start = (size_t)(decoded->text - outer->bytes),
	};
	decode_cursor_init(&content->cursor, decoded->encoding, decoded->text,
		decoded->text_len);
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
