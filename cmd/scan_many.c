#include "cmd/scan_many.h"

#include "base/alloc.h"
#include "cmd/repo_list.h"
#include "report/shard_json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/** The run. */
struct run {
	const struct scan_many *many;
	const struct cmd_env *env;
	struct repo_list repos;
	char plan_digest[65]; /* "" without shards */
	FILE *out;
	FILE *file; /* `out` when it is ours to close, or NULL */
	struct list_totals totals;
	struct err *err;
};

static void run_clear(struct run *run)
{
	repo_list_clear(&run->repos);
	if (run->file)
		fclose(run->file);
}

void list_totals_add(struct list_totals *totals,
	const struct list_section *section, int fail_on)
{
	totals->reports++;
	totals->failed += section->is_failed;
	totals->is_incomplete |= section->is_failed || !section->is_complete;
	totals->has_skipped |= section->is_failed || section->has_skipped;
	for (int i = fail_on; i <= SEVERITY_CRITICAL; i++)
		totals->has_findings |= section->by_severity[i] > 0;
}

int list_totals_end(const struct list_totals *totals, const struct cmd_env *env,
	bool expect_complete)
{
	if (totals->failed)
		log_error(&env->log,
			"%zu of %zu repositories could not be scanned",
			totals->failed, totals->reports);
	if (expect_complete && totals->has_skipped)
		return EXIT_INCOMPLETE;
	if (totals->has_findings)
		return EXIT_FINDINGS;
	return totals->is_incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}

/** What stands in the lines of repository `index` beside its report. */
static struct report_list list_of(const struct run *run, size_t index)
{
	return (struct report_list){
		.repository = run->repos.items[index].path,
		.number = index + 1,
		.count = run->repos.count,
		.options_digest = run->many->options_digest,
		.shard = run->many->shard,
		.plan_digest = run->plan_digest,
	};
}

static int write_failure(FILE *out, const struct run *run,
	const struct report_list *list, const char *message)
{
	const struct report_opts opts = {
		.version = run->many->version,
		.list = list,
	};
	struct json_writer json;
	rewind(out);
	if (ftruncate(fileno(out), 0) < 0)
		return err_errno(run->err, "cannot keep a report");
	json_init(&json, out);
	jsonl_failed(&json, &opts, message);
	fputc('\n', out);
	return fflush(out) ? err_errno(run->err, "cannot keep a report") : 0;
}

/** Forgets what the environment says of one repository: all that git rev-parse
 * --local-env-vars names but for settings. */
static void leave_repository(void)
{
	static const char *const names[] = {
		"GIT_ALTERNATE_OBJECT_DIRECTORIES",
		"GIT_OBJECT_DIRECTORY",
		"GIT_DIR",
		"GIT_WORK_TREE",
		"GIT_IMPLICIT_WORK_TREE",
		"GIT_GRAFT_FILE",
		"GIT_INDEX_FILE",
		"GIT_NO_REPLACE_OBJECTS",
		"GIT_REPLACE_REF_BASE",
		"GIT_PREFIX",
		"GIT_SHALLOW_FILE",
		"GIT_COMMON_DIR",
	};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}

/** In the child. Nothing of the parent's is to be undone here. */
static _Noreturn void scan_one(
	const struct run *run, FILE *out, const struct report_list *list)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	leave_repository();
	struct err err = { 0 };
	int rc = run->many->scan(
		list->repository, out, list, run->many->ctx, &err);
	if (rc == 0 && fflush(out))
		rc = err_errno(&err, "cannot keep the report");
	if (rc < 0)
		rc = write_failure(out, run, list, err.msg);
	_exit(rc < 0 ? EXIT_FATAL : EXIT_CLEAN);
}

/** Writes the report of one repository into an empty file. */
static int scan_into(FILE *out, const struct run *run, size_t index)
{
	const struct report_list list = list_of(run, index);
	fflush(NULL); /* what is buffered is not to be written twice */
	pid_t child = fork();
	if (child < 0)
		return err_errno(run->err, "cannot start a process");
	if (child == 0)
		scan_one(run, out, &list);
	int status;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(run->err, "cannot wait for a process");
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CLEAN)
		return 0;
	char why[80];
	snprintf(why, sizeof(why), "the scan ended by signal %d",
		WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	if (!WIFSIGNALED(status))
		snprintf(why, sizeof(why), "the scan ended with code %d",
			WEXITSTATUS(status));
	return write_failure(out, run, &list, why);
}

/** Reads what the child wrote. */
static int read_report(
	struct list_section *out, const struct run *run, FILE *report)
{
	CLEANUP(line_reader_clear) struct line_reader lines;
	rewind(report);
	line_reader_init(&lines, "its report", report);
	int rc = list_section_read(
		out, &lines, run->many->version, NULL, run->err);
	return rc ? rc : err_set(run->err, ERR_PARSE, "its report is empty");
}

/** Takes it over, or says in its place what is wrong with it: a repository can
 * be made so that its lines are longer than anybody would read. */
static int take_report(struct run *run, FILE *report, size_t index)
{
	CLEANUP(list_section_clear) struct list_section section = { 0 };
	int rc = read_report(&section, run, report);
	if (rc < 0 && rc != ERR_IO) {
		const struct report_list list = list_of(run, index);
		const struct err why = *run->err;
		rc = write_failure(report, run, &list, why.msg);
		section.is_failed = true;
	}
	if (rc < 0)
		return rc;
	list_totals_add(&run->totals, &section, run->many->fail_on);
	if (fseeko(report, 0, SEEK_END) < 0)
		return err_errno(run->err, "cannot read a report again");
	rc = list_section_copy(
		run->out, report, 0, (size_t)ftello(report), run->err);
	return rc == 0 && fflush(run->out)
		? err_errno(run->err, "cannot write the report")
		: rc;
}

static int scan_item(struct run *run, size_t index)
{
	CLEANUP(fclosep) FILE *report = tmpfile();
	if (!report)
		return err_errno(run->err, "cannot make a temporary file");
	int rc = scan_into(report, run, index);
	return rc < 0 ? rc : take_report(run, report, index);
}

static bool is_mine(const struct run *run, size_t index)
{
	const struct shard *shard = &run->many->shard;
	return !shard->count || run->repos.items[index].shard == shard->index;
}

/** What a report that is there has to be; `index`: of the next repository, or
 * behind the last. */
static int check_resumed(
	const struct run *run, const struct list_section *section, size_t index)
{
	const struct scan_many *many = run->many;
	const char *why = NULL;
	if (index == run->repos.count || section->count != run->repos.count ||
		section->number != index + 1 ||
		strcmp(section->repository, run->repos.items[index].path) != 0)
		why = "it is of another list of repositories";
	else if (strcmp(section->options_digest, many->options_digest) != 0)
		why = "it was made with other options";
	else if (section->shard.index != many->shard.index ||
		section->shard.count != many->shard.count ||
		strcmp(section->plan_digest, run->plan_digest) != 0)
		why = "it is of another shard, or repositories have grown and "
		      "shards are cut anew";
	if (!why)
		return 0;
	return err_set(run->err, ERR_PARSE, "%s:%zu: cannot go on here: %s",
		section->at.name, section->at.line, why);
}

/** Takes the next report of an earlier run, which must be that of repository
 * *index or of a later one: 1, or 0 when there are no more whole ones. */
static int take_next(struct run *run, struct line_reader *lines, size_t *index)
{
	CLEANUP(list_section_clear) struct list_section section;
	int rc = list_section_read(
		&section, lines, run->many->version, NULL, run->err);
	bool is_torn = rc == ERR_CORRUPT;
	if (!is_torn && rc <= 0)
		return rc;
	if (is_torn && !section.repository)
		return 0;
	while (*index < run->repos.count && !is_mine(run, *index))
		++*index;
	rc = check_resumed(run, &section, *index);
	if (rc < 0 || is_torn)
		return rc;
	list_totals_add(&run->totals, &section, run->many->fail_on);
	++*index;
	return 1;
}

/** Takes the whole reports and cuts off a torn one behind them. *index is that
 * of the next repository then. A file that this run could not have written is
 * left as it is. */
static int take_earlier(struct run *run, size_t *index)
{
	CLEANUP(line_reader_clear) struct line_reader lines;
	line_reader_init(&lines, run->many->resume, run->file);
	uint64_t whole = 0;
	int rc;
	while ((rc = take_next(run, &lines, index)) > 0)
		whole = line_reader_offset(&lines);
	if (rc < 0)
		return rc;
	if (ftruncate(fileno(run->file), (off_t)whole) < 0 ||
		fseeko(run->file, (off_t)whole, SEEK_SET) < 0)
		return err_errno(run->err, "%s", run->many->resume);
	return 0;
}

/** Held until the process ends, and not by children. Where a file system knows
 * no locks, nobody is told. */
static bool is_written_by_another(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	return fcntl(fd, F_SETLK, &lock) < 0 &&
		(errno == EACCES || errno == EAGAIN);
}

/** The user's file: made readable by its owner alone. */
static int open_resumed(struct run *run)
{
	const char *path = run->many->resume;
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(run->err, "%s", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(run->err, ERR_UNSUPPORTED,
			"%s: not a regular file, so nothing can go on in it",
			path);
	}
	if (is_written_by_another(fd)) {
		close(fd);
		return err_set(run->err, ERR_UNSUPPORTED,
			"%s: another run is writing to it", path);
	}
	run->out = run->file = fdopen(fd, "r+");
	return run->file ? 0 : err_errno(run->err, "%s", path);
}

static int make_plan(struct run *run)
{
	const struct scan_many *many = run->many;
	int rc = repo_list_read(
		&run->repos, many->list, many->nul_ended, run->err);
	if (rc < 0 || !many->shard.count)
		return rc;
	repo_list_weigh(&run->repos);
	repo_list_split(&run->repos, many->shard.count);
	repo_list_digest(run->plan_digest, &run->repos);
	return 0;
}

static int scan_all(struct run *run)
{
	size_t index = 0;
	int rc = make_plan(run);
	if (rc == 0 && run->many->resume)
		rc = open_resumed(run);
	if (rc == 0 && run->many->resume)
		rc = take_earlier(run, &index);
	for (; rc == 0 && index < run->repos.count; index++)
		if (is_mine(run, index))
			rc = scan_item(run, index);
	if (rc == 0 && run->file && fsync(fileno(run->file)) < 0)
		rc = err_errno(run->err, "%s", run->many->resume);
	return rc;
}

int scan_many_run(const struct scan_many *many, const struct cmd_env *env,
	struct err *err)
{
	CLEANUP(run_clear)
	struct run run = {
		.many = many,
		.env = env,
		.out = env->out,
		.err = err,
	};
	int rc = scan_all(&run);
	return rc < 0
		? rc
		: list_totals_end(&run.totals, env, many->expect_complete);
}
