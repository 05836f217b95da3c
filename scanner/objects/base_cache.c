#include "scanner/objects/base_cache.h"

#include "base/alloc.h"

#define SLOT_BITS 12
#define SLOTS     (1U << SLOT_BITS)

struct cached {
	struct cached *next;  /* of the same slot */
	struct cached *newer; /* by last use */
	struct cached *older;
	const struct pack *pack;
	uint64_t offset;
	enum object_type type;
	struct body *body;
};

struct base_cache {
	size_t limit;
	size_t used;
	struct cached *newest;
	struct cached *oldest;
	struct cached *slots[SLOTS];
};

struct base_cache *base_cache_new(size_t limit)
{
	struct base_cache *cache = xcalloc(1, sizeof(*cache));
	cache->limit = limit;
	return cache;
}

static struct cached **slot_of(
	struct base_cache *cache, const struct pack *pack, uint64_t offset)
{
	uint64_t hash =
		(offset ^ (uintptr_t)pack << 20) * UINT64_C(0x9e3779b97f4a7c15);
	return &cache->slots[hash >> (64 - SLOT_BITS)];
}

/* What the bookkeeping of an object takes counts as well: a million empty
 * objects are not free. */
static size_t cost(const struct body *body)
{
	return body->len + sizeof(*body) + sizeof(struct cached);
}

static void unlink_use(struct base_cache *cache, struct cached *entry)
{
	if (entry->newer)
		entry->newer->older = entry->older;
	else
		cache->newest = entry->older;
	if (entry->older)
		entry->older->newer = entry->newer;
	else
		cache->oldest = entry->newer;
}

static void link_newest(struct base_cache *cache, struct cached *entry)
{
	entry->newer = NULL;
	entry->older = cache->newest;
	if (cache->newest)
		cache->newest->newer = entry;
	else
		cache->oldest = entry;
	cache->newest = entry;
}

static void drop_oldest(struct base_cache *cache)
{
	struct cached *entry = cache->oldest;
	struct cached **link = slot_of(cache, entry->pack, entry->offset);
	while (*link != entry)
		link = &(*link)->next;
	*link = entry->next;
	unlink_use(cache, entry);
	cache->used -= cost(entry->body);
	body_release(entry->body);
	free(entry);
}

void base_cache_free(struct base_cache *cache)
{
	if (!cache)
		return;
	while (cache->oldest)
		drop_oldest(cache);
	free(cache);
}

static struct cached *find(
	struct base_cache *cache, const struct pack *pack, uint64_t offset)
{
	struct cached *entry = *slot_of(cache, pack, offset);
	while (entry && (entry->offset != offset || entry->pack != pack))
		entry = entry->next;
	return entry;
}

struct body *base_cache_get(struct base_cache *cache, const struct pack *pack,
	uint64_t offset, enum object_type *type)
{
	struct cached *entry = find(cache, pack, offset);
	if (!entry)
		return NULL;
	unlink_use(cache, entry);
	link_newest(cache, entry);
	*type = entry->type;
	return body_share(entry->body);
}

void base_cache_put(struct base_cache *cache, const struct pack *pack,
	uint64_t offset, enum object_type type, struct body *body)
{
	if (cost(body) > cache->limit / 8 || find(cache, pack, offset))
		return;
	while (cache->used + cost(body) > cache->limit)
		drop_oldest(cache);
	struct cached **slot = slot_of(cache, pack, offset);
	struct cached *entry = xmalloc(sizeof(*entry));
	*entry = (struct cached){
		.next = *slot,
		.pack = pack,
		.offset = offset,
		.type = type,
		.body = body_share(body),
	};
	*slot = entry;
	cache->used += cost(body);
	link_newest(cache, entry);
}
