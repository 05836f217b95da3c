/* Settings: -c of the command line before git's configuration. */
#ifndef CMD_SETTINGS_H
#define CMD_SETTINGS_H

#include "cmd/cmd.h"
#include "scanner/repo.h"

/** A setting that the program knows. */
struct setting {
	const char *key;      /* "jobs", as documented */
	const char *standard; /* what holds without it, for people */
	const char *help;     /* one line */
};

/** All of them, sorted, ended by a row without a key. */
extern const struct setting settings[];

/** The value of "hygiene.<key>", or NULL. The last -c wins; without one git's
 * configuration of the repository, the user and the system is asked. Borrowed
 * from the repo. */
const char *setting_text(
	const struct cmd_env *env, struct repo *repo, const char *key);

/** The same, with the entry's scope and origin. `protected_only` leaves out
 * what the repository's own configuration says. False when it is not set. */
bool setting_find(struct config_entry *out, const struct cmd_env *env,
	struct repo *repo, const char *key, bool protected_only);

/** True when the text is a yes or no of git, which *out then is. */
bool setting_word(bool *out, const char *text);

/** A yes or no of git: true, yes, on, 1 and their opposites; `standard` when
 * it is not set. ERR_PARSE for another word. */
int setting_bool(bool *out, const struct cmd_env *env, struct repo *repo,
	const char *key, bool protected_only, bool standard,
	struct err *err) MUST_CHECK;

/** Every value of a key that may stand several times, in order, NULL-ended;
 * an empty value drops those before it. The caller frees the array. */
const char **setting_all(const struct cmd_env *env, struct repo *repo,
	const char *key, bool protected_only);
/** Threads: those of --jobs, else of hygiene.jobs, else one for each core.
 * ERR_USAGE for too many. */
int setting_jobs(unsigned *out, uint64_t typed, const struct cmd_env *env,
	struct repo *repo, struct err *err) MUST_CHECK;

#endif
