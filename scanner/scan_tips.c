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

/** Adds the ids as tips that no ref names. */
static void add_ids(struct scan_tips *tips, const struct oid *ids, size_t count)
{
	assert(ids || !count);
	for (size_t i = 0; i < count; i++)
		tips->items[tips->range.tip_count++] =
			(struct repo_ref){ .name = "", .oid = ids[i] };
}

int scan_tips_make(struct scan_tips *out, const struct scan_opts *opts,
	struct repo *repo, struct err *err)
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
	const struct repo_ref *refs = NULL;
	size_t ref_count = 0;
	int rc = 0;
	if (scan_starts_at_refs(opts))
		rc = repo_refs(&refs, &ref_count, repo, err);
	if (rc < 0)
		return rc;
	out->items =
		xcalloc(ref_count + opts->range_tip_count + opts->commit_count,
			sizeof(*out->items));
	out->range.tips = out->items;
	if (ref_count)
		memcpy(out->items, refs, ref_count * sizeof(*refs));
	out->range.tip_count = ref_count;
	add_ids(out, opts->range_tips, opts->range_tip_count);
	add_ids(out, opts->commits, opts->commit_count);
	return 0;
}

void scan_tips_clear(struct scan_tips *tips)
{
	free(tips->items);
	*tips = (struct scan_tips){ 0 };
}

static void add_lines(
	struct buf *text, const char *what, const struct oid *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &ids[i]);
		buf_printf(text, "%s %s\n", hex, what);
	}
}

int scan_tips_digest(char out[65], const struct scan_opts *opts,
	struct repo *repo, struct err *err)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	char refs[65] = "";
	bool history = opts->sources & (PLACE_HISTORY | PLACE_MESSAGE);
	int rc = 0;
	if (history && scan_starts_at_refs(opts))
		rc = repo_digest_refs(refs, repo, err);
	if (rc < 0)
		return rc;
	struct oid head;
	if (!history && repo_head(&head, repo))
		add_lines(&text, "HEAD", &head, 1);
	add_lines(&text, "tip", opts->range_tips, opts->range_tip_count);
	add_lines(&text, "cut", opts->range_cuts, opts->range_cut_count);
	add_lines(&text, "commit", opts->commits, opts->commit_count);
	if (opts->has_since)
		buf_printf(&text, "since %jd\n", (intmax_t)opts->since);
	if (*refs && !text.len) {
		memcpy(out, refs, sizeof(refs));
		return 0;
	}
	buf_add_text(&text, refs);
	buf_add(&text, "", 0);
	text_digest(out, text.bytes, text.len);
	return 0;
}
