#include "scanner/suppress.h"

/** The rows of finding `number`. */
struct rows {
	const struct join_row *at, *end;
};

static struct rows rows_of(const struct joined *joined, size_t number)
{
	return (struct rows){ joined->rows + joined->first_row[number],
		joined->rows + joined->first_row[number + 1] };
}

/** The comment that accepts the finding in all places of its newest blob. */
static const struct suppression *comment_of(
	struct rows rows, const struct join_input *input, const char *blob)
{
	const struct suppression *found = NULL;
	for (const struct join_row *row = rows.at; row < rows.end; row++) {
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &input->changes->blobs.oids[row->blob]);
		if (strcmp(hex, blob) != 0)
			continue;
		if (!row->hit || !row->hit->allowed)
			return NULL;
		found = row->hit->allowed;
	}
	return found;
}

static bool is_ignored(struct rows rows, const struct join_input *input,
	const char *path, const struct gitleaks_ignore *ignore)
{
	for (const struct join_row *row = rows.at; row < rows.end; row++)
		if (row->hit && !row->in_name && row->hit->region.start_line &&
			gitleaks_ignore_has(ignore, path,
				&input->changes->blobs.oids[row->blob],
				row->hit->region.start_line))
			return true;
	return false;
}

void suppress_findings(const struct joined *joined,
	const struct join_input *input, bool by_comments,
	const struct gitleaks_ignore *ignore)
{
	for (size_t i = 0; i < joined->count; i++) {
		struct finding *finding = joined->traces[i].finding;
		struct rows rows = rows_of(joined, i);
		const struct suppression *comment = by_comments
			? comment_of(rows, input, finding->blob)
			: NULL;
		if (comment) {
			finding->suppressed = *comment;
		} else if (ignore &&
			is_ignored(rows, input, finding->path, ignore)) {
			finding->suppressed = (struct suppression){
				.by = SUPPRESSED_GITLEAKS,
			};
		}
	}
}
