#include "cmd/hook_refs.h"

#include "base/array.h"
#include "scanner/blob_by_name.h"
#include "scanner/objects/objects.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SHA256_HEX_SIZE 64
#define MAX_OBJECT      ((size_t)64 << 20)

void hook_range_clear(struct hook_range *range)
{
	free(range->tips.items);
	free(range->cuts.items);
	*range = (struct hook_range){ 0 };
}

static void add_oid(struct hook_oids *list, const struct oid *oid)
{
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = *oid;
}

static int parse_oid(
	struct oid *out, const char *word, size_t len, struct err *err)
{
	if (len == SHA256_HEX_SIZE)
		return err_set(err, ERR_UNSUPPORTED,
			"SHA-256 object ids are not supported yet");
	if (len != OID_HEX_SIZE || !oid_from_hex(out, word))
		return err_set(err, ERR_PARSE,
			"what git says of the push is no object id");
	return 0;
}

/** Adds the id that the word is; zeros stand for none. */
static int add_word(
	struct hook_oids *list, const char *word, size_t len, struct err *err)
{
	struct oid oid;
	int rc = parse_oid(&oid, word, len, err);
	if (rc == 0 && !oid_is_zero(&oid))
		add_oid(list, &oid);
	return rc;
}

int hook_range_add_update(
	struct hook_range *range, const char *new_oid, struct err *err)
{
	return add_word(&range->tips, new_oid, strlen(new_oid), err);
}

/** Words of a line, counted from its end: a local ref of pre-push is what
 * the user typed and may hold blanks. */
struct line_words {
	const char *at[4];
	size_t len[4];
	size_t count;
};

static struct line_words split(const char *line, size_t len)
{
	struct line_words words = { 0 };
	while (len && words.count < ARRAY_SIZE(words.at)) {
		size_t start = len;
		bool is_rest = words.count + 1 == ARRAY_SIZE(words.at);
		while (start && (is_rest || line[start - 1] != ' '))
			start--;
		words.at[words.count] = line + start;
		words.len[words.count++] = len - start;
		len = start ? start - 1 : 0;
	}
	return words;
}

typedef int take_words(struct hook_range *range, const struct line_words *words,
	struct err *err);

static int take_pushed(struct hook_range *range, const struct line_words *words,
	struct err *err)
{
	if (words->count != 4)
		return err_set(err, ERR_PARSE,
			"not <local ref> <local oid> <remote ref> <remote oid>");
	int rc = add_word(&range->tips, words->at[2], words->len[2], err);
	return rc < 0
		? rc
		: add_word(&range->cuts, words->at[0], words->len[0], err);
}

static int take_received(struct hook_range *range,
	const struct line_words *words, struct err *err)
{
	if (words->count != 3)
		return err_set(err, ERR_PARSE, "not <old> <new> <ref>");
	/* <old> is what the client says, and git believes it no longer than
	 * until it changes the ref, after this hook: no cut */
	return add_word(&range->tips, words->at[1], words->len[1], err);
}

static int each_line(struct hook_range *range, const char *text, size_t len,
	take_words *take, struct err *err)
{
	const char *end = text + len;
	for (size_t number = 1; text < end; number++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((newline ? newline : end) - text);
		struct line_words words = split(text, size);
		int rc = take(range, &words, err);
		if (rc < 0) {
			err_prefix(err, "standard input, line %zu", number);
			return rc;
		}
		text += size + 1;
	}
	return 0;
}

int hook_range_add_pushed(
	struct hook_range *range, const char *text, size_t len, struct err *err)
{
	return each_line(range, text, len, take_pushed, err);
}

int hook_range_add_received(
	struct hook_range *range, const char *text, size_t len, struct err *err)
{
	return each_line(range, text, len, take_received, err);
}

/* Objects of the repository */

/** A way into the object store. */
struct store {
	struct repo *repo;
	struct objects *objects;
	struct objects_reader *reader;
};

static void store_clear(struct store *store)
{
	objects_reader_free(store->reader);
	objects_free(store->objects);
}

static int store_open(struct store *store, struct repo *repo, struct err *err)
{
	const struct objects_opts opts = {
		.dirs = repo_object_dirs(repo),
		.max_object_size = MAX_OBJECT,
	};
	*store = (struct store){ .repo = repo };
	int rc = objects_open(&store->objects, &opts, err);
	return rc < 0 ? rc
		      : objects_reader_new(&store->reader, store->objects, err);
}

/** The object that a revision names; what it names is looked for. */
static int resolve(struct oid *out, struct store *store, const char *name,
	const char *variable, struct err *err)
{
	struct revision_lookup lookup = {
		.repo = store->repo,
		.reader = store->reader,
		.name = name,
		.unknown = "no ref or object of that name",
	};
	int rc = object_by_name(out, &lookup, err);
	if (rc < 0)
		err_prefix(err, "%s", variable);
	return rc;
}

static const char *variable(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

int hook_range_add_framework(
	struct hook_range *range, struct repo *repo, struct err *err)
{
	const char *to = variable("PRE_COMMIT_TO_REF");
	const char *from = variable("PRE_COMMIT_FROM_REF");
	const char *branch = variable("PRE_COMMIT_LOCAL_BRANCH");
	/* a branch without a common commit is handed on by its name alone */
	if (!variable("PRE_COMMIT") || (!to && !branch))
		return 0;
	CLEANUP(store_clear) struct store store = { 0 };
	struct oid oid;
	int rc = store_open(&store, repo, err);
	if (rc == 0)
		rc = resolve(&oid, &store, to ? to : branch,
			to ? "PRE_COMMIT_TO_REF" : "PRE_COMMIT_LOCAL_BRANCH",
			err);
	if (rc < 0)
		return rc;
	add_oid(&range->tips, &oid);
	if (to && from) {
		rc = resolve(&oid, &store, from, "PRE_COMMIT_FROM_REF", err);
		if (rc < 0)
			return rc;
		add_oid(&range->cuts, &oid);
	}
	return 1;
}

int hook_range_cut_refs(struct hook_range *range, struct repo *repo,
	const char *prefix, struct err *err)
{
	const struct repo_ref *refs;
	size_t count;
	int rc = repo_refs(&refs, &count, repo, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (!strncmp(refs[i].name, prefix, strlen(prefix)))
			add_oid(&range->cuts, &refs[i].oid);
	return rc;
}

int hook_range_drop_missing(
	struct hook_range *range, struct repo *repo, struct err *err)
{
	CLEANUP(store_clear) struct store store = { 0 };
	int rc = store_open(&store, repo, err);
	if (rc < 0)
		return rc;
	size_t kept = 0;
	for (size_t i = 0; i < range->cuts.count; i++) {
		struct object object;
		struct err ignored;
		struct oid *cut = &range->cuts.items[i];
		if (objects_read(&object, store.reader, cut, &ignored) == 0)
			range->cuts.items[kept++] = *cut;
	}
	range->cuts.count = kept;
	return 0;
}
