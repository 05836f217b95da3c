#include "rules/path_set.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/path_glob.h"
#include "rules/pattern.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

/* A list of globs goes through glob.next, by index; this ends it. */
#define NONE UINT32_MAX

struct glob {
	struct path_glob *compiled;
	struct glob_key key; /* borrowed from `compiled` */
	size_t rule;
	uint32_t next;
};

struct glob_list {
	struct glob *items;
	size_t count, capacity;
};

/* The text is the key of the glob. Small, to stay in the cache. */
struct bucket {
	uint32_t hash;
	uint32_t first; /* glob; NONE: the bucket is free */
};

/* Texts to lists of globs: open addressing, at most a quarter full. */
struct key_table {
	struct bucket *buckets;
	size_t mask;
};

/* What is asked of a rule after its globs. */
struct rest {
	struct path_glob **excepts;
	size_t except_count;
	struct pattern *name; /* NULL: none */
	size_t name_min;      /* its shortest match */
};

/* Rules without globs whose name may begin with some byte. */
struct name_list {
	size_t *items;
	size_t count, capacity;
};

/* Globs by a piece that their paths have, one list for each piece. */
struct piece_list {
	uint32_t *firsts; /* globs */
	size_t count, capacity;
};

struct path_set {
	size_t rule_count;
	struct glob_list globs;
	struct key_table names, directories, extensions;
	struct piece_list pieces;
	uint32_t prefixes[UCHAR_MAX + 1]; /* by first byte */
	uint32_t others;                  /* no key */
	struct rest *rests;               /* by rule */
	struct name_list by_first[UCHAR_MAX + 1];
};

static void rest_clear(struct rest *rest)
{
	for (size_t i = 0; i < rest->except_count; i++)
		path_glob_free(rest->excepts[i]);
	free(rest->excepts);
	pattern_free(rest->name);
}

void path_set_free(struct path_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->globs.count; i++)
		path_glob_free(set->globs.items[i].compiled);
	free(set->globs.items);
	free(set->names.buckets);
	free(set->directories.buckets);
	free(set->extensions.buckets);
	free(set->pieces.firsts);
	for (size_t i = 0; i < set->rule_count; i++)
		rest_clear(&set->rests[i]);
	free(set->rests);
	for (size_t i = 0; i <= UCHAR_MAX; i++)
		free(set->by_first[i].items);
	free(set);
}

/* Of a few bytes only: every component of every path is hashed, next to none
 * is a key, and the keys are those of the rules, not of a hostile path. */
static uint32_t hash_of(const char *bytes, size_t len)
{
	if (!len)
		return 0;
	uint32_t sample = (uint32_t)(unsigned char)bytes[0] |
		(uint32_t)(unsigned char)bytes[len / 4] << 8 |
		(uint32_t)(unsigned char)bytes[len / 2] << 16 |
		(uint32_t)(unsigned char)bytes[len - 1] << 24;
	/* 2^32 over the golden ratio: Knuth, TAOCP 3, 6.4 */
	uint32_t hash = (sample ^ (uint32_t)len * 0x01010101u) * 2654435769u;
	return hash ^ hash >> 15;
}

static void table_init(struct key_table *table, size_t count)
{
	size_t size = 16;
	while (size < 4 * count)
		size *= 2;
	table->buckets = xcalloc(size, sizeof(*table->buckets));
	table->mask = size - 1;
	for (size_t i = 0; i < size; i++)
		table->buckets[i].first = NONE;
}

/* The bucket of the text, or the free one where it would go. */
static struct bucket *table_find(const struct key_table *table,
	const struct glob *globs, const char *bytes, size_t len)
{
	uint32_t hash = hash_of(bytes, len);
	for (size_t i = hash & table->mask;; i = (i + 1) & table->mask) {
		struct bucket *bucket = &table->buckets[i];
		if (bucket->first == NONE)
			return bucket;
		const struct glob_key *key = &globs[bucket->first].key;
		if (bucket->hash == hash && key->len == len &&
			!memcmp(key->bytes, bytes, len))
			return bucket;
	}
}

static uint32_t *table_list(struct key_table *table, const struct glob *globs,
	const struct glob_key *key)
{
	struct bucket *bucket = table_find(table, globs, key->bytes, key->len);
	bucket->hash = hash_of(key->bytes, key->len);
	return &bucket->first;
}

static uint32_t *piece_list(struct piece_list *list, const struct glob *globs,
	const struct glob_key *key)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct glob_key *other = &globs[list->firsts[i]].key;
		if (other->len == key->len &&
			!memcmp(other->bytes, key->bytes, key->len))
			return &list->firsts[i];
	}
	ARRAY_GROW(list->firsts, list->count, list->capacity);
	list->firsts[list->count] = NONE;
	return &list->firsts[list->count++];
}

static uint32_t *list_of(struct path_set *set, const struct glob_key *key)
{
	const struct glob *globs = set->globs.items;
	switch (key->kind) {
	case GLOB_KEY_NAME:
		return table_list(&set->names, globs, key);
	case GLOB_KEY_DIRECTORY:
		return table_list(&set->directories, globs, key);
	case GLOB_KEY_EXTENSION:
		return table_list(&set->extensions, globs, key);
	case GLOB_KEY_PREFIX:
		return &set->prefixes[(unsigned char)key->bytes[0]];
	case GLOB_KEY_PIECE:
		return piece_list(&set->pieces, globs, key);
	case GLOB_KEY_NONE:
		break;
	}
	return &set->others;
}

static void index_globs(struct path_set *set)
{
	table_init(&set->names, set->globs.count);
	table_init(&set->directories, set->globs.count);
	table_init(&set->extensions, set->globs.count);
	set->others = NONE;
	for (size_t i = 0; i <= UCHAR_MAX; i++)
		set->prefixes[i] = NONE;
	for (uint32_t i = 0; i < set->globs.count; i++) {
		struct glob *glob = &set->globs.items[i];
		glob->key = path_glob_key(glob->compiled);
		uint32_t *first = list_of(set, &glob->key);
		glob->next = *first;
		*first = i;
	}
}

static int add_path(
	struct path_set *set, size_t index, const char *path, struct err *err)
{
	struct glob_list *globs = &set->globs;
	ARRAY_GROW(globs->items, globs->count, globs->capacity);
	struct glob *glob = &globs->items[globs->count];
	*glob = (struct glob){ .rule = index };
	int rc = path_glob_new(&glob->compiled, path, err);
	if (rc == 0)
		globs->count++;
	return rc;
}

static int add_paths(struct path_set *set, size_t index,
	const char *const *paths, struct err *err)
{
	for (size_t i = 0; paths && paths[i]; i++) {
		int rc = add_path(set, index, paths[i], err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int add_excepts(
	struct rest *rest, const char *const *excepts, struct err *err)
{
	size_t count = 0;
	while (excepts && excepts[count])
		count++;
	rest->excepts = xcalloc(count, sizeof(*rest->excepts));
	for (; rest->except_count < count; rest->except_count++) {
		int rc = path_glob_new(&rest->excepts[rest->except_count],
			excepts[rest->except_count], err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static void add_to(struct name_list *list, size_t index)
{
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = index;
}

static int add_name(struct path_set *set, size_t index, const struct rule *rule,
	struct err *err)
{
	struct rest *rest = &set->rests[index];
	int rc = pattern_new(&rest->name, rule->name, PATTERN_WHOLE, err);
	if (rc < 0)
		return rc;
	struct pattern_hint hint = { 0 };
	rc = pattern_hint(&hint, rule->name, PATTERN_WHOLE, err);
	if (rc < 0)
		return rc;
	rest->name_min = hint.min_len;
	if (rule->paths)
		return 0;
	for (size_t byte = 0; byte <= UCHAR_MAX; byte++)
		if (hint.first[byte])
			add_to(&set->by_first[byte], index);
	return 0;
}

static int add_rule(struct path_set *set, size_t index, const struct rule *rule,
	struct err *err)
{
	int rc = add_paths(set, index, rule->paths, err);
	if (rc == 0)
		rc = add_excepts(&set->rests[index], rule->except_paths, err);
	if (rc == 0 && rule->name)
		rc = add_name(set, index, rule, err);
	return rc < 0 ? err_prefix(err, "rule %s", rule->id) : 0;
}

int path_set_new(struct path_set **out, const struct rule *const *rules,
	size_t count, struct err *err)
{
	CLEANUP(path_set_freep)
	struct path_set *set = xcalloc(1, sizeof(*set));
	set->rests = xcalloc(count, sizeof(*set->rests));
	set->rule_count = count;
	for (size_t i = 0; i < count; i++) {
		int rc = add_rule(set, i, rules[i], err);
		if (rc < 0)
			return rc;
	}
	if (set->globs.count >= NONE)
		return err_set(err, ERR_LIMIT, "too many globs");
	index_globs(set);
	*out = STEAL(set);
	return 0;
}

struct path_matcher {
	const struct path_set *set;
	struct pattern_state *state;
	size_t asked;        /* number of the path being asked, from 1 */
	size_t *list_asked;  /* by first glob: the last path it was tried on */
	size_t *rule_passed; /* by rule: the last path its globs took */
	size_t *passed;      /* the rules of this path */
	size_t passed_count;
};

int path_matcher_new(
	struct path_matcher **out, const struct path_set *set, struct err *err)
{
	CLEANUP(path_matcher_freep)
	struct path_matcher *matcher = xcalloc(1, sizeof(*matcher));
	matcher->set = set;
	matcher->list_asked = xcalloc(set->globs.count, sizeof(size_t));
	matcher->rule_passed = xcalloc(set->rule_count, sizeof(size_t));
	matcher->passed = xcalloc(set->rule_count, sizeof(size_t));
	int rc = pattern_state_new(&matcher->state, err);
	if (rc < 0)
		return rc;
	*out = STEAL(matcher);
	return 0;
}

void path_matcher_free(struct path_matcher *matcher)
{
	if (!matcher)
		return;
	pattern_state_free(matcher->state);
	free(matcher->list_asked);
	free(matcher->rule_passed);
	free(matcher->passed);
	free(matcher);
}

/* A path and its last component. */
struct split_path {
	const char *bytes;
	size_t len;
	const char *name;
	size_t name_len;
};

static void pass_rule(struct path_matcher *matcher, size_t rule)
{
	matcher->rule_passed[rule] = matcher->asked;
	matcher->passed[matcher->passed_count++] = rule;
}

static void try_glob(
	struct path_matcher *matcher, uint32_t i, const struct split_path *path)
{
	const struct glob *glob = &matcher->set->globs.items[i];
	if (matcher->rule_passed[glob->rule] != matcher->asked &&
		path_glob_match(glob->compiled, path->bytes, path->len))
		pass_rule(matcher, glob->rule);
}

/* A list is tried once: a hostile path may repeat a directory's name. */
static void try_list(struct path_matcher *matcher, uint32_t first,
	const struct split_path *path)
{
	if (first == NONE || matcher->list_asked[first] == matcher->asked)
		return;
	matcher->list_asked[first] = matcher->asked;
	for (uint32_t i = first; i != NONE;
		i = matcher->set->globs.items[i].next)
		try_glob(matcher, i, path);
}

static void try_table(struct path_matcher *matcher,
	const struct key_table *table, const char *bytes, size_t len,
	const struct split_path *path)
{
	const struct glob *globs = matcher->set->globs.items;
	try_list(matcher, table_find(table, globs, bytes, len)->first, path);
}

static struct split_path split(const char *path, size_t len)
{
	const char *slash = memrchr(path, '/', len);
	const char *name = slash ? slash + 1 : path;
	return (struct split_path){ path, len, name,
		(size_t)(path + len - name) };
}

static void try_directories(
	struct path_matcher *matcher, const struct split_path *path)
{
	const char *at = path->bytes;
	while (at < path->name) {
		const char *slash = memchr(at, '/', (size_t)(path->name - at));
		try_table(matcher, &matcher->set->directories, at,
			(size_t)(slash - at), path);
		at = slash + 1;
	}
}

/* These share no more than the first byte of their keys. */
static void try_prefixes(
	struct path_matcher *matcher, const struct split_path *path)
{
	const struct path_set *set = matcher->set;
	uint32_t i = set->prefixes[(unsigned char)path->name[0]];
	for (; i != NONE; i = set->globs.items[i].next) {
		const struct glob_key *key = &set->globs.items[i].key;
		if (key->len <= path->name_len &&
			!memcmp(key->bytes, path->name, key->len))
			try_glob(matcher, i, path);
	}
}

static void try_pieces(
	struct path_matcher *matcher, const struct split_path *path)
{
	const struct path_set *set = matcher->set;
	for (size_t i = 0; i < set->pieces.count; i++) {
		uint32_t first = set->pieces.firsts[i];
		const struct glob_key *key = &set->globs.items[first].key;
		if (memmem(path->bytes, path->len, key->bytes, key->len))
			try_list(matcher, first, path);
	}
}

static void try_all_globs(
	struct path_matcher *matcher, const struct split_path *path)
{
	const struct path_set *set = matcher->set;
	try_directories(matcher, path);
	try_table(matcher, &set->names, path->name, path->name_len, path);
	const char *dot = memrchr(path->name, '.', path->name_len);
	if (dot)
		try_table(matcher, &set->extensions, dot + 1,
			(size_t)(path->bytes + path->len - dot) - 1, path);
	try_prefixes(matcher, path);
	try_pieces(matcher, path);
	try_list(matcher, set->others, path);
}

static void pass_names(
	struct path_matcher *matcher, const struct split_path *path)
{
	const struct path_set *set = matcher->set;
	const struct name_list *list =
		&set->by_first[(unsigned char)path->name[0]];
	for (size_t i = 0; i < list->count; i++)
		if (set->rests[list->items[i]].name_min <= path->name_len)
			pass_rule(matcher, list->items[i]);
}

/* 1, 0 or ERR_LIMIT: what a rule asks besides its globs. */
static int rest_holds(struct path_matcher *matcher, const struct rest *rest,
	const struct split_path *path)
{
	if (rest->name) {
		if (path->name_len < rest->name_min)
			return 0;
		int rc = pattern_full_match(
			rest->name, matcher->state, path->name, path->name_len);
		if (rc <= 0)
			return rc;
	}
	for (size_t i = 0; i < rest->except_count; i++)
		if (path_glob_match(rest->excepts[i], path->bytes, path->len))
			return 0;
	return 1;
}

/* Drops the rules that passed by their globs alone. False for a limit. */
static bool keep_accepting(
	struct path_matcher *matcher, const struct split_path *path)
{
	bool complete = true;
	size_t kept = 0;
	for (size_t i = 0; i < matcher->passed_count; i++) {
		size_t rule = matcher->passed[i];
		int rc = rest_holds(matcher, &matcher->set->rests[rule], path);
		if (rc > 0)
			matcher->passed[kept++] = rule;
		complete = complete && rc >= 0;
	}
	matcher->passed_count = kept;
	return complete;
}

static int compare_index(const void *left, const void *right)
{
	const size_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

bool path_matcher_ask(struct path_matcher *matcher, const char *path,
	size_t len, path_sink *sink, void *ctx)
{
	struct split_path split_path = split(path, len);
	if (!split_path.name_len)
		return true;
	matcher->asked++;
	matcher->passed_count = 0;
	try_all_globs(matcher, &split_path);
	pass_names(matcher, &split_path);
	bool complete = keep_accepting(matcher, &split_path);
	if (matcher->passed_count > 1)
		qsort(matcher->passed, matcher->passed_count, sizeof(size_t),
			compare_index);
	for (size_t i = 0; i < matcher->passed_count; i++)
		sink(matcher->passed[i], ctx);
	return complete;
}
