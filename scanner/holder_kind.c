#include "scanner/holder_kind.h"

#include "base/array.h"
#include "scanner/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char *const kind_names[HOLDER_KIND_COUNT] = {
	[HOLDER_HEAD] = "head",
	[HOLDER_BRANCH] = "branch",
	[HOLDER_REMOTE_BRANCH] = "remote-branch",
	[HOLDER_TAG] = "tag",
	[HOLDER_NOTE] = "note",
	[HOLDER_STASH] = "stash",
	[HOLDER_PULL] = "pull-request",
	[HOLDER_REPLACE] = "replace",
	[HOLDER_ORIGINAL] = "original",
	[HOLDER_REF] = "ref",
	[HOLDER_REFLOG] = "reflog",
	[HOLDER_INDEX] = "index",
	[HOLDER_WORKTREE] = "worktree",
	[HOLDER_LOOSE] = "loose",
	[HOLDER_PACK] = "pack",
	[HOLDER_KEPT_PACK] = "kept-pack",
	[HOLDER_ALTERNATE] = "alternate",
	[HOLDER_LFS] = "lfs",
};

/* Hosts: refs/pull (GitHub, Gitea, Forgejo), refs/merge-requests (GitLab),
 * refs/pull-requests (Bitbucket), refs/changes (Gerrit). */
static const struct {
	const char *prefix;
	int kind;
} ref_kinds[] = {
	{ "refs/heads/", HOLDER_BRANCH },
	{ "refs/remotes/", HOLDER_REMOTE_BRANCH },
	{ "refs/tags/", HOLDER_TAG },
	{ "refs/notes/", HOLDER_NOTE },
	{ "refs/stash", HOLDER_STASH },
	{ "refs/pull/", HOLDER_PULL },
	{ "refs/merge-requests/", HOLDER_PULL },
	{ "refs/pull-requests/", HOLDER_PULL },
	{ "refs/changes/", HOLDER_PULL },
	{ "refs/replace/", HOLDER_REPLACE },
	{ "refs/original/", HOLDER_ORIGINAL },
	{ "worktrees/", HOLDER_WORKTREE },
	{ "main-worktree/", HOLDER_WORKTREE },
};

const char *holder_kind_name(int kind)
{
	return kind_names[kind];
}

const char *holder_kind_bit_name(unsigned bit)
{
	return kind_names[__builtin_ctz(bit)];
}

int holder_kind_of(const char *ref)
{
	if (!strcmp(ref, "HEAD"))
		return HOLDER_HEAD;
	for (size_t i = 0; i < ARRAY_SIZE(ref_kinds); i++) {
		const char *prefix = ref_kinds[i].prefix;
		size_t len = strlen(prefix);
		bool whole = prefix[len - 1] != '/';
		if (whole ? !strcmp(ref, prefix) : !strncmp(ref, prefix, len))
			return ref_kinds[i].kind;
	}
	return HOLDER_REF;
}

unsigned holder_kind_place(int kind)
{
	switch (kind) {
	case HOLDER_STASH:
		return PLACE_STASH;
	case HOLDER_NOTE:
		return PLACE_NOTE;
	case HOLDER_REFLOG:
		return PLACE_REFLOG;
	default:
		return PLACE_HISTORY;
	}
}
