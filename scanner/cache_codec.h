/*
 * How what a scan found is written into a cache file and read again: numbers
 * of seven bits a byte, texts with their length. Whoever reads cannot run past
 * the end, and what is not as it was written is refused as a whole.
 *
 * Each struct is written and read beside each other; a new field of one must
 * go into both, which an assertion on its size reminds of, and then the format
 * of the cache (cache_file.c) has a new number.
 */
#ifndef SCANNER_CACHE_CODEC_H
#define SCANNER_CACHE_CODEC_H

#include "base/arena.h"
#include "base/buf.h"
#include "scanner/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Holds on machines with 64 bits, where the sizes were looked up. */
#define CACHE_SIZE_IS(type, size)                                     \
	_Static_assert(sizeof(void *) != 8 || sizeof(type) == (size), \
		#type " has changed: what is cached of it must, too")

/** Appends to a buffer whose limit bounds it: buf->failed tells at the end. */
void cache_put_number(struct buf *out, uint64_t number);
void cache_put_signed(struct buf *out, int64_t number);
void cache_put_text(struct buf *out, const char *text); /* or NULL */
void cache_put_texts(struct buf *out, const char *const *texts, size_t count);
void cache_put_region(struct buf *out, const struct region *region);
void cache_put_evidence(struct buf *out, const struct evidence *evidence);
void cache_put_belief(struct buf *out, const struct finding_belief *belief);
void cache_put_suppression(struct buf *out, const struct suppression *accepted);

/** What is read; once something is wrong, `failed` stays set and everything
 * that follows is 0, NULL or empty. */
struct cache_reader {
	const unsigned char *at, *end;
	struct arena *arena; /* gets texts and structs */
	bool failed;
};

uint64_t cache_get_number(struct cache_reader *reader);
int64_t cache_get_signed(struct cache_reader *reader);

/** One that is at most `max`. */
uint64_t cache_get_below(struct cache_reader *reader, uint64_t max);

/** The number of items that follow, each of at least `least` bytes. */
size_t cache_get_count(struct cache_reader *reader, size_t least);

const char *cache_get_text(struct cache_reader *reader);
const char **cache_get_texts(struct cache_reader *reader, size_t *count);

/** `len` bytes as they are; borrowed from what is read, NULL on failure. */
const unsigned char *cache_get_bytes(struct cache_reader *reader, size_t len);

/** A text of exactly the size of `out`, or of none at all. */
void cache_get_fixed_text(struct cache_reader *reader, char *out, size_t size);

/** As struct hit has them; every one is known. */
uint32_t cache_get_encodings(struct cache_reader *reader);

void cache_get_region(struct cache_reader *reader, struct region *out);
const struct evidence *cache_get_evidence(struct cache_reader *reader);
const struct finding_belief *cache_get_belief(struct cache_reader *reader);
void cache_get_suppression(
	struct cache_reader *reader, struct suppression *out);

#endif
