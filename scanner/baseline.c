#include "scanner/baseline.h"

#include "base/array.h"
#include "base/file.h"
#include "base/json_size.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_FILE     ((size_t)256 << 20)
#define MAX_LINE     ((size_t)4 << 20)
#define MAX_VALUES   100000 /* of a line */
#define MAX_TEXT     65536  /* of a path, a reason, an owner */
#define DAY_SECONDS  86400
#define KEY_CHECK    "git-hygiene baseline key check 1"
#define FINGERPRINTS "0123456789abcdef"

static void json_freep(json_t **json)
{
	json_decref(*json);
}

void baseline_clear(struct baseline *baseline)
{
	free(baseline->entries);
	arena_clear(&baseline->arena);
	*baseline = (struct baseline){ 0 };
}

void baseline_key(char out[BASELINE_KEY_HEX + 1], const char *key)
{
	char whole[FINGERPRINT_HEX + 1];
	secret_id(whole, key, (const unsigned char *)KEY_CHECK,
		strlen(KEY_CHECK));
	memcpy(out, whole, BASELINE_KEY_HEX);
	out[BASELINE_KEY_HEX] = '\0';
}

bool baseline_day_end(int64_t *out, const char *day)
{
	static const char shape[] = "dddd-dd-dd";
	for (size_t i = 0; i < sizeof(shape); i++)
		if (shape[i] == 'd' ? day[i] < '0' || day[i] > '9'
				    : day[i] != shape[i])
			return false;
	struct tm date = { 0 };
	const char *end = strptime(day, "%Y-%m-%d", &date);
	if (!end || *end)
		return false;
	struct tm given = date;
	int64_t start = (int64_t)timegm(&date);
	if (date.tm_mday != given.tm_mday) /* 31 February */
		return false;
	*out = start + DAY_SECONDS;
	return true;
}

void baseline_append(
	struct baseline *baseline, const struct baseline_entry *entry)
{
	ARRAY_GROW(baseline->entries, baseline->count, baseline->capacity);
	baseline->entries[baseline->count++] = *entry;
}

/* Reading */

/** A file, and the line that is being read. */
struct source {
	struct baseline *baseline;
	const char *name;
	size_t line;
	struct err *err;
};

static int fail(const struct source *source, const char *what)
{
	return err_set(source->err, ERR_PARSE, "%s:%zu: %s", source->name,
		source->line, what);
}

/** The text under a key, copied; NULL when there is none or it is empty. */
static const char *text_of(
	const struct source *source, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (!json_is_string(value) || !json_string_length(value))
		return NULL;
	return arena_strdup(&source->baseline->arena, json_string_value(value));
}

static int check_text(const struct source *source, const json_t *object,
	const char *key, size_t limit)
{
	const json_t *value = json_object_get(object, key);
	if (!value || json_is_null(value))
		return 0;
	if (json_is_string(value) && json_string_length(value) <= limit)
		return 0;
	char why[80];
	snprintf(why, sizeof(why), "'%s' must be a text of at most %zu bytes",
		key, limit);
	return fail(source, why);
}

static int take_expiry(const struct source *source,
	struct baseline_entry *entry, const json_t *object)
{
	entry->until = INT64_MAX;
	entry->expires = text_of(source, object, "expires");
	if (entry->expires && !baseline_day_end(&entry->until, entry->expires))
		return fail(source, "'expires' must be a date, YYYY-MM-DD");
	return 0;
}

static int take_entry(
	const struct source *source, const json_t *object, bool of_report)
{
	static const char *const keys[] = { "rule", "path", "reason", "owner" };
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		int rc = check_text(source, object, keys[i], MAX_TEXT);
		if (rc < 0)
			return rc;
	}
	const char *fingerprint =
		json_string_value(json_object_get(object, "fingerprint"));
	if (!fingerprint || strlen(fingerprint) != FINGERPRINT_HEX ||
		strspn(fingerprint, FINGERPRINTS) != FINGERPRINT_HEX)
		return fail(source,
			"'fingerprint' must be 32 digits, as a report has it");
	struct baseline_entry entry = {
		.rule = text_of(source, object, "rule"),
		.path = text_of(source, object, "path"),
		.reason = of_report ? NULL : text_of(source, object, "reason"),
		.owner = of_report ? NULL : text_of(source, object, "owner"),
		.until = INT64_MAX,
	};
	memcpy(entry.fingerprint, fingerprint, sizeof(entry.fingerprint));
	int rc = of_report ? 0 : take_expiry(source, &entry, object);
	if (rc < 0)
		return rc;
	baseline_append(source->baseline, &entry);
	return 0;
}

/** {"baseline":1,"key":"…"}, the first line. */
static int take_header(const struct source *source, const json_t *object)
{
	const json_t *format = json_object_get(object, "baseline");
	if (!json_is_integer(format) ||
		json_integer_value(format) != BASELINE_FORMAT)
		return fail(source,
			"this baseline has a format of a later version");
	const char *key = json_string_value(json_object_get(object, "key"));
	if (key && strlen(key) == BASELINE_KEY_HEX && !source->baseline->key[0])
		memcpy(source->baseline->key, key, BASELINE_KEY_HEX + 1);
	return 0;
}

static int take_object(const struct source *source, const json_t *object)
{
	if (!json_is_object(object))
		return fail(source, "not a JSON object");
	if (json_object_get(object, "baseline"))
		return take_header(source, object);
	const json_t *type = json_object_get(object, "type");
	if (!type)
		return take_entry(source, object, false);
	if (json_is_string(type) && !strcmp(json_string_value(type), "finding"))
		return take_entry(source, object, true);
	return 0; /* header, skipped, summary of a report */
}

static bool is_conflict(const char *line, size_t len)
{
	static const char *const marks[] = { "<<<<<<<", "=======", ">>>>>>>",
		"|||||||" };
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (len >= strlen(marks[i]) &&
			!memcmp(line, marks[i], strlen(marks[i])))
			return true;
	return false;
}

static int take_line(const struct source *source, const char *line, size_t len)
{
	size_t blanks = 0;
	while (blanks < len && strchr(" \t\r", line[blanks]))
		blanks++;
	if (blanks == len || line[blanks] == '#')
		return 0;
	if (is_conflict(line, len))
		return fail(source,
			"an unresolved merge: keep the lines of both sides "
			"(gitattributes: merge=union does so)");
	if (len > MAX_LINE)
		return fail(source, "the line is too long");
	if (json_size(line, len).values > MAX_VALUES)
		return fail(source, "the line has too many values");
	json_error_t why;
	CLEANUP(json_freep)
	json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &why);
	if (!object)
		return fail(source, "not a JSON object in one line");
	return take_object(source, object);
}

int baseline_parse(struct baseline *baseline, const char *name,
	const char *text, size_t len, struct err *err)
{
	struct source source = {
		.baseline = baseline, .name = name, .err = err
	};
	size_t before = baseline->count;
	const char *end = text + len;
	int rc = 0;
	while (rc == 0 && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		source.line++;
		rc = take_line(&source, text, (size_t)(stop - text));
		text = stop + 1;
	}
	if (rc < 0)
		baseline->count = before;
	return rc;
}

int baseline_read(struct baseline *baseline, const char *path, unsigned flags,
	struct err *err)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, MAX_FILE);
	int rc = file_read(&text, path, flags, err);
	if (rc < 0 || !text.len)
		return rc;
	return baseline_parse(baseline, path, text.bytes, text.len, err);
}

/* Use */

struct baseline_entry *baseline_add(
	struct baseline *baseline, const struct finding *finding)
{
	struct baseline_entry entry = {
		.rule = arena_strdup(&baseline->arena, finding->rule->id),
		.path = arena_strdup(&baseline->arena, finding->path),
		.until = INT64_MAX,
		.used = true,
	};
	memcpy(entry.fingerprint, finding->fingerprint,
		sizeof(entry.fingerprint));
	baseline_append(baseline, &entry);
	return &baseline->entries[baseline->count - 1];
}

/* Of one fingerprint, the entry that holds longest comes first. */
static int compare_entries(const void *a, const void *b)
{
	const struct baseline_entry *left = a;
	const struct baseline_entry *right = b;
	int order = strcmp(left->fingerprint, right->fingerprint);
	if (order)
		return order;
	if (left->until != right->until)
		return left->until > right->until ? -1 : 1;
	return strcmp(left->reason ? left->reason : "",
		right->reason ? right->reason : "");
}

void baseline_sort(struct baseline *baseline)
{
	if (baseline->count)
		qsort(baseline->entries, baseline->count,
			sizeof(*baseline->entries), compare_entries);
}

struct baseline_entry *baseline_find(
	const struct baseline *baseline, const char *fingerprint)
{
	size_t low = 0;
	size_t high = baseline->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *at = baseline->entries[middle].fingerprint;
		if (strcmp(at, fingerprint) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == baseline->count ||
		strcmp(baseline->entries[low].fingerprint, fingerprint) != 0)
		return NULL;
	return &baseline->entries[low];
}

static void mark_used(struct baseline *baseline, struct baseline_entry *first)
{
	const struct baseline_entry *end = baseline->entries + baseline->count;
	for (struct baseline_entry *at = first;
		at < end && !strcmp(at->fingerprint, first->fingerprint); at++)
		at->used = true;
}

void baseline_apply(struct baseline *baseline, struct scan_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		struct finding *finding = &result->findings[i];
		struct baseline_entry *entry =
			baseline_find(baseline, finding->fingerprint);
		if (!entry)
			continue;
		mark_used(baseline, entry);
		bool expired = result->now >= entry->until;
		if (expired && !finding_counts(finding))
			continue; /* a comment still accepts it */
		finding->suppressed = (struct suppression){
			.by = SUPPRESSED_BASELINE,
			.expired = expired,
			.reason = arena_strdup(&result->arena, entry->reason),
			.owner = arena_strdup(&result->arena, entry->owner),
			.expires = arena_strdup(&result->arena, entry->expires),
		};
	}
}
