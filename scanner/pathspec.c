#include "scanner/pathspec.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "rules/wildmatch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum magic {
	MAGIC_TOP = 1,
	MAGIC_LITERAL = 2,
	MAGIC_GLOB = 4,
	MAGIC_ICASE = 8,
	MAGIC_EXCLUDE = 16,
};

struct item {
	unsigned magic;
	char *match; /* from the top */
	size_t len;
	size_t folder_len;      /* so much of it is the current folder */
	size_t literal_len;     /* so much of it is before all wildcards */
	struct wildmatch *wild; /* the rest, or NULL: it matches nothing */
};

struct pathspec {
	size_t count, exclude_count;
	struct item items[];
};

void pathspec_free(struct pathspec *pathspec)
{
	if (!pathspec)
		return;
	for (size_t i = 0; i < pathspec->count; i++) {
		free(pathspec->items[i].match);
		wildmatch_free(pathspec->items[i].wild);
	}
	free(pathspec);
}

/* Magic */

static int refuse_magic(
	const char *name, size_t len, const char *word, struct err *err)
{
	return err_set(err, ERR_USAGE,
		"pathspec magic '%.*s' is not supported: '%s'", (int)len, name,
		word);
}

static unsigned magic_by_name(const char *name, size_t len)
{
	static const struct {
		const char *name;
		unsigned magic;
	} names[] = {
		{ "top", MAGIC_TOP },
		{ "literal", MAGIC_LITERAL },
		{ "glob", MAGIC_GLOB },
		{ "icase", MAGIC_ICASE },
		{ "exclude", MAGIC_EXCLUDE },
	};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i].name) == len &&
			!strncmp(names[i].name, name, len))
			return names[i].magic;
	return 0;
}

/** The form ":(icase,exclude)"; moves `at` behind it. */
static int read_long(unsigned *magic, const char **at, struct err *err)
{
	const char *word = *at;
	const char *name = word + 2;
	for (;;) {
		size_t len = strcspn(name, ",)");
		unsigned one = magic_by_name(name, len);
		if (!name[len])
			return err_set(err, ERR_USAGE,
				"no ')' behind the pathspec magic: '%s'", word);
		if (len && !one)
			return refuse_magic(name, len, word, err);
		*magic |= one;
		name += len + 1;
		if (name[-1] == ')')
			break;
	}
	*at = name;
	return 0;
}

/** The form ":!/", which ends at a second colon or at a byte that git does not
 * keep for magic; moves `at` behind it. */
static int read_short(unsigned *magic, const char **at, struct err *err)
{
	const char *word = *at;
	const char *sign = word + 1;
	for (; *sign && *sign != ':'; sign++) {
		if (*sign == '/')
			*magic |= MAGIC_TOP;
		else if (*sign == '!' || *sign == '^')
			*magic |= MAGIC_EXCLUDE;
		else if (strchr("\"#%&',-;<=>@_`~", *sign))
			return refuse_magic(sign, 1, word, err);
		else
			break;
	}
	*at = sign + (*sign == ':');
	return 0;
}

/** A variable that git reads as a boolean. */
static bool is_set(const char *name)
{
	const char *value = getenv(name);
	return value && *value && strcmp(value, "0") != 0 &&
		strcasecmp(value, "false") != 0 &&
		strcasecmp(value, "no") != 0 && strcasecmp(value, "off") != 0;
}

static int read_magic(unsigned *magic, const char **at, struct err *err)
{
	const char *word = *at;
	if (is_set("GIT_LITERAL_PATHSPECS")) {
		*magic = MAGIC_LITERAL;
		return 0;
	}
	int rc = 0;
	if (word[0] == ':')
		rc = word[1] == '(' ? read_long(magic, at, err)
				    : read_short(magic, at, err);
	if (rc < 0)
		return rc;
	if (is_set("GIT_NOGLOB_PATHSPECS") && !(*magic & MAGIC_GLOB))
		*magic |= MAGIC_LITERAL;
	if (is_set("GIT_GLOB_PATHSPECS") && !(*magic & MAGIC_LITERAL))
		*magic |= MAGIC_GLOB;
	if (is_set("GIT_ICASE_PATHSPECS"))
		*magic |= MAGIC_ICASE;
	if (*magic & MAGIC_LITERAL && *magic & MAGIC_GLOB)
		return err_set(err, ERR_USAGE,
			"pathspec magic 'literal' and 'glob' contradict each "
			"other: '%s'",
			word);
	return 0;
}

/* Paths */

/** Takes the last folder off "a/b/"; false if there is none. */
static bool go_up(struct buf *path)
{
	if (!path->len)
		return false;
	do
		path->len--;
	while (path->len && path->bytes[path->len - 1] != '/');
	path->bytes[path->len] = '\0';
	return true;
}

/** Appends `word` without "." and empty parts, each ".." taking one off.
 * `folder_len`: what is left of the bytes that were there. False when it leads
 * out at the top. */
static bool add_path(struct buf *path, const char *word, size_t *folder_len)
{
	while (*word) {
		size_t len = strcspn(word, "/");
		bool up = len == 2 && !strncmp(word, "..", len);
		if (up && !go_up(path))
			return false;
		if (up && path->len < *folder_len)
			*folder_len = path->len;
		if (!up && len && (len != 1 || *word != '.'))
			buf_add(path, word, len + (word[len] == '/'));
		word += len + (word[len] == '/');
	}
	return true;
}

/** What of the absolute path `word` comes behind the top, through links if need
 * be; NULL when it is not there. */
static const char *behind_top(const char *word, const char *top)
{
	CLEANUP(buf_clear) struct buf part;
	buf_init(&part, 0);
	for (const char *end = word; *end; end += strspn(end, "/")) {
		end += strcspn(end, "/");
		buf_reset(&part);
		buf_add(&part, word, (size_t)(end - word));
		CLEANUP(freep) char *real = realpath(part.bytes, NULL);
		if (real && !strcmp(real, top))
			return end + strspn(end, "/");
	}
	return NULL;
}

/** Appends what an absolute path has behind the top; false when it is not
 * there. */
static bool add_absolute(struct buf *path, const char *word, const char *top)
{
	CLEANUP(buf_clear) struct buf tidy;
	CLEANUP(buf_clear) struct buf full;
	size_t none = 0;
	buf_init(&tidy, 0);
	buf_init(&full, 0);
	if (!top || !add_path(&tidy, word + 1, &none))
		return false;
	buf_printf(&full, "/%s", tidy.len ? tidy.bytes : "");
	const char *rest = behind_top(full.bytes, top);
	if (rest)
		buf_add_text(path, rest);
	return rest;
}

static int place(struct item *item, const char *path,
	const struct pathspec_base *base, const char *word, struct err *err)
{
	CLEANUP(buf_clear) struct buf full;
	buf_init(&full, 0);
	bool inside = true;
	if (item->magic & MAGIC_TOP) {
		buf_add_text(&full, path); /* which git does not tidy, either */
	} else if (*path == '/') {
		inside = add_absolute(&full, path, base->top);
	} else {
		buf_add_text(&full, base->prefix);
		item->folder_len = full.len;
		inside = add_path(&full, path, &item->folder_len);
	}
	if (!inside)
		return err_set(err, ERR_USAGE,
			"'%s' is outside of the repository", word);
	item->len = full.len;
	item->match = buf_steal(&full);
	return 0;
}

static int compile(struct item *item, const char *word, struct err *err)
{
	item->literal_len = strcspn(item->match, "*?[\\");
	if (item->magic & MAGIC_LITERAL)
		item->literal_len = item->len;
	if (item->literal_len < item->folder_len)
		item->literal_len = item->folder_len;
	size_t len = item->len - item->literal_len;
	if (!len)
		return 0;
	if (len > WILDMATCH_MAX)
		return err_set(
			err, ERR_USAGE, "the pathspec is too long: '%s'", word);
	unsigned flags = item->magic & MAGIC_GLOB ? WILDMATCH_PATHNAME : 0;
	flags |= item->magic & MAGIC_ICASE ? WILDMATCH_FOLD : 0;
	item->wild = wildmatch_new(item->match + item->literal_len, len, flags);
	return 0;
}

static int item_init(struct item *item, const char *word,
	const struct pathspec_base *base, struct err *err)
{
	const char *path = word;
	if (!*word)
		return err_set(err, ERR_USAGE,
			"an empty word is no pathspec; '.' is all paths");
	int rc = read_magic(&item->magic, &path, err);
	if (rc == 0)
		rc = place(item, path, base, word, err);
	return rc < 0 ? rc : compile(item, word, err);
}

int pathspec_new(struct pathspec **out, const char *const *words, size_t count,
	const struct pathspec_base *base, struct err *err)
{
	CLEANUP(pathspec_freep)
	struct pathspec *pathspec = xcalloc(
		1, sizeof(*pathspec) + count * sizeof(pathspec->items[0]));
	for (size_t i = 0; i < count; i++) {
		struct item *item = &pathspec->items[pathspec->count++];
		int rc = item_init(item, words[i], base, err);
		if (rc < 0)
			return rc;
		pathspec->exclude_count += (item->magic & MAGIC_EXCLUDE) != 0;
	}
	*out = STEAL(pathspec);
	return 0;
}

/* Matching: git's dir.c, match_pathspec_item(). */

static bool is_same(const struct item *item, const char *path, size_t len)
{
	return item->magic & MAGIC_ICASE ? !strncasecmp(item->match, path, len)
					 : !strncmp(item->match, path, len);
}

static bool item_matches(const struct item *item, const char *path, size_t len,
	bool is_submodule)
{
	/* the current folder has the case that it has */
	if (strncmp(item->match, path, item->folder_len) != 0)
		return false;
	if (!item->len)
		return true;
	bool slash = item->match[item->len - 1] == '/';
	if (item->len <= len && is_same(item, path, item->len) &&
		(item->len == len || slash || path[item->len] == '/'))
		return true;
	if (is_submodule && slash && len == item->len - 1 &&
		is_same(item, path, len))
		return true;
	size_t start = item->literal_len;
	return item->wild && start <= len && is_same(item, path, start) &&
		wildmatch_match(item->wild, path + start, len - start);
}

static bool any_matches(const struct pathspec *pathspec, bool exclude,
	const char *path, bool is_submodule)
{
	size_t len = strlen(path);
	for (size_t i = 0; i < pathspec->count; i++) {
		const struct item *item = &pathspec->items[i];
		if (exclude == ((item->magic & MAGIC_EXCLUDE) != 0) &&
			item_matches(item, path, len, is_submodule))
			return true;
	}
	return false;
}

static bool matches(
	const struct pathspec *pathspec, const char *path, bool is_submodule)
{
	bool only_excludes = pathspec->exclude_count == pathspec->count;
	return (only_excludes ||
		       any_matches(pathspec, false, path, is_submodule)) &&
		!any_matches(pathspec, true, path, is_submodule);
}

bool pathspec_matches(const struct pathspec *pathspec, const char *path)
{
	return matches(pathspec, path, false);
}

bool pathspec_matches_submodule(
	const struct pathspec *pathspec, const char *path)
{
	return matches(pathspec, path, true);
}

bool pathspec_takes_all(const struct pathspec *pathspec)
{
	for (size_t i = 0; !pathspec->exclude_count && i < pathspec->count; i++)
		if (!pathspec->items[i].len)
			return true;
	return false;
}
