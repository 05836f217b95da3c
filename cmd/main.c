/*
 * Finds the command, runs it, and turns what it returns into an exit code.
 * Only this file knows the process: its streams, its signals, its end.
 */
#include "cmd/cmd.h"
#include "cmd/global.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* What a shell reports for a process that SIGPIPE ended: 128 + 13. */
#define EXIT_PIPE_CLOSED 141

/**
 * Descriptors 0 to 2 that the caller closed are taken, so that no file opened
 * later is written to as if it were standard output. They are opened to be
 * read: writing to a closed standard output still fails.
 */
static void occupy_standard_descriptors(void)
{
	int fd;
	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/** A reader that goes away ends the program, also where the parent process
 * ignores SIGPIPE, as some hook runners do. */
static void restore_sigpipe(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/** Says what went wrong; `spec` is that of the command, NULL without one. */
static int report_error(const struct log *log, const struct opt_spec *spec,
	const struct err *err)
{
	if (err->code != ERR_USAGE) {
		log_fatal(log, "%s", err->msg);
		return EXIT_FATAL;
	}
	log_error(log, "%s", err->msg);
	if (spec)
		opt_print_usage(log->out, spec);
	else
		fputs("See 'git hygiene help'.\n", log->out);
	return EXIT_BAD_USAGE;
}

static int run_command(
	const struct cmd_env *env, int argc, char **argv, const char *name)
{
	struct err err = { 0 };
	const struct cmd *cmd = NULL;
	if (cmd_find(&cmd, name, &err) < 0)
		return report_error(&env->log, NULL, &err);
	int rc = cmd->run(env, argc, argv, &err);
	if (rc == OPT_HELP_GIVEN)
		return EXIT_CLEAN;
	return rc < 0 ? report_error(&env->log, cmd->spec, &err) : rc;
}

static int run(int argc, char **argv)
{
	static const char *const no_settings[] = { NULL };
	CLEANUP(global_opts_clear) struct global_opts options = { 0 };
	struct err err = { 0 };
	struct cmd_env env = {
		.settings = no_settings,
		.out = stdout,
		.log = { .out = stderr, .level = LOG_WARN },
	};
	int words = global_opts_parse(&options, argc, argv, &err);
	if (words < 0)
		return report_error(&env.log, &global_spec, &err);
	if (words == OPT_HELP_ASKED) {
		cmd_print_overview(stdout);
		return EXIT_CLEAN;
	}
	env.git_dir = options.git_dir;
	if (options.settings.items)
		env.settings = options.settings.items;
	if (options.version) {
		cmd_print_version(stdout);
		return EXIT_CLEAN;
	}
	if (!words) {
		err_set(&err, ERR_USAGE, "no command given");
		return report_error(&env.log, &global_spec, &err);
	}
	return run_command(&env, words - 1, argv + 1, argv[0]);
}

/** The exit code, unless the result did not reach its reader. */
static int finish_output(int code)
{
	if (ferror(stdout)) {
		/* errno may be that of a later call by now */
		fputs("fatal: cannot write to standard output\n", stderr);
		return EXIT_FATAL;
	}
	if (!fflush(stdout))
		return code;
	if (errno == EPIPE)
		return EXIT_PIPE_CLOSED;
	perror("fatal: cannot write to standard output");
	return EXIT_FATAL;
}

int main(int argc, char **argv)
{
	occupy_standard_descriptors();
	restore_sigpipe();
	int code = run(argc ? argc - 1 : 0, argc ? argv + 1 : argv);
	return finish_output(code);
}
