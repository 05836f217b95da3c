#include "scanner/join.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "rules/grade.h"
#include "rules/settings/setting.h"
#include "scanner/fingerprint.h"
#include "scanner/overlap.h"
#include "scanner/store.h"

#include <stdlib.h>
#include <string.h>

/* Rows for what was found at another path already. Repositories that mean well
 * have a few thousand; trees that stand at a million folders have millions. */
#define MAX_REPEATED_ROWS ((size_t)16 << 10)

/** What blobs have rows, and which have some that were left out. */
struct repeats {
	bool *has_rows, *is_cut; /* by blob */
	size_t left;
};

static void repeats_init(struct repeats *repeats, size_t blobs)
{
	repeats->has_rows = xcalloc(blobs, sizeof(*repeats->has_rows));
	repeats->is_cut = xcalloc(blobs, sizeof(*repeats->is_cut));
	repeats->left = MAX_REPEATED_ROWS;
}

static void repeats_clear(struct repeats *repeats)
{
	free(repeats->has_rows);
	free(repeats->is_cut);
}

void joined_clear(struct joined *joined)
{
	free(joined->rows);
	free(joined->traces);
	free(joined->first_row);
	free(joined->blobs);
	free(joined->file_rules);
	*joined = (struct joined){ 0 };
}

/** Takes `rows` that were added for the entry into account. */
static void repeats_count(
	struct repeats *repeats, const struct entry *entry, size_t rows)
{
	if (repeats->has_rows[entry->blob])
		repeats->left -= rows < repeats->left ? rows : repeats->left;
	if (rows)
		repeats->has_rows[entry->blob] = true;
}

/** True when the entry gets no rows, because its blob has some elsewhere. */
static bool repeats_cut(struct repeats *repeats, const struct entry *entry)
{
	bool is_cut = !repeats->left && repeats->has_rows[entry->blob];
	repeats->is_cut[entry->blob] |= is_cut;
	return is_cut;
}

static void repeats_tell(const struct repeats *repeats,
	const struct oid_map *blobs, struct scan_result *result)
{
	for (uint32_t i = 0; i < blobs->count; i++) {
		if (!repeats->is_cut[i])
			continue;
		struct skipped *skipped =
			scan_result_add_skipped(result, SKIP_LIMIT);
		oid_to_hex(skipped->object, &blobs->oids[i]);
		skipped->detail = "found at too many paths: not all are listed";
	}
}

static struct join_row *add_row(struct joined *joined, uint32_t rule,
	const struct entry *entry, const struct hit *hit)
{
	ARRAY_GROW(joined->rows, joined->row_count, joined->row_capacity);
	struct join_row *row = &joined->rows[joined->row_count++];
	*row = (struct join_row){
		.rule = rule,
		.path = entry->path,
		.blob = entry->blob,
		.places = entry->places,
		.hit = hit,
	};
	return row;
}

/** The name of a ref is no path of what it names. */
static bool is_ref(const struct entry *entry)
{
	return entry->places & PLACE_REF_NAME;
}

/** Rows of the rules that ask for a path and nothing else. */
static void add_path_rows(struct joined *joined, const struct join_input *input,
	struct repeats *repeats)
{
	const struct path_rules *rules = input->path_rules;
	for (size_t i = 0; i < input->entries->count; i++) {
		const struct entry *entry = &input->entries->items[i];
		size_t end = rules->start[entry->path + 1];
		size_t known = joined->row_count;
		if (rules->start[entry->path] == end || is_ref(entry) ||
			repeats_cut(repeats, entry))
			continue;
		for (size_t r = rules->start[entry->path]; r < end; r++)
			if (!rule_has_content(
				    ruleset_get(input->rules, rules->rules[r])))
				add_row(joined, rules->rules[r], entry, NULL);
		repeats_count(repeats, entry, joined->row_count - known);
	}
}

/** First hit of each of `count` blobs, or paths, as number + 1; 0 for none.
 * Hits are sorted. */
static size_t *index_hits(const struct hits *hits, size_t count)
{
	size_t *first = xcalloc(count, sizeof(*first));
	for (size_t i = hits->count; i-- > 0;)
		first[hits->items[i].blob] = i + 1;
	return first;
}

/** What was found in the bytes counts at this path. What is inside of an
 * archive was asked for its own path. */
static bool accepts_path(const struct join_input *input,
	const struct rule *rule, const struct hit *hit, uint32_t path)
{
	const char *text = input->changes->paths.entries[path].text;
	if (hit->inner)
		return true;
	if (rule->config && settings_format(text) == SETTINGS_NONE)
		return false;
	return !rule_has_path(rule) ||
		path_rules_has(input->path_rules, path, hit->rule);
}

static void add_hit_rows(struct joined *joined, const struct join_input *input,
	struct repeats *repeats)
{
	const struct hits *hits = input->hits;
	CLEANUP(freep)
	size_t *first = index_hits(hits, input->changes->blobs.count);
	for (size_t i = 0; i < input->entries->count; i++) {
		const struct entry *entry = &input->entries->items[i];
		size_t known = joined->row_count;
		if (!first[entry->blob] || is_ref(entry) ||
			repeats_cut(repeats, entry))
			continue;
		for (size_t h = first[entry->blob] - 1; h < hits->count; h++) {
			const struct hit *hit = &hits->items[h];
			if (hit->blob != entry->blob)
				break;
			const struct rule *rule =
				ruleset_get(input->rules, hit->rule);
			if (accepts_path(input, rule, hit, entry->path))
				add_row(joined, hit->rule, entry, hit);
		}
		repeats_count(repeats, entry, joined->row_count - known);
	}
}

/** Rows of what was found in names: with every content that has such a one. */
static void add_name_rows(struct joined *joined, const struct join_input *input,
	struct repeats *repeats)
{
	const struct hits *hits = input->names;
	if (!hits->count)
		return;
	CLEANUP(freep)
	size_t *first = index_hits(hits, input->changes->paths.count);
	for (size_t i = 0; i < input->entries->count; i++) {
		const struct entry *entry = &input->entries->items[i];
		size_t known = joined->row_count;
		if (!first[entry->path] || repeats_cut(repeats, entry))
			continue;
		for (size_t h = first[entry->path] - 1;
			h < hits->count && hits->items[h].blob == entry->path;
			h++) {
			const struct hit *hit = &hits->items[h];
			struct join_row *row =
				add_row(joined, hit->rule, entry, hit);
			row->in_name = true;
			row->places |= is_ref(entry) ? 0 : PLACE_PATH_NAME;
		}
		repeats_count(repeats, entry, joined->row_count - known);
	}
}

static const char *row_secret(const struct join_row *row)
{
	return row->hit ? row->hit->secret_id : "";
}

const char *join_row_inner(const struct join_row *row)
{
	return row->hit && row->hit->inner ? row->hit->inner : "";
}

/** By path, and by path inside of an archive. */
static int compare_places(
	const struct join_row *left, const struct join_row *right)
{
	if (left->path != right->path)
		return left->path < right->path ? -1 : 1;
	return strcmp(join_row_inner(left), join_row_inner(right));
}

static bool same_finding(const struct join_row *a, const struct join_row *b)
{
	return a->rule == b->rule && !compare_places(a, b) &&
		!strcmp(row_secret(a), row_secret(b));
}

static int compare_rows(const void *a, const void *b)
{
	const struct join_row *left = a;
	const struct join_row *right = b;
	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	int order = compare_places(left, right);
	if (!order)
		order = strcmp(row_secret(left), row_secret(right));
	if (order)
		return order;
	if (left->blob != right->blob)
		return left->blob < right->blob ? -1 : 1;
	if (left->in_name != right->in_name) /* what has a line goes first */
		return left->in_name ? 1 : -1;
	/* hits of one blob stand in one array, in order of place */
	return left->hit < right->hit ? -1 : left->hit > right->hit;
}

/** True when a file of one of the names lies, or once lay, beside the path. */
static bool has_sibling(const struct path_table *paths, const char *path,
	const char *const *names)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path) : 0;
	bool found = false;
	struct buf sibling;
	buf_init(&sibling, 0);
	for (; *names && !found; names++) {
		buf_reset(&sibling);
		buf_add(&sibling, path, folder);
		buf_add_text(&sibling, *names);
		found = path_table_find(paths, sibling.bytes, sibling.len) !=
			PATH_NONE;
	}
	buf_clear(&sibling);
	return found;
}

/** What a name holds says nothing of the file, nor the other way round. */
static int compare_taken_places(const void *a, const void *b)
{
	const struct join_row *left = *(const struct join_row *const *)a;
	const struct join_row *right = *(const struct join_row *const *)b;
	if (left->in_name != right->in_name)
		return left->in_name ? 1 : -1;
	return compare_places(left, right);
}

static int compare_secrets(const void *a, const void *b)
{
	const struct join_row *left = *(const struct join_row *const *)a;
	const struct join_row *right = *(const struct join_row *const *)b;
	int order = compare_taken_places(a, b);
	return order ? order : strcmp(row_secret(left), row_secret(right));
}

/** The rows of rules that are no fallback, sorted. */
struct taken_rows {
	const struct join_row **rows;
	size_t count;
};

static struct taken_rows take_rows(
	const struct joined *joined, const struct join_input *input)
{
	struct taken_rows taken = {
		.rows = xcalloc(joined->row_count, sizeof(*taken.rows)),
	};
	for (size_t i = 0; i < joined->row_count; i++)
		if (!ruleset_get(input->rules, joined->rows[i].rule)->fallback)
			taken.rows[taken.count++] = &joined->rows[i];
	if (taken.count)
		qsort(taken.rows, taken.count, sizeof(*taken.rows),
			compare_secrets);
	return taken;
}

/** Marks what another rule explains better: for a fallback rule the same secret
 * at the path, or, without a secret, the path; for others the same bytes.
 * Caller frees. */
static bool *find_explained(
	const struct joined *joined, const struct join_input *input)
{
	struct taken_rows taken = take_rows(joined, input);
	bool *explained = xcalloc(joined->row_count, sizeof(*explained));
	for (size_t i = 0; i < joined->row_count; i++) {
		const struct join_row *row = &joined->rows[i];
		if (!ruleset_get(input->rules, row->rule)->fallback)
			continue;
		explained[i] = bsearch(&row, taken.rows, taken.count,
			sizeof(*taken.rows),
			*row_secret(row) ? compare_secrets
					 : compare_taken_places);
	}
	free(taken.rows);
	overlap_mark(explained, joined, input->rules);
	return explained;
}

static bool moves_files(const struct rule *rule)
{
	return rule->untrack || rule->gitignore;
}

/** Keeps in mind what the rule of a row that is dropped says of the file. */
static void note_file_rule(struct joined *joined, const struct rule *rule,
	const struct join_row *row)
{
	uint32_t *noted = &joined->file_rules[row->path];
	if (!rule_has_path(rule) || !moves_files(rule) ||
		*join_row_inner(row) || row->in_name)
		return;
	if (!*noted || *noted > row->rule + 1)
		*noted = row->rule + 1;
}

/** The rule that says where the file belongs in which another one, which does
 * not say so, found a secret; or NULL. */
static const struct rule *find_file_rule(const struct joined *joined,
	const struct join_input *input, const struct join_row *row)
{
	const struct path_rules *rules = input->path_rules;
	if (moves_files(ruleset_get(input->rules, row->rule)) ||
		!*row_secret(row) || *join_row_inner(row) || row->in_name)
		return NULL;
	if (joined->file_rules[row->path])
		return ruleset_get(
			input->rules, joined->file_rules[row->path] - 1);
	for (size_t i = rules->start[row->path];
		i < rules->start[row->path + 1]; i++) {
		const struct rule *rule =
			ruleset_get(input->rules, rules->rules[i]);
		if (rule->whole_file)
			return rule;
	}
	return NULL;
}

/** Drops rows of fallback rules that another rule explains better, and rows
 * of rules that do not want a certain sibling. */
static void drop_rows(struct joined *joined, const struct join_input *input)
{
	const struct path_table *paths = &input->changes->paths;
	CLEANUP(freep) bool *explained = find_explained(joined, input);
	size_t kept = 0;
	for (size_t i = 0; i < joined->row_count; i++) {
		struct join_row row = joined->rows[i];
		const struct rule *rule = ruleset_get(input->rules, row.rule);
		if (explained[i]) {
			note_file_rule(joined, rule, &row);
			continue;
		}
		if (rule->except_siblings && !*join_row_inner(&row) &&
			has_sibling(paths, paths->entries[row.path].text,
				rule->except_siblings))
			continue;
		joined->rows[kept++] = row;
	}
	joined->row_count = kept;
}

/** Of a member of an archive: the archive is what can be ignored, and no store
 * of sessions. */
static void name_member(
	struct finding *finding, struct arena *arena, const char *inner)
{
	finding->nested = arena_printf(arena, "%s!%s", finding->path, inner);
	finding->inner = finding->nested + strlen(finding->path) + 1;
}

/** Makes the finding of the rows first..end. */
static void make_finding(struct joined *joined, const struct join_input *input,
	size_t first, size_t end, struct scan_result *result)
{
	const struct join_row *row = &joined->rows[first];
	const struct rule *rule = ruleset_get(input->rules, row->rule);
	struct finding *finding = scan_result_add_finding(result);
	finding->rule = rule;
	finding->file_rule = find_file_rule(joined, input, row);
	finding->path = arena_strdup(
		&result->arena, input->changes->paths.entries[row->path].text);
	if (*join_row_inner(row))
		name_member(finding, &result->arena, row->hit->inner);
	else
		finding->store =
			store_of(&result->arena, rule->store, finding->path);
	finding->ignored = UNKNOWN;
	if (row->hit)
		memcpy(finding->secret_id, row->hit->secret_id,
			sizeof(finding->secret_id));
	finding_fingerprint(finding->fingerprint, rule->id,
		finding_name(finding), finding->secret_id);
	struct trace *trace = &joined->traces[joined->count];
	*trace = (struct trace){ .path = row->path,
		.blobs = &joined->blobs[first] };
	uint32_t *blobs = &joined->blobs[first];
	for (size_t i = first; i < end; i++) {
		row = &joined->rows[i];
		finding->places |= row->places;
		if (!trace->blob_count ||
			blobs[trace->blob_count - 1] != row->blob)
			blobs[trace->blob_count++] = row->blob;
		if (row->places & (PLACE_INDEX | PLACE_STAGED))
			oid_to_hex(finding->blob,
				&input->changes->blobs.oids[row->blob]);
	}
	finding->versions = trace->blob_count;
	struct oid *oids =
		arena_array(&result->arena, trace->blob_count, sizeof(*oids));
	for (size_t i = 0; i < trace->blob_count; i++)
		oids[i] = input->changes->blobs.oids[blobs[i]];
	finding->blobs = oids;
	joined->first_row[joined->count++] = first;
}

void joined_make(struct joined *out, const struct join_input *input,
	struct scan_result *result)
{
	*out = (struct joined){ 0 };
	out->file_rules =
		xcalloc(input->changes->paths.count, sizeof(*out->file_rules));
	CLEANUP(repeats_clear) struct repeats repeats;
	repeats_init(&repeats, input->changes->blobs.count);
	add_path_rows(out, input, &repeats);
	add_hit_rows(out, input, &repeats);
	add_name_rows(out, input, &repeats);
	repeats_tell(&repeats, &input->changes->blobs, result);
	drop_rows(out, input);
	if (out->row_count)
		qsort(out->rows, out->row_count, sizeof(*out->rows),
			compare_rows);
	out->blobs = xcalloc(out->row_count, sizeof(*out->blobs));
	out->traces = xcalloc(out->row_count, sizeof(*out->traces));
	out->first_row = xcalloc(out->row_count + 1, sizeof(*out->first_row));
	for (size_t first = 0; first < out->row_count;) {
		size_t end = first + 1;
		while (end < out->row_count &&
			same_finding(&out->rows[first], &out->rows[end]))
			end++;
		make_finding(out, input, first, end, result);
		first = end;
	}
	out->first_row[out->count] = out->row_count;
	for (size_t i = 0; i < out->count; i++)
		out->traces[i].finding = &result->findings[i];
}

/** The first row of the finding's newest blob, or of the one with the smallest
 * id if that is not known. */
static const struct join_row *newest_row(const struct joined *joined,
	const struct join_input *input, size_t number,
	const struct finding *finding)
{
	const struct oid *oids = input->changes->blobs.oids;
	struct oid oid;
	uint32_t blob = BLOB_NONE;
	if (finding->blob[0] && oid_from_hex(&oid, finding->blob))
		blob = oid_map_find(&input->changes->blobs, &oid);
	const struct join_row *least = &joined->rows[joined->first_row[number]];
	for (size_t i = joined->first_row[number];
		i < joined->first_row[number + 1]; i++) {
		const struct join_row *row = &joined->rows[i];
		if (row->blob == blob)
			return row;
		if (oid_compare(&oids[row->blob], &oids[least->blob]) < 0)
			least = row;
	}
	return least;
}

/** Its path; of what is inside of a file, as if that were a folder: what lies
 * in an archive among tests is for tests. */
static const char *graded_path(
	const struct finding *finding, struct arena *arena)
{
	if (!finding->inner)
		return finding->path;
	char *path = arena_strdup(arena, finding->nested);
	for (char *at = path + strlen(finding->path); *at; at++)
		if (*at == '!')
			*at = '/';
	return path;
}

void joined_finish(const struct joined *joined, const struct join_input *input,
	struct scan_result *result)
{
	for (size_t i = 0; i < joined->count; i++) {
		struct finding *finding = joined->traces[i].finding;
		const struct join_row *row =
			newest_row(joined, input, i, finding);
		oid_to_hex(
			finding->blob, &input->changes->blobs.oids[row->blob]);
		finding->state = "unknown";
		if (row->hit) {
			if (!row->in_name)
				finding->region = row->hit->region;
			finding->inner_region = row->hit->inner_region;
			finding->encodings = row->hit->encodings;
			finding->excerpt =
				arena_strdup(&result->arena, row->hit->excerpt);
			finding->evidence = row->hit->evidence;
			finding->belief = row->hit->belief;
		}
		if (finding->evidence)
			finding->state =
				evidence_state(finding->evidence, input->now);
		rule_grade(&finding->severity, &finding->confidence,
			finding->rule, graded_path(finding, &result->arena),
			finding->evidence, input->now);
	}
}
