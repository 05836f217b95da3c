#include "scanner/scan_tips.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "scanner/fingerprint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool scan_starts_at_refs(const struct scan_opts *opts)
{
	return !opts->range_tips && !opts->commits;
}

unsigned scan_wanted_places(const struct scan_opts *opts)
{
	unsigned places = opts->sources & PLACES_OF_HISTORY;
	if (!places && opts->sources & PLACE_MESSAGE)
		places = PLACE_HISTORY;
	if (places & PLACE_HISTORY)
		places |= PLACE_REPLACED | PLACE_STASH | PLACE_NOTE;
	if (opts->more_commits)
		places |= PLACE_UNREACHABLE;
	return places;
}

/** Adds the ids as tips that no ref names. */
static void add_ids(struct scan_tips *tips, const struct oid *ids, size_t count)
{
	assert(ids || !count);
	for (size_t i = 0; i < count; i++)
		tips->items[tips->range.tip_count++] = (struct history_start){
			.name = "",
			.oid = ids[i],
			.kind = HOLDER_REF,
		};
}

static void note_damaged_logs(
	const struct holders *holders, struct scan_result *result)
{
	for (size_t i = 0; i < holders->damaged_count; i++)
		scan_result_add_skipped(result, SKIP_CORRUPT)->detail =
			arena_printf(&result->arena,
				"the reflog of %s has lines that are none",
				holders->damaged[i]);
}

int scan_tips_make(struct scan_tips *out, const struct scan_opts *opts,
	struct repo *repo, struct scan_result *result, struct err *err)
{
	*out = (struct scan_tips){
		.range = {
			.cuts = opts->range_cuts,
			.cut_count = opts->range_cut_count,
			.more = opts->more_commits,
			.more_count = opts->more_commit_count,
			.tips_alone = opts->commits != NULL,
			.has_since = opts->has_since,
			.since = opts->since,
		},
	};
	/* to tell what nothing reaches, logs are asked as well */
	bool with_logs = opts->sources & (PLACE_REFLOG | PLACE_UNREACHABLE);
	int rc = 0;
	if (scan_starts_at_refs(opts))
		rc = holders_find(&out->holders, repo, with_logs, err);
	if (rc < 0)
		return rc;
	note_damaged_logs(&out->holders, result);
	out->items = holders_starts(
		&out->holders, opts->range_tip_count + opts->commit_count);
	out->range.tips = out->items;
	out->range.tip_count = out->holders.tip_count;
	add_ids(out, opts->range_tips, opts->range_tip_count);
	add_ids(out, opts->commits, opts->commit_count);
	return 0;
}

void scan_tips_clear(struct scan_tips *tips)
{
	free(tips->items);
	holders_clear(&tips->holders);
	*tips = (struct scan_tips){ 0 };
}

static void add_line(struct buf *text, const char *what, const struct oid *oid)
{
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, oid);
	buf_printf(text, "%s %s\n", hex, what);
}

static void add_lines(
	struct buf *text, const char *what, const struct oid *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_line(text, what, &ids[i]);
}

void scan_tips_digest(char out[65], const struct scan_tips *tips,
	const struct scan_opts *opts, const struct repo *repo)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add(&text, "", 0);
	struct oid head;
	if (!scan_wanted_places(opts) && repo_head(&head, repo))
		add_line(&text, "HEAD", &head);
	for (size_t i = 0; i < tips->holders.tip_count; i++)
		add_line(&text, tips->items[i].name, &tips->items[i].oid);
	add_lines(&text, "tip", opts->range_tips, opts->range_tip_count);
	add_lines(&text, "cut", opts->range_cuts, opts->range_cut_count);
	add_lines(&text, "commit", opts->commits, opts->commit_count);
	if (opts->has_since)
		buf_printf(&text, "since %jd\n", (intmax_t)opts->since);
	text_digest(out, text.bytes, text.len);
}
