#include "remedy/program.h"

#include "base/alloc.h"
#include "base/array.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PAUSE_NS 500000L
#define LAST_PAUSE_NS  50000000L

/* What a child may know of our environment. GIT_DIR, GIT_INDEX_FILE and their
 * like would point it at another repository, PYTHONPATH and LD_PRELOAD at
 * other code. */
static const char *const passed_on[] = {
	"HOME",
	"LANG",
	"TMPDIR",
	"XDG_CONFIG_HOME",
	"GIT_CONFIG_GLOBAL",
	"GIT_CONFIG_SYSTEM",
	"GIT_CONFIG_NOSYSTEM",
};

static const char *const fixed[] = {
	"GIT_TERMINAL_PROMPT=0",
	"GIT_ALLOW_PROTOCOL=file", /* no remote, whatever happens */
	"GIT_NO_LAZY_FETCH=1",
	"GIT_OPTIONAL_LOCKS=0",
	/* no pager, editor, hook or monitor that the repository's configuration
	   names, and no submodule, which has a configuration of its own */
	"GIT_PAGER=cat",
	"GIT_EDITOR=:",
	"GIT_SEQUENCE_EDITOR=:",
	"GIT_CONFIG_COUNT=3",
	"GIT_CONFIG_KEY_0=core.hooksPath",
	"GIT_CONFIG_VALUE_0=/dev/null",
	"GIT_CONFIG_KEY_1=core.fsmonitor",
	"GIT_CONFIG_VALUE_1=false",
	"GIT_CONFIG_KEY_2=submodule.recurse",
	"GIT_CONFIG_VALUE_2=false",
	"LC_ALL=C.UTF-8",
};

/** The absolute entries of PATH, joined by colons. Caller frees. */
static char *safe_path(void)
{
	const char *at = getenv("PATH");
	struct buf path;
	buf_init(&path, 0);
	while (at && *at) {
		size_t len = strcspn(at, ":");
		if (*at == '/') {
			buf_add_text(&path, path.len ? ":" : "");
			buf_add(&path, at, len);
		}
		at += len + (at[len] == ':');
	}
	return buf_steal(&path);
}

int program_find(char **out, const char *name, struct err *err)
{
	CLEANUP(freep) char *path = safe_path();
	for (const char *at = path; *at;) {
		size_t len = strcspn(at, ":");
		struct buf file;
		buf_init(&file, 0);
		buf_add(&file, at, len);
		buf_printf(&file, "/%s", name);
		CLEANUP(freep) char *found = buf_steal(&file);
		struct stat st;
		if (stat(found, &st) == 0 && S_ISREG(st.st_mode) &&
			access(found, X_OK) == 0) {
			*out = STEAL(found);
			return 0;
		}
		at += len + (at[len] == ':');
	}
	return err_set(err, ERR_NOT_FOUND, "%s is not on PATH", name);
}

/** A NULL-ended environment. Caller frees it and the first *own of its texts.
 */
static char **make_environment(size_t *own)
{
	size_t room = ARRAY_SIZE(passed_on) + ARRAY_SIZE(fixed) + 2;
	char **environment = xcalloc(room, sizeof(*environment));
	size_t count = 0;
	CLEANUP(freep) char *path = safe_path();
	struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "PATH=%s", path);
	environment[count++] = buf_steal(&text);
	for (size_t i = 0; i < ARRAY_SIZE(passed_on); i++) {
		const char *value = getenv(passed_on[i]);
		if (!value)
			continue;
		buf_printf(&text, "%s=%s", passed_on[i], value);
		environment[count++] = buf_steal(&text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		environment[count++] = xstrdup(fixed[i]);
	*own = count;
	return environment;
}

static void free_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

/** argv of the call, as copies: posix_spawn() takes char *const[]. */
static char **make_words(const struct program_call *call, size_t *count)
{
	*count = 1;
	while (call->words[*count - 1])
		(*count)++;
	char **words = xcalloc(*count + 1, sizeof(*words));
	words[0] = xstrdup(call->path);
	for (size_t i = 1; i < *count; i++)
		words[i] = xstrdup(call->words[i - 1]);
	return words;
}

/** A child starts with the signals of a fresh process: we may have been
 * started with SIGPIPE ignored. */
static int set_signals(posix_spawnattr_t *attributes)
{
	sigset_t all;
	sigset_t none;
	sigfillset(&all);
	sigemptyset(&none);
	int rc = posix_spawnattr_setsigdefault(attributes, &all);
	if (rc == 0)
		rc = posix_spawnattr_setsigmask(attributes, &none);
	if (rc == 0)
		rc = posix_spawnattr_setflags(attributes,
			POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	return rc;
}

/** Standard streams and folder of the child; `out` becomes its output. */
static int set_streams(
	posix_spawn_file_actions_t *actions, int out, const char *folder)
{
	int rc = posix_spawn_file_actions_addopen(
		actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(
			actions, out, STDOUT_FILENO);
	if (rc == 0 && folder)
		rc = posix_spawn_file_actions_addchdir_np(actions, folder);
	return rc;
}

/** 0 or an errno value. */
static int spawn(pid_t *pid, const struct program_call *call, int out)
{
	size_t word_count;
	size_t own;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_t actions;
	if (posix_spawnattr_init(&attributes) != 0)
		return ENOMEM;
	if (posix_spawn_file_actions_init(&actions) != 0) {
		posix_spawnattr_destroy(&attributes);
		return ENOMEM;
	}
	char **words = make_words(call, &word_count);
	char **environment = make_environment(&own);
	int rc = set_signals(&attributes);
	if (rc == 0)
		rc = set_streams(&actions, out, call->folder);
	if (rc == 0)
		rc = posix_spawn(pid, call->path, &actions, &attributes, words,
			environment);
	free_texts(words, word_count);
	free_texts(environment, own);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return rc;
}

/** A signal that ends programs, if one is held back; else 0. */
static int held_signal(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t set;
	if (sigpending(&set) < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (sigismember(&set, signals[i]) == 1)
			return signals[i];
	return 0;
}

/** waitpid() that hands a signal on which is held back meanwhile. It looks
 * every now and then, as there is nothing that a handler could be told by. */
static pid_t wait_and_hand_on(pid_t pid, int *status)
{
	struct timespec pause = { .tv_nsec = FIRST_PAUSE_NS };
	bool handed_on = false;
	for (;;) {
		pid_t got = waitpid(pid, status, WNOHANG);
		if (got != 0 && (got > 0 || errno != EINTR))
			return got;
		int number = handed_on ? 0 : held_signal();
		if (number) {
			kill(pid, number);
			handed_on = true;
		}
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < LAST_PAUSE_NS)
			pause.tv_nsec *= 2;
	}
}

static int wait_for(pid_t pid, const char *path, struct err *err)
{
	int status;
	pid_t got = wait_and_hand_on(pid, &status);
	if (got < 0)
		return err_errno(err, "%s", path);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/** Reads until the child closes its end; what is beyond the limit is read and
 * dropped, so that the child can end. */
static int collect(
	struct buf *output, int fd, const char *path, struct err *err)
{
	char chunk[8192];
	bool too_much = false;
	for (;;) {
		ssize_t got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, "%s", path);
		if (got == 0)
			break;
		if (!too_much && buf_add(output, chunk, (size_t)got) < 0)
			too_much = true;
	}
	return too_much ? err_set(err, ERR_LIMIT,
				  "%s: writes more than %zu "
				  "bytes",
				  path, output->limit)
			: 0;
}

static int run_and_collect(const struct program_call *call, struct err *err)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "%s", call->path);
	pid_t pid;
	int failed = spawn(&pid, call, ends[1]);
	close(ends[1]);
	int rc = 0;
	if (failed == 0)
		rc = collect(call->output, ends[0], call->path, err);
	close(ends[0]);
	if (failed) {
		errno = failed;
		return err_errno(err, "cannot run %s", call->path);
	}
	int status = wait_for(pid, call->path, err);
	return rc < 0 ? rc : status;
}

int program_run(const struct program_call *call, struct err *err)
{
	if (call->output)
		return run_and_collect(call, err);
	pid_t pid;
	int failed = spawn(&pid, call, STDERR_FILENO);
	if (failed) {
		errno = failed;
		return err_errno(err, "cannot run %s", call->path);
	}
	return wait_for(pid, call->path, err);
}
