#include "cmd/git_version.h"

#include "base/buf.h"
#include "base/file.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_OUTPUT 4096

struct git_version git_version_parse(const char *text)
{
	static const char start[] = "git version ";
	struct git_version version = { 0 };
	if (strncmp(text, start, strlen(start)) != 0)
		return version;
	char *end;
	unsigned long major = strtoul(text + strlen(start), &end, 10);
	if (*end != '.' || major > 1000)
		return version;
	unsigned long minor = strtoul(end + 1, &end, 10);
	if (minor > 1000)
		return version;
	version.major = (unsigned)major;
	version.minor = (unsigned)minor;
	return version;
}

bool git_has_config_hooks(struct git_version version)
{
	return version.major > 2 || (version.major == 2 && version.minor >= 54);
}

/** Starts `git version`; what it prints comes out of *output. */
static int start(pid_t *pid, int *output)
{
	char name[] = "git";
	char word[] = "version";
	char *const argv[] = { name, word, NULL };
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(
		&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	int failed = posix_spawnp(pid, "git", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	*output = ends[0];
	if (failed)
		close(ends[0]);
	return failed ? -1 : 0;
}

struct git_version git_version(void)
{
	struct git_version version = { 0 };
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, MAX_OUTPUT);
	pid_t pid;
	int output;
	if (start(&pid, &output) < 0)
		return version;
	struct err ignored;
	int rc = file_read_fd(&text, output, "git version", &ignored);
	close(output);
	int status;
	if (waitpid(pid, &status, 0) == pid && rc == 0 && text.len)
		version = git_version_parse(text.bytes);
	return version;
}
