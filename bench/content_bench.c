/*
 * What does it cost to match the blobs of a repository? Prints the processor
 * time of reading them, of searching every byte of them, and of searching what
 * is new, and the peak of resident memory so far.
 *
 *   content_bench <git directory> [<jobs> [<rule file or folder>...]]
 *
 * Blobs have no paths here, so rules of paths and of settings say nothing.
 */
#include "base/alloc.h"
#include "rules/ruleset.h"
#include "scanner/content_scan.h"
#include "scanner/objects/objects.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/** Everything that is measured. */
struct bench {
	struct objects *objects;
	struct ruleset *ruleset;
	struct rule_index *index;
	struct oid_map blobs;
	uint32_t *no_paths;
	unsigned jobs;
	unsigned decode_depth;
};

struct times {
	double wall_s, processor_s;
};

static struct times now(void)
{
	struct timespec time;
	struct rusage usage;
	clock_gettime(CLOCK_MONOTONIC, &time);
	getrusage(RUSAGE_SELF, &usage);
	return (struct times){
		(double)time.tv_sec + (double)time.tv_nsec / 1e9,
		(double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			(double)(usage.ru_utime.tv_usec +
				usage.ru_stime.tv_usec) /
				1e6,
	};
}

static void print_row(const char *name, const struct times *start,
	const struct scan_result *result, size_t hits)
{
	struct times end = now();
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	printf("%-22s %8.2f s  %8.2f s CPU  %9zu blobs %9.1f MB  %8zu matches"
	       "  %zu skipped  rss %ld MiB\n",
		name, end.wall_s - start->wall_s,
		end.processor_s - start->processor_s, result->blobs,
		(double)result->bytes / 1e6, hits, result->skipped_count,
		usage.ru_maxrss / 1024);
	fflush(stdout);
}

static int count_object(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct scan_result *result = ctx;
	(void)err;
	if (status < 0)
		return 0;
	result->blobs++;
	result->bytes += object->len;
	return 0;
}

static int time_reading(const struct bench *bench, struct err *err)
{
	CLEANUP(freep)
	struct scan_result *results = xcalloc(bench->jobs, sizeof(*results));
	CLEANUP(freep) void **contexts = xcalloc(bench->jobs, sizeof(void *));
	for (unsigned i = 0; i < bench->jobs; i++)
		contexts[i] = &results[i];
	struct times start = now();
	int rc = objects_each(bench->objects, bench->blobs.oids,
		bench->blobs.count, bench->jobs, count_object, contexts, err);
	for (unsigned i = 1; i < bench->jobs; i++) {
		results[0].blobs += results[i].blobs;
		results[0].bytes += results[i].bytes;
	}
	print_row("read", &start, &results[0], 0);
	return rc;
}

static int time_scan(const struct bench *bench, const char *name, bool alone,
	struct err *err)
{
	const struct content_scan_opts opts = {
		.objects = bench->objects,
		.rules = bench->index,
		.wanted = bench->blobs.oids,
		.wanted_count = bench->blobs.count,
		.settings_path = bench->no_paths,
		.jobs = bench->jobs,
		.decode_depth = bench->decode_depth,
		.alone = alone,
	};
	struct scan_result result = { 0 };
	struct hits hits;
	struct times start = now();
	int rc = content_scan(&hits, &opts, &result, err);
	print_row(name, &start, &result, hits.count);
	hits_clear(&hits);
	scan_result_clear(&result);
	return rc;
}

static int open_store(struct bench *bench, const char *git_dir, struct err *err)
{
	char folder[4096];
	snprintf(folder, sizeof(folder), "%s/objects", git_dir);
	const char *const dirs[] = { folder, NULL };
	const struct objects_opts opts = {
		.dirs = dirs,
		.max_object_size = (size_t)1 << 30,
	};
	CLEANUP(freep) struct object_name *names = NULL;
	size_t count = 0;
	int rc = objects_open(&bench->objects, &opts, err);
	if (rc == 0)
		rc = objects_list(&names, &count, bench->objects, 1, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++)
		if (names[i].type == OBJECT_BLOB)
			oid_map_add(&bench->blobs, &names[i].oid, NULL);
	bench->no_paths = xcalloc(bench->blobs.count, sizeof(uint32_t));
	memset(bench->no_paths, 0xff, bench->blobs.count * sizeof(uint32_t));
	return 0;
}

static int compile_rules(
	struct bench *bench, const char *const *files, struct err *err)
{
	const struct ruleset_opts opts = { .files = files };
	int rc = ruleset_new(&bench->ruleset, &opts, err);
	if (rc < 0)
		return rc;
	size_t count = ruleset_count(bench->ruleset);
	CLEANUP(freep)
	const struct rule **rules = xcalloc(count, sizeof(struct rule *));
	for (size_t i = 0; i < count; i++)
		rules[i] = ruleset_get(bench->ruleset, i);
	struct times start = now();
	rc = rule_index_new(&bench->index, rules, count, err);
	struct times end = now();
	if (rc == 0)
		printf("%zu rules: index %.1f ms\n", count,
			1e3 * (end.wall_s - start.wall_s));
	return rc;
}

static void bench_clear(struct bench *bench)
{
	rule_index_free(bench->index);
	ruleset_free(bench->ruleset);
	objects_free(bench->objects);
	oid_map_clear(&bench->blobs);
	free(bench->no_paths);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: content_bench <git directory> [<jobs> "
		      "[<rule file or folder>...]]\n",
			stderr);
		return 129;
	}
	CLEANUP(bench_clear)
	struct bench bench = {
		.jobs = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1,
	};
	const char *const *files =
		argc > 3 ? (const char *const *)(argv + 3) : NULL;
	struct err err;
	int rc = open_store(&bench, argv[1], &err);
	if (rc == 0)
		rc = compile_rules(&bench, files, &err);
	if (rc == 0)
		rc = time_reading(&bench, &err);
	if (rc == 0)
		rc = time_scan(&bench, "search every byte", true, &err);
	if (rc == 0)
		rc = time_scan(&bench, "search what is new", false, &err);
	bench.decode_depth = 4;
	if (rc == 0)
		rc = time_scan(&bench, "the same, decoding", false, &err);
	if (rc < 0)
		fprintf(stderr, "content_bench: %s\n", err.msg);
	return rc < 0;
}
