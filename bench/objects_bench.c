/*
 * How fast are the objects of a repository read? Prints the time of git
 * cat-file, of libgit2, and of our reader with 1 to N threads, the ratio to
 * the first, and the peak of resident memory so far.
 *
 *   objects_bench <git directory> [<threads>]
 *
 * Runs git, so it is for repositories that one trusts.
 */
#include "base/alloc.h"
#include "scanner/objects/objects.h"

#include <git2.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct counts {
	uint64_t objects, bytes, failed;
};

struct list {
	struct oid *oids;
	size_t count;
};

static double now_s(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long peak_rss_mib(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss / 1024;
}

static int count_object(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct counts *counts = ctx;
	(void)err;
	counts->objects++;
	counts->failed += status < 0;
	/* the last byte: whoever scans reads them all */
	if (status == 0 && object->len)
		counts->bytes += object->len + (object->bytes[0] & 0);
	return 0;
}

static double time_cat_file(const char *git_dir)
{
	double start = now_s();
	fflush(stdout); /* or the child prints it as well */
	pid_t child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(1);
		execlp("git", "git", "--git-dir", git_dir, "cat-file",
			"--batch-all-objects", "--batch", "--unordered",
			"--buffer", (char *)NULL);
		_exit(127);
	}
	int status = 0;
	waitpid(child, &status, 0);
	return now_s() - start;
}

static void print_row(
	const char *name, double s, double git_s, const struct counts *counts)
{
	printf("%-34s %8.3f s  %6.3f of git  %8" PRIu64 " objects  %8.1f MB"
	       "  %" PRIu64 " failed  rss %ld MiB\n",
		name, s, s / git_s, counts->objects,
		(double)counts->bytes / 1e6, counts->failed, peak_rss_mib());
	fflush(stdout);
}

static int time_each(const char *name, const struct objects *objects,
	const struct list *list, unsigned jobs, double git_s, struct err *err)
{
	CLEANUP(freep)
	struct counts *counts = xcalloc(jobs, sizeof(*counts));
	CLEANUP(freep) void **contexts = xcalloc(jobs, sizeof(*contexts));
	for (unsigned i = 0; i < jobs; i++)
		contexts[i] = &counts[i];
	double start = now_s();
	int rc = objects_each(objects, list->oids, list->count, jobs,
		count_object, contexts, err);
	double s = now_s() - start;
	for (unsigned i = 1; i < jobs; i++) {
		counts[0].objects += counts[i].objects;
		counts[0].bytes += counts[i].bytes;
		counts[0].failed += counts[i].failed;
	}
	char label[64];
	snprintf(label, sizeof(label), "%s, %u threads", name, jobs);
	print_row(label, s, git_s, counts);
	return rc;
}

/* Trees as a walk meets them: depth first from each commit, each once. */
struct walk {
	struct objects_reader *reader;
	const struct object_name *names;
	size_t count;
	unsigned char *seen;
	struct counts counts;
	double read_s; /* in objects_read() alone */
	struct oid *stack;
	size_t height, capacity;
};

static void want(struct walk *walk, const struct oid *oid)
{
	const struct object_name *at = bsearch(oid, walk->names, walk->count,
		sizeof(*at), (int (*)(const void *, const void *))oid_compare);
	if (!at || walk->seen[at - walk->names])
		return;
	walk->seen[at - walk->names] = 1;
	if (walk->height == walk->capacity) {
		walk->capacity = walk->capacity ? walk->capacity * 2 : 1024;
		walk->stack = xreallocarray(
			walk->stack, walk->capacity, sizeof(*walk->stack));
	}
	walk->stack[walk->height++] = *oid;
}

static void want_entries(struct walk *walk, const struct object *tree)
{
	const unsigned char *at = tree->bytes;
	const unsigned char *end = at + tree->len;
	while (at < end) {
		const unsigned char *nul = memchr(at, '\0', (size_t)(end - at));
		if (!nul || end - nul <= OID_SIZE)
			return;
		struct oid oid;
		memcpy(oid.bytes, nul + 1, OID_SIZE);
		if (*at == '4') /* mode 40000 */
			want(walk, &oid);
		at = nul + 1 + OID_SIZE;
	}
}

static void read_next(struct walk *walk)
{
	struct object object;
	struct err err;
	struct oid oid = walk->stack[--walk->height];
	double start = now_s();
	int rc = objects_read(&object, walk->reader, &oid, &err);
	walk->read_s += now_s() - start;
	count_object(&object, rc, &walk->counts, &err);
	struct oid tree;
	if (rc == 0 && object.type == OBJECT_TREE)
		want_entries(walk, &object);
	else if (rc == 0 && object.type == OBJECT_COMMIT && object.len > 45 &&
		oid_from_hex(&tree, (const char *)object.bytes + 5))
		want(walk, &tree);
}

/* Runs git with its output in a file that is read from its start. Caller
 * closes. */
static FILE *run_git(const char *const *arguments)
{
	FILE *out = tmpfile();
	pid_t child = out ? fork() : -1;
	if (child == 0) {
		dup2(fileno(out), STDOUT_FILENO);
		execvp("git", (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	int status = 0;
	if (child > 0)
		waitpid(child, &status, 0);
	if (out)
		rewind(out);
	return out;
}

static void list_commits(struct list *list, const char *git_dir)
{
	const char *const arguments[] = { "git", "--git-dir", git_dir,
		"rev-list", "--all", "--missing=allow-any", NULL };
	CLEANUP(fclosep) FILE *file = run_git(arguments);
	char line[OID_HEX_SIZE + 2];
	size_t capacity = 0;
	while (file && fgets(line, sizeof(line), file)) {
		struct oid oid;
		if (strlen(line) < OID_HEX_SIZE || !oid_from_hex(&oid, line))
			continue;
		if (list->count == capacity) {
			capacity = capacity ? capacity * 2 : 1024;
			list->oids = xreallocarray(
				list->oids, capacity, sizeof(oid));
		}
		list->oids[list->count++] = oid;
	}
}

/* Commits in the order of git rev-list, the trees of each after it. */
static int time_walk(const char *name, const struct objects *objects,
	const struct list *commits, const struct object_name *names,
	size_t count, double git_s, struct err *err)
{
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, objects, err);
	if (rc < 0)
		return rc;
	struct walk walk = { .reader = reader, .names = names, .count = count };
	walk.seen = xcalloc(count, 1);
	for (size_t i = 0; i < commits->count; i++) {
		want(&walk, &commits->oids[i]);
		while (walk.height)
			read_next(&walk);
	}
	print_row(name, walk.read_s, git_s, &walk.counts);
	free(walk.seen);
	free(walk.stack);
	return 0;
}

static void choose(struct list *out, const struct object_name *names,
	size_t count, unsigned type)
{
	out->oids = xcalloc(count, sizeof(*out->oids));
	out->count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!type || names[i].type == type)
			out->oids[out->count++] = names[i].oid;
	}
}

static int bench_ours(const struct objects *objects,
	const struct object_name *names, size_t count, unsigned threads,
	double git_s, struct err *err)
{
	static const struct {
		const char *name;
		unsigned type;
	} rows[] = {
		{ "ours, blobs", OBJECT_BLOB },
		{ "ours, trees", OBJECT_TREE },
		{ "ours, all", 0 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct list list;
		choose(&list, names, count, rows[i].type);
		for (unsigned jobs = 1; jobs <= threads; jobs++) {
			int rc = time_each(
				rows[i].name, objects, &list, jobs, git_s, err);
			if (rc < 0)
				return rc;
		}
		free(list.oids);
	}
	return 0;
}

static int bench(const char *git_dir, unsigned threads, bool with_reference,
	struct err *err)
{
	char folder[4096];
	snprintf(folder, sizeof(folder), "%s/objects", git_dir);
	const char *const dirs[] = { folder, NULL };
	struct objects_opts opts = { .dirs = dirs,
		.max_object_size = (size_t)1 << 30 };
	CLEANUP(objects_freep) struct objects *ours = NULL;
	CLEANUP(freep) struct object_name *names = NULL;
	size_t count = 0;
	double start = now_s();
	int rc = objects_open(&ours, &opts, err);
	if (rc == 0)
		rc = objects_list(&names, &count, ours, 1, err);
	if (rc < 0)
		return rc;
	printf("%zu objects opened and listed in %.3f s\n", count,
		now_s() - start);
	double git_s = with_reference ? time_cat_file(git_dir) : 1;
	printf("%-34s %8.3f s\n", "git cat-file, all", git_s);
	rc = bench_ours(ours, names, count, threads, git_s, err);
	struct list commits = { 0 };
	list_commits(&commits, git_dir);
	if (rc == 0)
		rc = time_walk("ours, commits and trees in a walk", ours,
			&commits, names, count, git_s, err);
	if (rc < 0 || !with_reference)
		return rc;
	opts.libgit2_only = true;
	CLEANUP(objects_freep) struct objects *reference = NULL;
	rc = objects_open(&reference, &opts, err);
	if (rc == 0)
		rc = time_walk("libgit2, the same walk", reference, &commits,
			names, count, git_s, err);
	struct list blobs;
	choose(&blobs, names, count, OBJECT_BLOB);
	for (unsigned jobs = 1; rc == 0 && jobs <= threads; jobs++)
		rc = time_each(
			"libgit2, blobs", reference, &blobs, jobs, git_s, err);
	free(blobs.oids);
	free(commits.oids);
	return rc;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: objects_bench <git directory> [<threads>"
		      " [--ours]]\n",
			stderr);
		return 129;
	}
	git_libgit2_init();
	/* the fastest that libgit2 can be: it hashes every object else */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	unsigned threads = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 2;
	struct err err;
	int rc = bench(argv[1], threads, argc < 4, &err);
	git_libgit2_shutdown();
	if (rc < 0)
		fprintf(stderr, "objects_bench: %s\n", err.msg);
	return rc < 0;
}
