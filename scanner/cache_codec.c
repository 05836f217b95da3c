#include "scanner/cache_codec.h"

#include "rules/decoder.h"
#include "rules/encoded/encoding.h"

#include <limits.h>
#include <string.h>

void cache_put_number(struct buf *out, uint64_t number)
{
	unsigned char bytes[10];
	size_t len = 0;
	for (; number >= 0x80; number >>= 7)
		bytes[len++] = (unsigned char)(number | 0x80);
	bytes[len++] = (unsigned char)number;
	buf_add(out, bytes, len);
}

uint64_t cache_get_number(struct cache_reader *reader)
{
	uint64_t number = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (reader->failed || reader->at == reader->end)
			break;
		unsigned char byte = *reader->at++;
		if (shift == 63 && byte > 1)
			break;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return number;
	}
	reader->failed = true;
	return 0;
}

/* The sign goes into the lowest bit, so that -1 is short, too. */
void cache_put_signed(struct buf *out, int64_t number)
{
	uint64_t bits = (uint64_t)number << 1;
	cache_put_number(out, number < 0 ? ~bits : bits);
}

int64_t cache_get_signed(struct cache_reader *reader)
{
	uint64_t bits = cache_get_number(reader);
	return (int64_t)(bits & 1 ? ~(bits >> 1) : bits >> 1);
}

uint64_t cache_get_below(struct cache_reader *reader, uint64_t max)
{
	uint64_t number = cache_get_number(reader);
	if (number <= max)
		return number;
	reader->failed = true;
	return 0;
}

size_t cache_get_count(struct cache_reader *reader, size_t least)
{
	return cache_get_below(
		reader, (size_t)(reader->end - reader->at) / least);
}

const unsigned char *cache_get_bytes(struct cache_reader *reader, size_t len)
{
	if (reader->failed || len > (size_t)(reader->end - reader->at)) {
		reader->failed = true;
		return NULL;
	}
	const unsigned char *bytes = reader->at;
	reader->at += len;
	return bytes;
}

void cache_put_text(struct buf *out, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	cache_put_number(out, text ? len + 1 : 0);
	buf_add(out, text ? text : "", len);
}

const char *cache_get_text(struct cache_reader *reader)
{
	uint64_t len = cache_get_number(reader);
	if (!len)
		return NULL;
	const unsigned char *bytes = cache_get_bytes(reader, len - 1);
	if (!bytes || memchr(bytes, 0, len - 1)) {
		reader->failed = true;
		return NULL;
	}
	return arena_memdupz(reader->arena, bytes, len - 1);
}

void cache_get_fixed_text(struct cache_reader *reader, char *out, size_t size)
{
	const char *text = cache_get_text(reader);
	size_t len = text ? strlen(text) : 0;
	if (len && len != size - 1) {
		reader->failed = true;
		len = 0;
	}
	memset(out, 0, size);
	if (len)
		memcpy(out, text, len + 1);
}

void cache_put_texts(struct buf *out, const char *const *texts, size_t count)
{
	cache_put_number(out, count);
	for (size_t i = 0; i < count; i++)
		cache_put_text(out, texts[i]);
}

const char **cache_get_texts(struct cache_reader *reader, size_t *count)
{
	*count = cache_get_count(reader, 1);
	if (!*count)
		return NULL;
	const char **texts = arena_array(reader->arena, *count, sizeof(*texts));
	for (size_t i = 0; i < *count; i++) {
		texts[i] = cache_get_text(reader);
		if (!texts[i])
			reader->failed = true;
	}
	if (reader->failed)
		*count = 0;
	return texts;
}

uint32_t cache_get_encodings(struct cache_reader *reader)
{
	uint32_t encodings = (uint32_t)cache_get_below(reader, UINT32_MAX);
	for (unsigned i = 0; i < ENCODINGS_MAX; i++)
		if (encodings_at(encodings, i) >= ENCODING_COUNT)
			reader->failed = true;
	return encodings;
}

CACHE_SIZE_IS(struct region, 48);

void cache_put_region(struct buf *out, const struct region *region)
{
	cache_put_number(out, region->start_line);
	cache_put_number(out, region->start_column);
	cache_put_number(out, region->end_line);
	cache_put_number(out, region->end_column);
	cache_put_number(out, region->start_byte);
	cache_put_number(out, region->end_byte);
}

void cache_get_region(struct cache_reader *reader, struct region *out)
{
	out->start_line = cache_get_number(reader);
	out->start_column = cache_get_number(reader);
	out->end_line = cache_get_number(reader);
	out->end_column = cache_get_number(reader);
	out->start_byte = cache_get_number(reader);
	out->end_byte = cache_get_number(reader);
}

CACHE_SIZE_IS(struct evidence, 120);

void cache_put_evidence(struct buf *out, const struct evidence *evidence)
{
	cache_put_number(out, evidence != NULL);
	if (!evidence)
		return;
	cache_put_text(out, evidence->decoder);
	cache_put_text(out, evidence->kind);
	cache_put_text(out, evidence->variant);
	cache_put_texts(out, evidence->keys, evidence->key_count);
	cache_put_number(out, evidence->keys_truncated);
	cache_put_number(out, evidence->holds);
	cache_put_number(out, evidence->expiry);
	cache_put_signed(out, evidence->expires_at);
	cache_put_number(out, evidence->id);
	cache_put_number(out, evidence->entry_count);
	cache_put_texts(out, evidence->calls, evidence->call_count);
	cache_put_text(out, evidence->setting);
	cache_put_text(out, evidence->value);
	cache_put_number(out, evidence->development);
}

const struct evidence *cache_get_evidence(struct cache_reader *reader)
{
	if (!cache_get_below(reader, 1))
		return NULL;
	struct evidence *out = arena_alloc(reader->arena, sizeof(*out));
	out->decoder = cache_get_text(reader);
	out->kind = cache_get_text(reader);
	out->variant = cache_get_text(reader);
	out->keys = cache_get_texts(reader, &out->key_count);
	out->keys_truncated = cache_get_below(reader, 1);
	out->holds = (unsigned)cache_get_below(reader, UINT_MAX);
	out->expiry = (int)cache_get_below(reader, EXPIRY_AT);
	out->expires_at = cache_get_signed(reader);
	out->id = (int)cache_get_below(reader, ID_CREDENTIAL);
	out->entry_count = cache_get_number(reader);
	out->calls = cache_get_texts(reader, &out->call_count);
	out->setting = cache_get_text(reader);
	out->value = cache_get_text(reader);
	out->development = cache_get_below(reader, 1);
	return out;
}

/* Bytes of a part: a title and six numbers. */
#define PART_LEAST 7

CACHE_SIZE_IS(struct finding_part, 56);
CACHE_SIZE_IS(struct finding_belief, 32);

void cache_put_belief(struct buf *out, const struct finding_belief *belief)
{
	cache_put_number(out, belief != NULL);
	if (!belief)
		return;
	cache_put_texts(out, belief->why, belief->why_count);
	cache_put_number(out, belief->part_count);
	for (size_t i = 0; i < belief->part_count; i++) {
		cache_put_text(out, belief->parts[i].title);
		cache_put_region(out, &belief->parts[i].region);
	}
}

const struct finding_belief *cache_get_belief(struct cache_reader *reader)
{
	if (!cache_get_below(reader, 1))
		return NULL;
	struct finding_belief *out = arena_alloc(reader->arena, sizeof(*out));
	out->why = cache_get_texts(reader, &out->why_count);
	size_t count = cache_get_count(reader, PART_LEAST);
	struct finding_part *parts =
		arena_array(reader->arena, count, sizeof(*parts));
	for (size_t i = 0; i < count; i++) {
		parts[i].title = cache_get_text(reader);
		cache_get_region(reader, &parts[i].region);
	}
	out->parts = parts;
	out->part_count = count;
	return out;
}

CACHE_SIZE_IS(struct suppression, 32);

void cache_put_suppression(struct buf *out, const struct suppression *accepted)
{
	cache_put_number(out, accepted->by);
	cache_put_number(out, accepted->expired);
	cache_put_text(out, accepted->reason);
	cache_put_text(out, accepted->owner);
	cache_put_text(out, accepted->expires);
}

void cache_get_suppression(struct cache_reader *reader, struct suppression *out)
{
	out->by = (int)cache_get_below(reader, SUPPRESSED_GITLEAKS);
	out->expired = cache_get_below(reader, 1);
	out->reason = cache_get_text(reader);
	out->owner = cache_get_text(reader);
	out->expires = cache_get_text(reader);
}
