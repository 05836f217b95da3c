#include "scanner/known_blobs.h"

#include "base/alloc.h"
#include "rules/digest.h"
#include "rules/rule_digest.h"
#include "scanner/cache_codec.h"

#include <stdlib.h>
#include <string.h>

#define RULE_NONE UINT32_MAX
#define FAN_SIZE  ((uint32_t)1 << 16)

/* Bytes of a blob in the file: id, context with bits for what it is, size. */
#define BLOB_SIZE    (OID_SIZE + 8)
#define NOT_A_BLOB   (1U << 31)
#define HAS_MEMBERS  (1U << 30)
#define MAX_CONTEXTS (HAS_MEMBERS - 1)

void rule_names_make(struct rule_names *out, const struct ruleset *rules)
{
	*out = (struct rule_names){ .count = ruleset_count(rules) };
	out->digests = xcalloc(out->count, sizeof(*out->digests));
	for (size_t i = 0; i < out->count; i++) {
		char hex[RULE_DIGEST_SIZE];
		struct sha256_ctx sha;
		rule_digest(hex, ruleset_get(rules, i), 1);
		digest_init(&sha, hex);
		sha256_digest(&sha, SHA256_DIGEST_SIZE, out->digests[i]);
	}
}

void rule_names_clear(struct rule_names *names)
{
	free(names->digests);
	*names = (struct rule_names){ 0 };
}

void known_blobs_clear(struct known_blobs *known)
{
	arena_clear(&known->arena);
	free(known->blobs);
	free(known->fan);
	free(known->hits);
	free(known->has_rule);
	oid_map_clear(&known->contexts);
	*known = (struct known_blobs){ 0 };
}

static uint32_t fan_place(const struct oid *oid)
{
	return (uint32_t)oid->bytes[0] << 8 | oid->bytes[1];
}

static void make_fan(struct known_blobs *known)
{
	known->fan = xcalloc(FAN_SIZE + 1, sizeof(*known->fan));
	for (uint32_t i = 0; i < known->count; i++)
		known->fan[fan_place(&known->blobs[i].oid) + 1]++;
	for (uint32_t i = 0; i < FAN_SIZE; i++)
		known->fan[i + 1] += known->fan[i];
}

const struct known_blob *known_blobs_find(
	const struct known_blobs *known, const struct oid *oid)
{
	if (!known->fan)
		return NULL;
	uint32_t low = known->fan[fan_place(oid)];
	uint32_t high = known->fan[fan_place(oid) + 1];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = oid_compare(&known->blobs[middle].oid, oid);
		if (!order)
			return &known->blobs[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* In the order of bytes on every machine. */
static void put_u32(struct buf *out, uint32_t number)
{
	unsigned char bytes[4];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(number >> (8 * i));
	buf_add(out, bytes, sizeof(bytes));
}

static uint32_t get_u32(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
		(uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void put_rules(struct buf *out, const struct known_blobs *known,
	const struct rule_names *names)
{
	size_t count = 0;
	for (size_t i = 0; i < names->count; i++)
		count += known->has_rule[i];
	cache_put_number(out, count);
	for (size_t i = 0; i < names->count; i++)
		if (known->has_rule[i])
			buf_add(out, names->digests[i], SHA256_DIGEST_SIZE);
}

/** Which rule of today each of the file's is; RULE_NONE for none. */
static uint32_t *get_rules(struct cache_reader *reader, size_t *count,
	struct known_blobs *out, const struct rule_names *names)
{
	*count = cache_get_count(reader, SHA256_DIGEST_SIZE);
	uint32_t *numbers = xcalloc(*count, sizeof(*numbers));
	out->has_rule = xcalloc(names->count, sizeof(*out->has_rule));
	size_t near = 0; /* rules keep their order */
	for (size_t i = 0; i < *count; i++) {
		const unsigned char *digest =
			cache_get_bytes(reader, SHA256_DIGEST_SIZE);
		numbers[i] = RULE_NONE;
		for (size_t k = 0; digest && k < names->count; k++) {
			size_t at = (near + k) % names->count;
			if (memcmp(names->digests[at], digest,
				    SHA256_DIGEST_SIZE) != 0)
				continue;
			numbers[i] = (uint32_t)at;
			out->has_rule[at] = true;
			near = at + 1;
			break;
		}
	}
	return numbers;
}

/** The contexts that blobs have, and the new number of each; caller frees. */
static uint32_t *put_contexts(struct buf *out, const struct known_blobs *known)
{
	const struct oid_map *contexts = &known->contexts;
	uint32_t *numbers = xcalloc(contexts->count, sizeof(*numbers));
	uint32_t count = 0;
	for (uint32_t i = 0; i < known->count; i++)
		numbers[known->blobs[i].context] = 1;
	for (uint32_t i = 0; i < contexts->count; i++)
		count += numbers[i];
	cache_put_number(out, count);
	count = 0;
	for (uint32_t i = 0; i < contexts->count; i++) {
		if (!numbers[i])
			continue;
		numbers[i] = count++;
		buf_add(out, contexts->oids[i].bytes, OID_SIZE);
	}
	return numbers;
}

static void get_contexts(struct cache_reader *reader, struct known_blobs *out)
{
	size_t count = cache_get_count(reader, OID_SIZE);
	if (count > MAX_CONTEXTS)
		reader->failed = true;
	for (size_t i = 0; i < count && !reader->failed; i++) {
		struct oid digest;
		bool is_new = false;
		const unsigned char *bytes = cache_get_bytes(reader, OID_SIZE);
		if (!bytes)
			return;
		memcpy(digest.bytes, bytes, OID_SIZE);
		oid_map_add(&out->contexts, &digest, &is_new);
		if (!is_new)
			reader->failed = true;
	}
}

static void put_blobs(struct buf *out, const struct known_blobs *known,
	const uint32_t *contexts)
{
	cache_put_number(out, known->count);
	for (uint32_t i = 0; i < known->count; i++) {
		const struct known_blob *blob = &known->blobs[i];
		buf_add(out, blob->oid.bytes, OID_SIZE);
		put_u32(out,
			contexts[blob->context] |
				(blob->is_blob ? 0 : NOT_A_BLOB) |
				(blob->has_members ? HAS_MEMBERS : 0));
		put_u32(out, blob->len);
	}
}

static void get_blobs(struct cache_reader *reader, struct known_blobs *out)
{
	size_t count = cache_get_count(reader, BLOB_SIZE);
	if (count > UINT32_MAX)
		reader->failed = true;
	const unsigned char *at = cache_get_bytes(reader, count * BLOB_SIZE);
	if (reader->failed)
		return;
	out->blobs = xcalloc(count, sizeof(*out->blobs));
	for (size_t i = 0; i < count; i++, at += BLOB_SIZE) {
		struct known_blob *blob = &out->blobs[i];
		uint32_t context = get_u32(at + OID_SIZE);
		memcpy(blob->oid.bytes, at, OID_SIZE);
		blob->is_blob = !(context & NOT_A_BLOB);
		blob->has_members = context & HAS_MEMBERS;
		blob->context = context & ~(NOT_A_BLOB | HAS_MEMBERS);
		blob->len = get_u32(at + OID_SIZE + 4);
		if (blob->context >= out->contexts.count ||
			(i && oid_compare(&blob[-1].oid, &blob->oid) >= 0))
			reader->failed = true;
	}
	out->count = (uint32_t)count;
}

CACHE_SIZE_IS(struct hit, 200);

/* A hit's blob is told by its place, its secret is not stored. */
static void put_hit(
	struct buf *out, const struct hit *hit, const uint32_t *rules)
{
	cache_put_number(out, rules[hit->rule]);
	cache_put_region(out, &hit->region);
	cache_put_text(out, hit->inner);
	cache_put_region(out, &hit->inner_region);
	cache_put_number(out, hit->encodings);
	cache_put_text(out, hit->secret_id);
	cache_put_text(out, hit->excerpt);
	cache_put_evidence(out, hit->evidence);
	cache_put_belief(out, hit->belief);
	cache_put_number(out, hit->allowed != NULL);
	if (hit->allowed)
		cache_put_suppression(out, hit->allowed);
}

static void get_hit(struct cache_reader *reader, struct hit *out,
	const uint32_t *rules, size_t rule_count)
{
	uint64_t rule = cache_get_number(reader);
	if (rule >= rule_count)
		reader->failed = true;
	*out = (struct hit){
		.rule = reader->failed ? RULE_NONE : rules[rule],
	};
	cache_get_region(reader, &out->region);
	out->inner = cache_get_text(reader);
	cache_get_region(reader, &out->inner_region);
	out->encodings = cache_get_encodings(reader);
	cache_get_fixed_text(reader, out->secret_id, sizeof(out->secret_id));
	out->excerpt = cache_get_text(reader);
	out->evidence = cache_get_evidence(reader);
	out->belief = cache_get_belief(reader);
	if (!cache_get_below(reader, 1))
		return;
	struct suppression *allowed =
		arena_alloc(reader->arena, sizeof(*allowed));
	cache_get_suppression(reader, allowed);
	out->allowed = allowed;
}

/** The number that each rule of today has in the file. Caller frees. */
static uint32_t *number_rules(
	const struct known_blobs *known, const struct rule_names *names)
{
	uint32_t *numbers = xcalloc(names->count, sizeof(*numbers));
	uint32_t count = 0;
	for (size_t i = 0; i < names->count; i++)
		numbers[i] = known->has_rule[i] ? count++ : RULE_NONE;
	return numbers;
}

static void put_hits(
	struct buf *out, const struct known_blobs *known, const uint32_t *rules)
{
	size_t total = 0;
	uint32_t before = 0;
	for (uint32_t i = 0; i < known->count; i++)
		total += known->blobs[i].hit_count;
	cache_put_number(out, total);
	for (uint32_t i = 0; i < known->count; i++) {
		const struct known_blob *blob = &known->blobs[i];
		if (!blob->hit_count)
			continue;
		cache_put_number(out, i - before);
		before = i;
		cache_put_number(out, blob->hit_count);
		for (uint32_t k = 0; k < blob->hit_count; k++)
			put_hit(out, &blob->hits[k], rules);
	}
}

/* Bytes of a hit at least: a rule, two regions, three texts, encodings, three
 * times a no. */
#define HIT_LEAST 20

/** The hits of one blob; returns how many are kept. */
static uint32_t get_blob_hits(struct cache_reader *reader, struct hit *hits,
	size_t count, const uint32_t *rules, size_t rule_count)
{
	uint32_t kept = 0;
	for (size_t i = 0; i < count && !reader->failed; i++) {
		get_hit(reader, &hits[kept], rules, rule_count);
		kept += hits[kept].rule != RULE_NONE;
	}
	return kept;
}

static void get_hits(struct cache_reader *reader, struct known_blobs *out,
	const uint32_t *rules, size_t rule_count)
{
	size_t left = cache_get_count(reader, HIT_LEAST);
	out->hits = xcalloc(left, sizeof(*out->hits));
	struct hit *next = out->hits;
	uint64_t at = 0;
	while (left && !reader->failed) {
		at += cache_get_below(reader, UINT32_MAX);
		size_t count = cache_get_below(reader, left);
		if (at >= out->count || !count || out->blobs[at].hits) {
			reader->failed = true;
			return;
		}
		uint32_t kept =
			get_blob_hits(reader, next, count, rules, rule_count);
		out->blobs[at].hits = next;
		out->blobs[at].hit_count = kept;
		next += kept;
		left -= count;
	}
}

void known_blobs_encode(struct buf *out, const struct known_blobs *known,
	const struct rule_names *names)
{
	put_rules(out, known, names);
	CLEANUP(freep) uint32_t *contexts = put_contexts(out, known);
	put_blobs(out, known, contexts);
	CLEANUP(freep) uint32_t *rules = number_rules(known, names);
	put_hits(out, known, rules);
}

bool known_blobs_decode(struct known_blobs *out, const struct cache_body *body,
	const struct rule_names *names)
{
	*out = (struct known_blobs){ 0 };
	struct cache_reader reader = {
		.at = body->bytes,
		.end = body->bytes + body->len,
		.arena = &out->arena,
	};
	size_t rule_count;
	CLEANUP(freep)
	uint32_t *rules = get_rules(&reader, &rule_count, out, names);
	get_contexts(&reader, out);
	get_blobs(&reader, out);
	get_hits(&reader, out, rules, rule_count);
	if (!reader.failed && reader.at == reader.end) {
		make_fan(out);
		return true;
	}
	known_blobs_clear(out);
	return false;
}
