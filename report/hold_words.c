#include "report/hold_words.h"

#include "base/array.h"
#include "report/words.h"
#include "scanner/holder_kind.h"

/** In the order in which they are told. */
static const struct {
	unsigned place;
	const char *words;
} elsewhere[] = {
	{ PLACE_STAGED, "staged" },
	{ PLACE_CONFLICT, "in a conflict" },
	{ PLACE_OTHER_INDEX, "tracked in another worktree" },
	{ PLACE_WORKTREE, "in the worktree" },
	{ PLACE_GIT_DIR, "in the .git folder" },
	{ PLACE_REPLACED, "in a commit that git log hides" },
	{ PLACE_STASH, "in a stash" },
	{ PLACE_NOTE, "in a note" },
	{ PLACE_REFLOG, "in a commit of a reflog" },
	{ PLACE_UNREACHABLE, "in an object that nothing names" },
	{ PLACE_ALTERNATE, "in another repository's objects" },
	{ PLACE_MESSAGE, "in a message" },
	{ PLACE_PATH_NAME, "in the name of the file" },
	{ PLACE_REF_NAME, "in the name of a ref" },
};

/** Places that no branch, tag or index has anything of. */
#define PLACES_ASIDE                                                   \
	(PLACE_STASH | PLACE_NOTE | PLACE_REFLOG | PLACE_UNREACHABLE | \
		PLACE_ALTERNATE | PLACE_GIT_DIR | PLACE_REF_NAME)

bool is_elsewhere_alone(unsigned places)
{
	return places & PLACES_ASIDE &&
		!(places &
			(PLACES_OF_INDEX | PLACE_WORKTREE | PLACE_HISTORY |
				PLACE_REPLACED));
}

void add_other_places(struct buf *out, unsigned places)
{
	bool only = is_elsewhere_alone(places);
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++) {
		if (!(places & elsewhere[i].place))
			continue;
		buf_printf(out, "%s%s%s", out->len ? ", " : "",
			only && elsewhere[i].place & PLACES_ASIDE ? "only "
								  : "",
			elsewhere[i].words);
		only = false;
	}
}

static const char *const tips[HOLDER_KIND_COUNT] = {
	[HOLDER_HEAD] = "HEAD",
	[HOLDER_BRANCH] = "a branch",
	[HOLDER_REMOTE_BRANCH] = "a remote-tracking branch",
	[HOLDER_TAG] = "a tag",
	[HOLDER_NOTE] = "notes",
	[HOLDER_STASH] = "a stash",
	[HOLDER_PULL] = "a pull request",
	[HOLDER_REPLACE] = "a replacement",
	[HOLDER_ORIGINAL] = "a backup of filter-branch",
	[HOLDER_REF] = "another ref",
	[HOLDER_WORKTREE] = "another worktree",
};

/* "at the tip of a branch, a tag and a stash" */
static void add_tips(struct buf *out, unsigned tip_of)
{
	const char *before = ", at the tip of ";
	for (int kind = 0; kind < HOLDER_KIND_COUNT; kind++) {
		unsigned bit = 1U << kind;
		if (!(tip_of & bit) || !tips[kind])
			continue;
		buf_printf(out, "%s%s", before, tips[kind]);
		tip_of &= ~bit;
		before = tip_of & (tip_of - 1) ? ", " : " and ";
	}
}

void add_holders(struct buf *out, const struct group *group, size_t most,
	void (*name)(struct buf *out, const char *ref, const void *ctx),
	const void *ctx)
{
	/* a log is named where nothing else has it */
	bool by_log = !group->refs_listed;
	const char *const *names = by_log ? group->logs : group->refs;
	size_t listed = by_log ? group->logs_listed : group->refs_listed;
	size_t count = by_log ? group->logs_count : group->refs_count;
	if (!listed)
		return;
	if (most > listed)
		most = listed;
	buf_add_text(out, by_log ? "held by the reflog, " : "held by ");
	for (size_t i = 0; i < most; i++) {
		buf_add_text(out, i ? ", " : "");
		name(out, names[i], ctx);
	}
	if (count > most) {
		buf_add_text(out, " and ");
		add_counted(
			out, count - most, by_log ? "more reflog" : "more ref");
	}
	add_tips(out, group->tip_of & ~(1U << HOLDER_INDEX));
}
