#include "remedy/ignore_rules.h"

#include "base/array.h"
#include "base/file.h"
#include "base/folder.h"
#include "remedy/ignore_index.h"
#include "remedy/ignore_line.h"
#include "remedy/tracked_files.h"
#include "scanner/path_table.h"

#include <stdlib.h>
#include <string.h>

/* One ignore file; one without patterns is kept too, so that it is read once.
 */
struct source {
	char *dir;  /* "" for the top and for files that hold everywhere */
	char *file; /* name for messages */
	bool is_gitignore;
	struct ignore_lines lines;
	struct ignore_index index;
};

/* A folder that was asked for. Its decision holds for all that lies below when
 * it is ignored. */
struct node {
	uint32_t parent;       /* node, or PATH_NONE for the top */
	struct source *source; /* NULL below an ignored folder */
	struct ignore_decision decision;
};

/* A file or folder that is asked about. */
struct entry {
	const char *path;
	size_t len;
	bool is_dir;
	struct ignore_budget *budget;
};

struct ignore_rules {
	struct ignore_rules_opts opts;
	struct source *info_exclude, *excludes_file; /* or NULL */
	struct ignore_budget budget;

	struct path_table source_dirs; /* numbers the .gitignore files */
	struct source **sources;
	size_t source_count, source_capacity;

	struct path_table node_dirs; /* numbers the folders asked for */
	struct node *nodes;
	size_t node_count, node_capacity;
};

static void source_free(struct source *source)
{
	if (!source)
		return;
	ignore_index_clear(&source->index);
	ignore_lines_clear(&source->lines);
	free(source->dir);
	free(source->file);
	free(source);
}
DEFINE_CLEANUP(source_freep, struct source, source_free)

static void forget_nodes(struct ignore_rules *rules)
{
	path_table_clear(&rules->node_dirs);
	free(rules->nodes);
	rules->nodes = NULL;
	rules->node_count = rules->node_capacity = 0;
}

void ignore_rules_free(struct ignore_rules *rules)
{
	if (!rules)
		return;
	forget_nodes(rules);
	source_free(rules->info_exclude);
	source_free(rules->excludes_file);
	for (size_t i = 0; i < rules->source_count; i++)
		source_free(rules->sources[i]);
	free(rules->sources);
	path_table_clear(&rules->source_dirs);
	free(rules);
}

static struct source *source_new(const char *dir, const char *file)
{
	struct source *source = xcalloc(1, sizeof(*source));
	source->dir = xstrdup(dir);
	source->file = xstrdup(file);
	return source;
}

static int source_parse(struct source *source, const struct ignore_rules *rules,
	const char *bytes, size_t len, struct err *err)
{
	int rc = ignore_lines_parse(&source->lines, bytes, len,
		rules->opts.ignore_case, source->file, err);
	if (rc == 0)
		ignore_index_init(&source->index, &source->lines);
	return rc;
}

/* A file that git would pass over counts as empty; 1 when it was read. */
static int pass_over(const struct ignore_rules *rules, int rc, struct err *err)
{
	if (rc == 0)
		return 1;
	if (rc == ERR_LIMIT)
		return rc;
	if (rc != ERR_NOT_FOUND && rules->opts.log)
		log_warn(rules->opts.log, "%s; git passes over it", err->msg);
	*err = (struct err){ 0 };
	return 0;
}

/* A file of the user's own: it may be a symlink, git follows it too. */
static int read_global(struct source **out, const struct ignore_rules *rules,
	const char *path, struct err *err)
{
	if (!path)
		return 0;
	CLEANUP(source_freep) struct source *source = source_new("", path);
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, IGNORE_FILE_MAX);
	int rc = file_read(&bytes, path, FILE_FOLLOW, err);
	rc = pass_over(rules, rc, err);
	if (rc > 0)
		rc = source_parse(source, rules, bytes.bytes, bytes.len, err);
	if (rc == 0)
		*out = STEAL(source);
	return rc;
}

int ignore_rules_new(struct ignore_rules **out,
	const struct ignore_rules_opts *opts, struct err *err)
{
	CLEANUP(ignore_rules_freep)
	struct ignore_rules *rules = xcalloc(1, sizeof(*rules));
	rules->opts = *opts;
	rules->budget = IGNORE_BUDGET;
	int rc = read_global(
		&rules->info_exclude, rules, opts->info_exclude, err);
	if (rc == 0)
		rc = read_global(
			&rules->excludes_file, rules, opts->excludes_file, err);
	if (rc == 0)
		*out = STEAL(rules);
	return rc;
}

static struct source *gitignore_new(const char *dir)
{
	CLEANUP(buf_clear) struct buf name;
	buf_init(&name, 0);
	buf_printf(&name, "%s%s.gitignore", dir, *dir ? "/" : "");
	struct source *source = source_new(dir, name.bytes);
	source->is_gitignore = true;
	return source;
}

/* Puts the source in its place, instead of the one that was there. */
static void keep_source(struct ignore_rules *rules, struct source *source)
{
	uint32_t number = path_table_add(
		&rules->source_dirs, source->dir, strlen(source->dir));
	if (number < rules->source_count) {
		source_free(rules->sources[number]);
	} else {
		ARRAY_GROW(rules->sources, rules->source_count,
			rules->source_capacity);
		rules->source_count++;
	}
	rules->sources[number] = source;
}

int ignore_rules_set(struct ignore_rules *rules, const char *dir,
	const char *bytes, size_t len, struct err *err)
{
	CLEANUP(source_freep) struct source *source = gitignore_new(dir);
	int rc = source_parse(source, rules, bytes, len, err);
	if (rc < 0)
		return rc;
	forget_nodes(rules);
	keep_source(rules, STEAL(source));
	return 0;
}

static int read_gitignore(struct buf *out, const struct ignore_rules *rules,
	const char *dir, struct err *err)
{
	CLEANUP(fd_close) int fd = -1;
	struct stat st;
	int rc = err_set(err, ERR_NOT_FOUND, "there is no worktree");
	if (rules->opts.worktree >= 0)
		rc = folder_open_at(&fd, rules->opts.worktree, dir, err);
	if (rc == 0)
		rc = file_read_at(out, &st, fd, ".gitignore", err);
	const struct stored_ignore *stored = rc == ERR_NOT_FOUND
		? tracked_files_ignore(rules->opts.tracked, dir)
		: NULL;
	if (stored)
		return buf_add(out, stored->bytes, stored->len);
	return rc < 0 && *dir ? err_prefix(err, "in %s", dir) : rc;
}

/* The .gitignore of a folder, read when it is asked for first. */
static int find_source(struct source **out, struct ignore_rules *rules,
	const char *dir, size_t len, struct err *err)
{
	uint32_t number = path_table_find(&rules->source_dirs, dir, len);
	if (number != PATH_NONE) {
		*out = rules->sources[number];
		return 0;
	}
	CLEANUP(freep) char *name = xmemdupz(dir, len);
	CLEANUP(source_freep) struct source *source = gitignore_new(name);
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, IGNORE_FILE_MAX);
	int rc = read_gitignore(&bytes, rules, name, err);
	rc = pass_over(rules, rc, err);
	if (rc > 0)
		rc = source_parse(source, rules, bytes.bytes, bytes.len, err);
	if (rc < 0)
		return rc;
	*out = source;
	keep_source(rules, STEAL(source));
	return 0;
}

/* 1: a line fits. ERR_LIMIT without a message: too much was asked. */
static int ask_source(struct ignore_decision *out, struct source *source,
	const struct entry *entry)
{
	if (!source)
		return 0;
	size_t base = strlen(source->dir);
	base += base > 0;
	const struct ignore_line *line;
	int rc = ignore_index_last(&line, &source->index, entry->path + base,
		entry->len - base, entry->is_dir, entry->budget);
	if (rc < 0 || !line)
		return rc;
	*out = (struct ignore_decision){
		.ignored = !line->negated,
		.dir = source->is_gitignore ? source->dir : NULL,
		.file = source->file,
		.line = line->number,
		.pattern = line->pattern,
		.negated = line->negated,
	};
	return 1;
}

static size_t wild_count(const struct source *source)
{
	return source ? source->index.name_count + source->index.path_count : 0;
}

/* What all files may ask together is used up: told is the one with the most
 * patterns, which need not be the one that was asked last. */
static int too_much(const struct ignore_rules *rules, struct err *err)
{
	const struct source *most = rules->info_exclude;
	if (wild_count(rules->excludes_file) > wild_count(most))
		most = rules->excludes_file;
	for (size_t i = 0; i < rules->source_count; i++)
		if (wild_count(rules->sources[i]) > wild_count(most))
			most = rules->sources[i];
	return err_set(err, ERR_LIMIT,
		"%s: %zu patterns with wildcards are too many to compare with "
		"all paths; take some out, or write them without wildcards",
		most ? most->file : ".gitignore", wild_count(most));
}

/* `number` is the node of the folder that the entry lies in. */
static int ask_all(struct ignore_decision *out, struct ignore_rules *rules,
	uint32_t number, const char *path, size_t len, bool is_dir,
	struct err *err)
{
	const struct entry entry = { path, len, is_dir, &rules->budget };
	*out = (struct ignore_decision){ 0 };
	int rc = 0;
	while (rc == 0 && number != PATH_NONE) {
		const struct node *node = &rules->nodes[number];
		rc = ask_source(out, node->source, &entry);
		number = node->parent;
	}
	if (rc == 0)
		rc = ask_source(out, rules->info_exclude, &entry);
	if (rc == 0)
		rc = ask_source(out, rules->excludes_file, &entry);
	if (rc == ERR_LIMIT)
		return too_much(rules, err);
	return rc < 0 ? rc : 0;
}

static int add_node(uint32_t *out, struct ignore_rules *rules, uint32_t parent,
	const char *dir, size_t len, struct err *err)
{
	struct node node = { .parent = parent };
	int rc = 0;
	if (parent != PATH_NONE) {
		node.decision = rules->nodes[parent].decision;
		if (!node.decision.ignored)
			rc = ask_all(&node.decision, rules, parent, dir, len,
				true, err);
	}
	if (rc < 0)
		return rc;
	if (!node.decision.ignored)
		rc = find_source(&node.source, rules, dir, len, err);
	if (rc < 0)
		return rc;
	*out = path_table_add(&rules->node_dirs, dir, len);
	ARRAY_GROW(rules->nodes, rules->node_count, rules->node_capacity);
	rules->nodes[rules->node_count++] = node;
	return 0;
}

/* The node of the folder that `path` lies in, and those above it. */
static int find_node(uint32_t *out, struct ignore_rules *rules,
	const char *path, struct err *err)
{
	uint32_t parent = PATH_NONE;
	size_t len = 0;
	for (;;) {
		uint32_t node = path_table_find(&rules->node_dirs, path, len);
		if (node == PATH_NONE) {
			int rc = add_node(&node, rules, parent, path, len, err);
			if (rc < 0)
				return rc;
		}
		parent = node;
		const char *from = path + len + (len > 0);
		const char *slash = strchr(from, '/');
		if (!slash) {
			*out = parent;
			return 0;
		}
		len = (size_t)(slash - path);
	}
}

int ignore_rules_decide(struct ignore_decision *out, struct ignore_rules *rules,
	const char *path, struct err *err)
{
	uint32_t number;
	int rc = find_node(&number, rules, path, err);
	if (rc < 0)
		return rc;
	*out = rules->nodes[number].decision;
	if (out->ignored)
		return 0;
	return ask_all(out, rules, number, path, strlen(path), false, err);
}

/* Deeper .gitignore files have longer names; the others count least. */
static size_t depth_of(const struct ignore_decision *decision)
{
	if (!decision->file)
		return 0;
	return decision->dir ? 2 + strlen(decision->dir) : 1;
}

int ignore_rules_negation(struct ignore_decision *out,
	struct ignore_rules *rules, const char *path, struct err *err)
{
	uint32_t number;
	int rc = find_node(&number, rules, path, err);
	if (rc < 0)
		return rc;
	*out = (struct ignore_decision){ 0 };
	struct ignore_decision found;
	rc = ask_all(&found, rules, number, path, strlen(path), false, err);
	if (rc < 0)
		return rc;
	for (;;) {
		if (found.negated && depth_of(&found) > depth_of(out))
			*out = found;
		if (number == PATH_NONE)
			return 0;
		found = rules->nodes[number].decision;
		number = rules->nodes[number].parent;
	}
}

bool ignore_rules_negate_below(
	const struct ignore_rules *rules, const char *dir)
{
	size_t len = strlen(dir);
	for (size_t i = 0; i < rules->source_count; i++) {
		const struct source *source = rules->sources[i];
		bool below = !strncmp(source->dir, dir, len) &&
			(!len ? *source->dir : source->dir[len] == '/');
		for (size_t j = 0; below && j < source->lines.count; j++)
			if (source->lines.items[j].negated)
				return true;
	}
	return false;
}
