/* Commands that are printed, not run: every word is quoted for a shell. */
#include "cmd/purge_view.h"
#include "report/text_escape.h"

#include <string.h>

bool purge_is_bare(
	const struct inventory *inventory, const struct holder *holder)
{
	const struct history *history = &inventory->history;
	if (!holder->tip_count)
		return false;
	uint32_t tip = history->tips[holder->first_tip].commit;
	return oid_is_zero(&history->commits[tip].oid);
}

static void add(struct buf *out, const char *text, const char *word, bool utf8)
{
	buf_add_text(out, text);
	text_add_shell(out, word, utf8);
}

/** The name of a ref behind the folder of its kind: "refs/tags/". */
static const char *short_name(const char *ref)
{
	const char *slash = strchr(ref, '/');
	slash = slash ? strchr(slash + 1, '/') : NULL;
	return slash ? slash + 1 : ref;
}

/** "<path>/objects" to the repository of it, without the rest. */
static void add_repository_of(struct buf *out, const char *objects, bool utf8)
{
	CLEANUP(buf_clear) struct buf folder;
	const char *slash = strrchr(objects, '/');
	buf_init(&folder, 0);
	buf_add(&folder, objects,
		slash ? (size_t)(slash - objects) : strlen(objects));
	add(out, "git -C ", folder.bytes, utf8);
}

static void add_keep_file(struct buf *out, const char *pack, bool utf8)
{
	CLEANUP(buf_clear) struct buf keep;
	buf_init(&keep, 0);
	buf_add(&keep, pack, strlen(pack) - strlen(".pack"));
	buf_add_text(&keep, ".keep");
	add(out, "rm ", keep.bytes, utf8);
	buf_add_text(out, " && git gc --prune=now");
}

static void add_git(struct buf *out, const struct holder *holder, bool utf8)
{
	buf_add_text(out, "git ");
	if (holder->worktree) {
		add(out, "-C ", holder->worktree, utf8);
		buf_add_byte(out, ' ');
	}
}

static void add_ref_remover(struct buf *out, const struct inventory *inventory,
	const struct holder *holder, bool utf8)
{
	if (purge_is_bare(inventory, holder))
		add(out, "git update-ref -d ", holder->name, utf8);
	else
		buf_add_text(out, "git hygiene purge --apply");
}

/** Whole files are taken out of an index; a secret has to be taken out of its
 * file first, which no command does. */
static void add_index_remover(struct buf *out, const struct purge_view *view,
	const struct purge_place *place, bool utf8)
{
	bool has_secret = false;
	for (size_t i = 0; i < place->example_count; i++)
		has_secret = has_secret ||
			view->search->left[place->examples[i]].what ==
				LEFT_SECRET;
	add_git(out, &place->holder, utf8);
	buf_add_text(out, "hygiene untrack");
	if (has_secret)
		buf_add_text(out,
			" # and edit the files that hold a secret, git add");
}

void purge_add_remover(struct buf *out, const struct purge_view *view,
	const struct purge_place *place, bool utf8)
{
	const struct holder *holder = &place->holder;
	const char *name = holder->name;
	switch ((enum holder_kind)holder->kind) {
	case HOLDER_HEAD:
	case HOLDER_BRANCH:
	case HOLDER_TAG:
	case HOLDER_NOTE:
	case HOLDER_REF:
		add_ref_remover(out, view->inventory, holder, utf8);
		break;
	case HOLDER_REMOTE_BRANCH:
		add(out, "git branch -dr ", short_name(name), utf8);
		break;
	case HOLDER_STASH:
		add(out, "git stash drop ", name, utf8);
		break;
	case HOLDER_PULL:
	case HOLDER_ORIGINAL:
		add(out, "git update-ref -d ", name, utf8);
		break;
	case HOLDER_REPLACE:
		add(out, "git replace -d ", short_name(name), utf8);
		break;
	case HOLDER_REFLOG:
		add_git(out, holder, utf8);
		add(out, "reflog expire --expire=now ", name, utf8);
		buf_add_text(out, " && git gc --prune=now");
		break;
	case HOLDER_INDEX:
		add_index_remover(out, view, place, utf8);
		break;
	case HOLDER_WORKTREE:
		add(out, "git worktree remove ",
			holder->worktree ? holder->worktree : name, utf8);
		break;
	case HOLDER_LOOSE:
	case HOLDER_PACK:
		buf_add_text(out, "git gc --prune=now");
		break;
	case HOLDER_KEPT_PACK:
		add_keep_file(out, name, utf8);
		break;
	case HOLDER_ALTERNATE:
		add_repository_of(out, name, utf8);
		buf_add_text(out, " hygiene purge --apply");
		break;
	case HOLDER_LFS:
		add(out, "rm ", name, utf8);
		break;
	}
}

void purge_add_command(
	struct buf *out, const struct purge_files *files, bool utf8)
{
	const char *words[PURGE_MAX_WORDS];
	purge_files_command(words, files);
	buf_add_text(out, "git filter-repo");
	for (size_t i = 0; words[i]; i++)
		add(out, " ", words[i], utf8);
}
