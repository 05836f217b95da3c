#include "scanner/mark_ignored.h"

void mark_ignored(struct scan_result *result, struct repo *repo)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		struct finding *finding = &result->findings[i];
		if (finding_object(finding) == OBJECT_IS_FILE &&
			finding_is_in_tree(finding))
			finding->ignored = repo_is_ignored(repo, finding->path);
	}
}
