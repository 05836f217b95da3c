#include "remedy/purge_values.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/matcher.h"
#include "scanner/content.h"
#include "scanner/oid_map.h"
#include "scanner/pair_map.h"
#include "scanner/unpack.h"

#include <stdlib.h>
#include <string.h>

#define BINARY_REACH 8192 /* git-filter-repo looks for a NUL in these bytes */

void purge_values_clear(struct purge_values *values)
{
	arena_wipe(&values->texts.arena);
	path_table_clear(&values->texts);
	free(values->items);
	free(values->binaries);
	*values = (struct purge_values){ 0 };
}

/** What one rule was asked about. A blob has many findings, and stands at many
 * paths; what the rule finds in it may hang on the path. */
struct asked {
	struct oid_map blobs;
	struct path_table paths;
	struct pair_map looked; /* (path, blob): all that is there was found */
	struct pair_map found;  /* (target's secret, blob), at some path */
};

static void asked_clear(struct asked *asked)
{
	oid_map_clear(&asked->blobs);
	path_table_clear(&asked->paths);
	pair_map_clear(&asked->looked);
	pair_map_clear(&asked->found);
}

/** One blob of one finding, and the values that are found in it. */
struct looking {
	struct purge_values *values;
	const struct purge_target *target;
	const char *key;
	struct matcher *matcher; /* of the finding's rule */
	struct asked asked;      /* of that rule */
	struct oid_map binaries; /* that are among the values */
	const char *path;
	uint32_t blob; /* number in `asked`, or BLOB_NONE */
	struct content *content;
	bool *found; /* by number of the target's secret */
	bool any;
	bool packed; /* it was in an archive */
};

static void looking_clear(struct looking *looking)
{
	asked_clear(&looking->asked);
	oid_map_clear(&looking->binaries);
}

/** Adds what stands in the blob for a secret: encoded, if it is. What is packed
 * in an archive does not stand there. */
static void add_value(struct looking *looking, const struct match *match)
{
	struct purge_values *values = looking->values;
	size_t start = match->secret_start;
	size_t end = match->secret_end;
	if (end - start < PURGE_SHORT_SECRET && match->end > match->start) {
		start = match->start < start ? match->start : start;
		end = match->end > end ? match->end : end;
	}
	struct content_place all = content_place(looking->content, start, end);
	struct content_place secret = content_place(
		looking->content, match->secret_start, match->secret_end);
	if (all.file->kind != CONTENT_BLOB) {
		looking->packed = true;
		return;
	}
	size_t len = all.end - all.start;
	uint32_t number = path_table_add(
		&values->texts, (const char *)all.file->bytes + all.start, len);
	if (number < values->count)
		return;
	ARRAY_GROW(values->items, values->count, values->capacity);
	values->items[values->count++] = (struct purge_value){
		.bytes = (const unsigned char *)values->texts.entries[number]
				 .text,
		.len = len,
		.secret_start = secret.start - all.start,
		.secret_end = secret.end - all.start,
	};
}

/** The number of the target's first secret of that id, or UINT32_MAX. The same
 * value under another rule has the same id. */
static uint32_t secret_number(const struct purge_target *target, const char *id)
{
	const struct purge_secret *secret =
		purge_target_find_secret(target, id);
	if (!secret)
		return UINT32_MAX;
	while (secret > target->secrets && !strcmp(secret[-1].id, id))
		secret--;
	return (uint32_t)(secret - target->secrets);
}

static int take_match(const struct match *match, void *ctx, struct err *err)
{
	(void)err;
	struct looking *looking = ctx;
	char id[FINGERPRINT_HEX + 1];
	if (match->secret_end <= match->secret_start)
		return 0;
	secret_id(id, looking->key,
		looking->content->bytes + match->secret_start,
		match->secret_end - match->secret_start);
	const struct purge_target *target = looking->target;
	uint32_t first = secret_number(target, id);
	if (first == UINT32_MAX)
		return 0;
	for (size_t i = first;
		i < target->secret_count && !strcmp(target->secrets[i].id, id);
		i++)
		looking->found[i] = true;
	bool is_new;
	if (looking->blob != BLOB_NONE)
		pair_map_add(
			&looking->asked.found, first, looking->blob, &is_new);
	looking->any = true;
	add_value(looking, match);
	return 0;
}

static void add_binary(struct looking *looking, const struct oid *oid)
{
	struct purge_values *values = looking->values;
	bool is_new;
	oid_map_add(&looking->binaries, oid, &is_new);
	if (!is_new)
		return;
	ARRAY_GROW(values->binaries, values->binary_count,
		values->binary_capacity);
	values->binaries[values->binary_count++] = *oid;
}

/** The matcher of one rule; findings come sorted by rule. */
struct rule_matcher {
	const struct rule *rule;
	struct rule_index *index;
	struct matcher *matcher;
};

static void rule_matcher_clear(struct rule_matcher *one)
{
	matcher_free(one->matcher);
	rule_index_free(one->index);
	*one = (struct rule_matcher){ 0 };
}

static int rule_matcher_set(
	struct rule_matcher *one, const struct rule *rule, struct err *err)
{
	rule_matcher_clear(one);
	int rc = rule_index_new(&one->index, &rule, 1, err);
	if (rc == 0)
		rc = matcher_new(&one->matcher, one->index, err);
	if (rc == 0)
		one->rule = rule;
	return rc;
}

static int look_at(struct content *content, void *ctx, struct err *err)
{
	struct looking *looking = ctx;
	CLEANUP(arena_clear) struct arena evidence = { 0 };
	const struct match_out out = { take_match, looking, &evidence };
	looking->content = content;
	int rc = matcher_rule(looking->matcher, 0, looking->path,
		content->bytes, content->len, &out, err);
	return rc < 0 ? rc : 0;
}

/** What cannot be unpacked now could not be when it was scanned. */
static void pass_over(
	int reason, const char *inner, const char *detail, void *ctx)
{
	(void)reason;
	(void)inner;
	(void)detail;
	(void)ctx;
}

static int look_into(struct looking *looking, struct unpack *unpack,
	const struct object *object, struct err *err)
{
	struct content root;
	content_init_blob(&root, object->bytes, object->len);
	looking->any = looking->packed = false;
	unpack->sink = (struct unpack_sink){ look_at, pass_over, looking };
	unpack_begin(unpack, object->len);
	int rc = look_at(&root, looking, err);
	if (rc == 0)
		rc = unpack_inside(unpack, &root, err);
	size_t reach = object->len < BINARY_REACH ? object->len : BINARY_REACH;
	bool is_name = !object->oid;
	if (rc == 0 && looking->any && !is_name &&
		(looking->packed || memchr(object->bytes, '\0', reach)))
		add_binary(looking, object->oid);
	return rc;
}

static int compare_values(const void *a, const void *b)
{
	const struct purge_value *left = a;
	const struct purge_value *right = b;
	if (left->len != right->len)
		return left->len > right->len ? -1 : 1;
	return memcmp(left->bytes, right->bytes, left->len);
}

static int compare_oids(const void *a, const void *b)
{
	return oid_compare(a, b);
}

static void sort_values(struct purge_values *values)
{
	if (values->count)
		qsort(values->items, values->count, sizeof(*values->items),
			compare_values);
	if (values->binary_count)
		qsort(values->binaries, values->binary_count,
			sizeof(*values->binaries), compare_oids);
}

/** Whether nobody has looked yet at the blob, or where that is none at the
 * name, at this path. */
static bool is_new_look(struct looking *looking)
{
	struct asked *asked = &looking->asked;
	uint32_t path = path_table_add(
		&asked->paths, looking->path, strlen(looking->path));
	bool is_new;
	pair_map_add(&asked->looked, path, looking->blob, &is_new);
	return is_new;
}

/** Whether the value of the finding is not known yet from the blob. */
static bool must_look(struct looking *looking, const struct finding *finding)
{
	uint32_t secret = secret_number(looking->target, finding->secret_id);
	return pair_map_find(&looking->asked.found, secret, looking->blob) ==
		PAIR_NONE &&
		is_new_look(looking);
}

static int find_in_blobs(struct looking *looking, struct unpack *unpack,
	struct objects_reader *reader, const struct finding *finding,
	struct err *err)
{
	int rc = 0;
	const struct object name = {
		/* no .oid */
		.bytes = (const unsigned char *)finding_file(finding),
		.len = strlen(finding_file(finding)),
	};
	looking->path = finding->inner ? finding->inner : finding_file(finding);
	looking->blob = BLOB_NONE;
	if (finding->places & (PLACE_PATH_NAME | PLACE_REF_NAME) &&
		(finding->inner || is_new_look(looking)))
		rc = look_into(looking, unpack, &name, err);
	for (size_t b = 0; rc == 0 && b < finding->versions; b++) {
		looking->blob = oid_map_add(
			&looking->asked.blobs, &finding->blobs[b], NULL);
		if (!must_look(looking, finding))
			continue;
		struct object object;
		rc = objects_read(&object, reader, &finding->blobs[b], err);
		if (rc == 0)
			rc = look_into(looking, unpack, &object, err);
	}
	return rc;
}

static int find_all(struct looking *looking, const struct inventory *inventory,
	const struct scan_result *result, unsigned depth, struct err *err)
{
	CLEANUP(rule_matcher_clear) struct rule_matcher one = { 0 };
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	CLEANUP(unpack_clear) struct unpack unpack = { .depth = depth };
	int rc = objects_reader_new(&reader, inventory->objects, err);
	for (size_t i = 0; rc == 0 && i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		if (!finding->secret_id[0] ||
			!purge_target_find_secret(
				looking->target, finding->secret_id))
			continue;
		if (one.rule != finding->rule) {
			rc = rule_matcher_set(&one, finding->rule, err);
			looking->matcher = one.matcher;
			asked_clear(&looking->asked);
		}
		if (rc == 0)
			rc = find_in_blobs(
				looking, &unpack, reader, finding, err);
	}
	return rc;
}

int purge_values_find(struct purge_values *out,
	const struct inventory *inventory, const struct scan_result *result,
	const struct purge_target *target, const char *fingerprint_key,
	unsigned decode_depth, struct err *err)
{
	*out = (struct purge_values){ 0 };
	if (!target->secret_count)
		return 0;
	CLEANUP(freep)
	bool *found = xcalloc(target->secret_count, sizeof(*found));
	struct looking looking = {
		.values = out,
		.target = target,
		.key = fingerprint_key,
		.found = found,
	};
	int rc = find_all(&looking, inventory, result, decode_depth, err);
	looking_clear(&looking);
	for (size_t i = 0; rc == 0 && i < target->secret_count; i++)
		if (!found[i])
			rc = err_set(err, ERR_NOT_FOUND,
				"a secret that %s found could not be read "
				"again",
				target->secrets[i].rule);
	sort_values(out);
	return rc;
}
