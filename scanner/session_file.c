#include "scanner/session_file.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/file.h"
#include "rules/evidence.h"
#include "rules/grade.h"
#include "rules/matcher.h"
#include "rules/ruleset.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Werkzeug and cachelib write beside and rename (file.py, _fs_transaction_
 * suffix). */
#define TRANSIENT_SUFFIX ".__wz_cache"

/* A name that a file of any store could have: MD5 as of Flask-Session. */
#define PROBE_NAME "0123456789abcdef0123456789abcdef"

struct session_reader {
	const struct rule **rules; /* that are about session directories */
	size_t rule_count;
	struct rule_index *index;
	struct matcher *matcher;
	struct rule_list known; /* rules that accept the path asked last */
	struct buf content;
	struct arena arena;          /* of the file looked at last */
	struct session_file *looked; /* … borrowed */
};

void session_file_clear(struct session_file *file)
{
	free(file->name);
	*file = (struct session_file){ 0 };
}

const char *session_file_state(const struct session_file *file, int64_t now)
{
	const struct evidence evidence = {
		.expiry = file->expiry,
		.expires_at = file->expires_at,
	};
	return evidence_state(&evidence, now);
}

bool session_file_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size && a->st_mode == b->st_mode &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
		a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
		a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/** True for rules about files that share a directory with their like; keys and
 * credentials that do so have rules with other names. */
static bool is_about_sessions(const struct rule *rule)
{
	return (strstr(rule->id, "session") ||
		       !strncmp(rule->id, "cachelib-", 9)) &&
		rule->store && !strcmp(rule->store, "directory") &&
		rule_has_path(rule);
}

static void take_rules(
	struct session_reader *reader, const struct ruleset *rules)
{
	size_t count = ruleset_count(rules);
	reader->rules = xcalloc(count, sizeof(const struct rule *));
	for (size_t i = 0; i < count; i++)
		if (is_about_sessions(ruleset_get(rules, i)))
			reader->rules[reader->rule_count++] =
				ruleset_get(rules, i);
}

int session_reader_new(struct session_reader **out, const struct ruleset *rules,
	struct err *err)
{
	CLEANUP(session_reader_freep)
	struct session_reader *reader = xcalloc(1, sizeof(*reader));
	buf_init(&reader->content, SESSION_FILE_MAX_SIZE);
	take_rules(reader, rules);
	int rc = rule_index_new(
		&reader->index, reader->rules, reader->rule_count, err);
	if (rc == 0)
		rc = matcher_new(&reader->matcher, reader->index, err);
	if (rc == 0)
		*out = STEAL(reader);
	return rc;
}

void session_reader_free(struct session_reader *reader)
{
	if (!reader)
		return;
	matcher_free(reader->matcher);
	rule_index_free(reader->index);
	free(reader->rules);
	free(reader->known.items);
	buf_clear(&reader->content);
	arena_clear(&reader->arena);
	free(reader);
}

static void take_rule(size_t rule_index, void *ctx)
{
	struct rule_list *list = ctx;
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = rule_index;
}

static void ask_path(struct session_reader *reader, const char *path)
{
	reader->known.count = 0;
	matcher_path(
		reader->matcher, path, strlen(path), take_rule, &reader->known);
}

bool session_reader_knows(struct session_reader *reader, const char *path)
{
	ask_path(reader, path);
	return reader->known.count > 0;
}

const struct rule *session_reader_dir_rule(
	struct session_reader *reader, const char *dir)
{
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s/%s", dir, PROBE_NAME);
	ask_path(reader, path.bytes);
	buf_clear(&path);
	for (size_t i = 0; i < reader->known.count; i++) {
		const struct rule *rule = reader->rules[reader->known.items[i]];
		if (rule->fallback && !rule_has_content(rule))
			return rule;
	}
	return NULL;
}

static bool is_transient(const char *name)
{
	size_t len = strlen(name);
	size_t suffix = strlen(TRANSIENT_SUFFIX);
	return len > suffix && !strcmp(name + len - suffix, TRANSIENT_SUFFIX);
}

/** What the name says, before anything is read. A rule that needs content is
 * a sure sign only with it; until then the file has but the name. */
static int kind_by_name(const struct session_reader *reader, const char *name)
{
	if (is_transient(name))
		return SESSION_FILE_TRANSIENT;
	int kind = SESSION_FILE_OTHER;
	for (size_t i = 0; i < reader->known.count; i++) {
		const struct rule *rule = reader->rules[reader->known.items[i]];
		if (rule_has_content(rule))
			continue;
		if (rule->companion)
			return SESSION_FILE_COMPANION;
		kind = SESSION_FILE_UNKNOWN;
	}
	return kind;
}

static bool needs_content(const struct session_reader *reader)
{
	for (size_t i = 0; i < reader->known.count; i++)
		if (rule_has_content(reader->rules[reader->known.items[i]]))
			return true;
	return false;
}

/** Takes the first match that a decoder stands behind. */
static int take_match(const struct match *match, void *ctx, struct err *err)
{
	(void)err;
	struct session_file *file = ((struct session_reader *)ctx)->looked;
	const struct evidence *evidence = match->evidence;
	if (!evidence)
		return 0;
	int severity;
	int confidence;
	/* A file on disk is what it is, in a folder of tests too: no path. */
	rule_grade(&severity, &confidence, match->rule, "", evidence, 0);
	file->kind = SESSION_FILE_SESSION;
	file->is_certain = confidence >= CONFIDENCE_MEDIUM;
	file->is_secret = evidence->id != ID_HASHED;
	file->expiry = evidence->expiry;
	file->expires_at = evidence->expires_at;
	return 1;
}

static int decode(
	struct session_reader *reader, const char *path, struct err *err)
{
	arena_clear(&reader->arena);
	const struct match_out out = {
		.sink = take_match,
		.ctx = reader,
		.arena = &reader->arena,
	};
	const void *bytes = reader->content.len ? reader->content.bytes : "";
	int rc = matcher_rules(reader->matcher, &reader->known, path, bytes,
		reader->content.len, &out, err);
	if (rc < 0)
		return rc;
	if (!rc && matcher_was_limited(reader->matcher))
		reader->looked->unread = true;
	return 0;
}

/** Reads the content and decodes it; `file` keeps what its name said where
 * that cannot be. */
static int look_inside(struct session_file *file, struct session_reader *reader,
	int folder, const char *path, struct err *err)
{
	if (file->st.st_size > (off_t)SESSION_FILE_MAX_SIZE) {
		file->unread = true;
		return 0;
	}
	buf_reset(&reader->content);
	int rc = file_read_at(
		&reader->content, &file->st, folder, file->name, err);
	if (rc == ERR_IO || rc == ERR_LIMIT) {
		file->unread = true;
		return 0;
	}
	if (rc == ERR_UNSUPPORTED) /* something else took its place */
		return err_set(err, ERR_NOT_FOUND, "%s: gone", file->name);
	reader->looked = file;
	return rc < 0 ? rc : decode(reader, path, err);
}

int session_reader_look(struct session_file *file,
	struct session_reader *reader, int folder, const char *path,
	struct err *err)
{
	if (fstatat(folder, file->name, &file->st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT
			? err_set(err, ERR_NOT_FOUND, "%s: gone", file->name)
			: err_errno(err, "%s", file->name);
	if (!S_ISREG(file->st.st_mode))
		return err_set(err, ERR_NOT_FOUND, "%s: not a regular file",
			file->name);
	ask_path(reader, path);
	file->kind = kind_by_name(reader, file->name);
	file->unread = false;
	file->is_certain = false;
	file->is_secret = file->kind == SESSION_FILE_UNKNOWN;
	file->expiry = EXPIRY_UNKNOWN;
	file->expires_at = 0;
	if (file->kind == SESSION_FILE_TRANSIENT || !needs_content(reader))
		return 0;
	return look_inside(file, reader, folder, path, err);
}
