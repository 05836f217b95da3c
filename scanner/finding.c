#include "scanner/finding.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static const char *const place_names[PLACE_COUNT] = {
	"index",
	"staged",
	"worktree",
	"history",
	"stash",
	"reflog",
	"note",
	"message",
	"unreachable",
	"replaced",
	"alternate",
	"conflict",
	"other-index",
	"git-dir",
	"path-name",
	"ref-name",
};

static const char *const skip_names[] = {
	[SKIP_TOO_LARGE] = "too-large",
	[SKIP_CORRUPT] = "corrupt",
	[SKIP_MISSING] = "missing",
	[SKIP_LIMIT] = "limit",
	[SKIP_TIMEOUT] = "timeout",
	[SKIP_LFS_POINTER] = "lfs-pointer",
	[SKIP_SUBMODULE] = "submodule",
	[SKIP_SHALLOW] = "shallow",
	[SKIP_UNSUPPORTED] = "unsupported",
	[SKIP_NOTHING] = "nothing",
};

const char *place_name(unsigned bit)
{
	for (unsigned i = 0; i < PLACE_COUNT; i++)
		if (bit == 1U << i)
			return place_names[i];
	return "unknown";
}

int finding_object(const struct finding *finding)
{
	if (!(finding->places & PLACE_MESSAGE) ||
		finding->places & PLACES_OF_FILES)
		return OBJECT_IS_FILE;
	return !strcmp(finding->path, TAG_MESSAGE_PATH) ? OBJECT_OF_TAG
							: OBJECT_OF_COMMIT;
}

const char *suppressed_by_name(int by)
{
	static const char *const names[] = {
		[SUPPRESSED_NOT] = "nobody",
		[SUPPRESSED_BASELINE] = "baseline",
		[SUPPRESSED_COMMENT] = "comment",
		[SUPPRESSED_GITLEAKS] = "gitleaksignore",
	};
	return names[by];
}

const char *finding_name(const struct finding *finding)
{
	return finding->nested ? finding->nested : finding->path;
}

const struct rule *finding_remedy(const struct finding *finding)
{
	return finding->file_rule ? finding->file_rule : finding->rule;
}

const char *finding_file(const struct finding *finding)
{
	return finding->raw_path ? finding->raw_path : finding->path;
}

bool finding_is_in_tree(const struct finding *finding)
{
	return !(finding->places & PLACES_BESIDE_TREES);
}

size_t finding_line(const struct finding *finding)
{
	return finding->nested ? finding->inner_region.start_line
			       : finding->region.start_line;
}

bool finding_counts(const struct finding *finding)
{
	return finding->suppressed.by == SUPPRESSED_NOT ||
		finding->suppressed.expired;
}

const char *skip_reason_name(int reason)
{
	return skip_names[reason];
}

bool skip_is_incomplete(int reason)
{
	return reason != SKIP_LFS_POINTER && reason != SKIP_SUBMODULE;
}

void scan_result_clear(struct scan_result *result)
{
	free(result->findings);
	free(result->skipped);
	arena_clear(&result->arena);
	*result = (struct scan_result){ 0 };
}

void scan_result_absorb(struct scan_result *result, struct scan_result *other)
{
	for (size_t i = 0; i < other->finding_count; i++)
		*scan_result_add_finding(result) = other->findings[i];
	for (size_t i = 0; i < other->skipped_count; i++)
		*scan_result_add_skipped(result, 0) = other->skipped[i];
	arena_absorb(&result->arena, &other->arena);
	scan_result_clear(other);
}

size_t scan_result_count_accepted(const struct scan_result *result)
{
	size_t count = 0;
	for (size_t i = 0; i < result->finding_count; i++)
		count += !finding_counts(&result->findings[i]);
	return count;
}

struct finding *scan_result_add_finding(struct scan_result *result)
{
	ARRAY_GROW(result->findings, result->finding_count,
		result->finding_capacity);
	struct finding *finding = &result->findings[result->finding_count++];
	*finding = (struct finding){
		.path = "",
		.ignored = UNKNOWN,
		.state = "unknown",
	};
	return finding;
}

struct skipped *scan_result_add_skipped(struct scan_result *result, int reason)
{
	ARRAY_GROW(result->skipped, result->skipped_count,
		result->skipped_capacity);
	struct skipped *skipped = &result->skipped[result->skipped_count++];
	*skipped = (struct skipped){ .reason = reason };
	return skipped;
}

void scan_result_drop_unsure(struct scan_result *result, int confidence)
{
	size_t kept = 0;
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].confidence >= confidence)
			result->findings[kept++] = result->findings[i];
	result->unsure += result->finding_count - kept;
	result->finding_count = kept;
}

/* An absent text sorts before all others. */
static int compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* The secret's keyed hash orders secrets of one path; the rest only makes
 * the order total, so that it does not depend on who found what first. */
static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = left;
	const struct finding *b = right;
	int order = strcmp(a->rule->id, b->rule->id);
	if (!order)
		order = strcmp(a->path, b->path);
	if (!order)
		order = compare_text(a->inner, b->inner);
	if (!order)
		order = strcmp(a->secret_id, b->secret_id);
	if (!order)
		order = strcmp(a->blob, b->blob);
	if (order)
		return order;
	size_t x = a->region.start_byte;
	size_t y = b->region.start_byte;
	return (x > y) - (x < y);
}

static int compare_skipped(const void *left, const void *right)
{
	const struct skipped *a = left;
	const struct skipped *b = right;
	if (a->reason != b->reason)
		return a->reason < b->reason ? -1 : 1;
	int order = strcmp(a->object, b->object);
	if (!order)
		order = compare_text(a->path, b->path);
	if (!order)
		order = compare_text(a->inner, b->inner);
	return order ? order : compare_text(a->detail, b->detail);
}

static void drop_equal_skipped(struct scan_result *result)
{
	size_t kept = 0;
	for (size_t i = 0; i < result->skipped_count; i++) {
		const struct skipped *next = &result->skipped[i];
		if (kept && !compare_skipped(&result->skipped[kept - 1], next))
			continue;
		result->skipped[kept++] = *next;
	}
	result->skipped_count = kept;
}

void scan_result_sort(struct scan_result *result)
{
	if (result->finding_count)
		qsort(result->findings, result->finding_count,
			sizeof(*result->findings), compare_findings);
	if (result->skipped_count)
		qsort(result->skipped, result->skipped_count,
			sizeof(*result->skipped), compare_skipped);
	drop_equal_skipped(result);
	result->complete = true;
	for (size_t i = 0; i < result->skipped_count; i++)
		if (skip_is_incomplete(result->skipped[i].reason))
			result->complete = false;
}
