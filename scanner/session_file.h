/*
 * Files of a session directory: what each one is, by its name and its bytes.
 * The rules decide, those about sessions that lie in a directory.
 *
 * A file is read through its open folder, never through a symlink, and only
 * when its name is one that a rule knows.
 */
#ifndef SCANNER_SESSION_FILE_H
#define SCANNER_SESSION_FILE_H

#include "base/err.h"
#include "rules/ruleset.h"
#include "scanner/finding.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

enum session_file_kind {
	SESSION_FILE_OTHER,     /* nothing that a session store writes */
	SESSION_FILE_SESSION,   /* a decoder accepted it */
	SESSION_FILE_UNKNOWN,   /* has the name of one, no known content */
	SESSION_FILE_COMPANION, /* counter or lock beside the sessions */
	SESSION_FILE_TRANSIENT, /* being written, or left by a crash */
};

/** The texts belong to the struct. */
struct session_file {
	char *name;
	struct stat st;
	int kind;
	bool unread;        /* kind and expiry could not be told */
	bool is_certain;    /* a decoder and its rule are at least fairly sure
			     * that it is a session, and no cached value */
	bool is_secret;     /* the name may be a session id in clear */
	int expiry;         /* enum expiry */
	int64_t expires_at; /* seconds since 1970, for EXPIRY_AT */
};

#define SESSION_FILE_MAX_SIZE ((size_t)1 << 20)

void session_file_clear(struct session_file *file);

/** "live", "expired", "never" or "unknown" at the time `now`; static. */
const char *session_file_state(const struct session_file *file, int64_t now);

/** True when content cannot have changed between the two. */
bool session_file_is_same(const struct stat *a, const struct stat *b);

/** Tells what files are; owns the memory for that. */
struct session_reader;

/** Goes by those of the rules that are about sessions in files; the ruleset is
 * borrowed. Caller frees. */
int session_reader_new(struct session_reader **out, const struct ruleset *rules,
	struct err *err) MUST_CHECK;
void session_reader_free(struct session_reader *reader);
DEFINE_CLEANUP(session_reader_freep, struct session_reader, session_reader_free)

/** True when a rule knows files of this path, whatever they hold. */
bool session_reader_knows(struct session_reader *reader, const char *path);

/** The rule that says so when every file in a directory of this path is one
 * of a session store by the directory's name alone, else NULL. */
const struct rule *session_reader_dir_rule(
	struct session_reader *reader, const char *dir);

/**
 * Fills all but the name. `path` is the file's from the top of the worktree.
 * ERR_NOT_FOUND when the file is gone or no regular file. One that cannot be
 * read is `unread`, and no error.
 */
int session_reader_look(struct session_file *file,
	struct session_reader *reader, int folder, const char *path,
	struct err *err) MUST_CHECK;

#endif
