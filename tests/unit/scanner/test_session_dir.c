#include "scanner/session_dir.h"

#include "base/alloc.h"
#include "scanner/session_find.h"
#include "tests/support/test.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW   1795386000 /* 2026-11-22, when the samples were made */
#define LATER 1900000000 /* 2030 */

#define SESSION "562d833241979302817c76579abdee4e"
#define COUNTER "2029240f6d1128be89ddc32729463129"

/* {"_permanent": True, "user_id": 1}, protocol 4 */
#define BODY                                               \
	"\x80\x04}\x94(\x8c\x0a_permanent\x94\x88\x8c\x07" \
	"user_id\x94K\x01u."

struct fixture {
	struct session_reader *reader;
	struct ruleset *rules;
};

static int make_reader(void **state)
{
	static const struct ruleset_opts opts;
	struct err err = { 0 };
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));
	assert_ok(ruleset_new(&fixture->rules, &opts, &err), &err);
	assert_ok(session_reader_new(&fixture->reader, fixture->rules, &err),
		&err);
	*state = fixture;
	return 0;
}

static int free_reader(void **state)
{
	struct fixture *fixture = *state;
	session_reader_free(fixture->reader);
	ruleset_free(fixture->rules);
	free(fixture);
	return 0;
}

static struct session_reader *reader_of(void **state)
{
	const struct fixture *fixture = *state;
	return fixture->reader;
}

static char *sample_path(const char *sample)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/samples/%s", TEST_DATA, sample);
	return realpath(path, NULL);
}

static void stores_of_real_libraries_are_counted(void **state)
{
	static const struct {
		const char *sample;
		size_t live, unknown, companions, transients;
	} rows[] = {
		{ "fs-0.2-werkzeug-0.9.6-py27/flask_session", 2, 0, 0, 0 },
		{ "fs-0.3.1-werkzeug-0.14.1-py27/flask_session", 2, 0, 1, 0 },
		{ "fs-0.4.0-cachelib-0.4.1-py38/temp_sessions", 2, 0, 1, 0 },
		{ "fs-0.5.0-cachelib-0.9.0-py311/flask_session", 2, 0, 1, 0 },
		{ "fs-0.8.0-cachelib-0.15.4-json-py311/.sessions", 2, 0, 1, 0 },
		{ "fs-transient/flask_session", 0, 0, 0, 1 },
		{ "django-3.2-file-session/sessions", 0, 2, 0, 0 },
		{ "php-8.2-handler-php/tmp/sessions", 0, 1, 0, 0 },
		{ "webpy-0.62-diskstore/sessions", 0, 1, 0, 0 },
		{ "session-file-store-1.5/sessions", 1, 0, 0, 0 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err err = { 0 };
		CLEANUP(session_dir_clear) struct session_dir dir = { 0 };
		CLEANUP(freep) char *path = sample_path(rows[i].sample);
		assert_ok(session_dir_read(&dir, reader_of(state), path,
				  rows[i].sample, NULL, NOW, &err),
			&err);
		assert_true(dir.exists);
		assert_int_equal(dir.live, rows[i].live);
		assert_int_equal(dir.unknown, rows[i].unknown);
		assert_int_equal(dir.companions, rows[i].companions);
		assert_int_equal(dir.transients, rows[i].transients);
		assert_int_equal(dir.sessions, rows[i].live + rows[i].unknown);
		assert_int_equal(dir.expired + dir.others + dir.unread, 0);
		session_dir_count(&dir, LATER);
		assert_int_equal(dir.live, 0);
		assert_int_equal(dir.expired, rows[i].live);
	}
}

static void the_worktree_of_samples_has_these_stores(void **state)
{
	static const char *const expected[] = {
		"codeigniter-3-file-session/application/cache/sessions",
		"django-3.2-file-session/sessions",
		"fs-0.2-werkzeug-0.9.6-py27/flask_session",
		"fs-0.3.1-werkzeug-0.14.1-py27/flask_session",
		"fs-0.4.0-cachelib-0.4.1-py38/temp_sessions",
		"fs-0.5.0-cachelib-0.9.0-py311/flask_session",
		"fs-0.8.0-cachelib-0.15.4-json-py311/.sessions",
		"fs-0.8.0-cachelib-0.15.4-py311/flask_session",
		"fs-0.8.0-filesystem-cachelib-0.13.0-py311/flask_session",
	};
	struct err err = { 0 };
	CLEANUP(session_paths_clear) struct session_paths paths = { 0 };
	CLEANUP(freep) char *top = sample_path("");
	assert_int_equal(session_find(&paths, reader_of(state), top, &err), 0);
	size_t found = 0;
	for (size_t i = 0; i < paths.count; i++) {
		assert_null(strstr(paths.items[i], "lookalikes"));
		for (size_t j = 0; j < ARRAY_SIZE(expected); j++)
			found += !strcmp(paths.items[i], expected[j]);
		assert_true(
			!i || strcmp(paths.items[i - 1], paths.items[i]) < 0);
	}
	assert_int_equal(found, ARRAY_SIZE(expected));
}

/** A store of our own in a temporary folder. */
struct store {
	char path[PATH_MAX];
};

static void store_make(struct store *store)
{
	char path[] = "/tmp/test_session_dir_XXXXXX";
	assert_non_null(mkdtemp(path));
	assert_non_null(realpath(path, store->path));
}

/** Only files that store_write() can have written, and the folder. */
static void store_remove(struct store *store)
{
	static const char *const names[] = { SESSION, COUNTER, "link" };
	char path[PATH_MAX + 64];
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", store->path, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(store->path), 0);
}

static void store_write(const struct store *store, const char *name,
	const char *expiry, const char *body, size_t body_len)
{
	char path[PATH_MAX + 64];
	snprintf(path, sizeof(path), "%s/%s", store->path, name);
	CLEANUP(fclosep) FILE *file = fopen(path, "wb");
	assert_non_null(file);
	fwrite(expiry, 1, 4, file);
	fwrite(body, 1, body_len, file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
}

static void read_store(struct session_dir *dir, struct session_reader *reader,
	const struct store *store, const struct session_dir *before)
{
	struct err err = { 0 };
	assert_ok(session_dir_read(dir, reader, store->path, "flask_session",
			  before, NOW, &err),
		&err);
}

static void a_file_that_changed_is_read_again(void **state)
{
	CLEANUP(store_remove) struct store store;
	CLEANUP(session_dir_clear) struct session_dir before = { 0 };
	CLEANUP(session_dir_clear) struct session_dir after = { 0 };
	store_make(&store);
	store_write(&store, SESSION, "\0\0\0\0", BODY, sizeof(BODY) - 1);
	read_store(&before, reader_of(state), &store, NULL);
	assert_int_equal(before.never, 1);
	read_store(&after, reader_of(state), &store, &before);
	assert_int_equal(after.never, 1);
	usleep(20000); /* the next tick of the file system's clock */
	store_write(&store, SESSION, "\0\0\0\x40", BODY, sizeof(BODY) - 1);
	read_store(&after, reader_of(state), &store, &before);
	assert_int_equal(after.never, 0);
	assert_int_equal(after.expired, 1);
}

static void the_next_expiry_is_that_of_a_live_one(void **state)
{
	CLEANUP(store_remove) struct store store;
	CLEANUP(session_dir_clear) struct session_dir dir = { 0 };
	store_make(&store);
	store_write(&store, SESSION, "\0\0\0\x70", BODY, sizeof(BODY) - 1);
	read_store(&dir, reader_of(state), &store, NULL);
	assert_int_equal(dir.live, 1);
	assert_int_equal(dir.next_expiry, 0x70000000);
	session_dir_count(&dir, 0x70000000 - 1);
	assert_int_equal(dir.live, 1);
	session_dir_count(&dir, 0x70000000);
	assert_int_equal(dir.live, 0);
	assert_int_equal(dir.expired, 1);
	assert_int_equal(dir.next_expiry, 0);
}

static void every_cut_of_a_session_is_looked_at_safely(void **state)
{
	CLEANUP(store_remove) struct store store;
	store_make(&store);
	for (size_t len = 0; len < sizeof(BODY) - 1; len++) {
		CLEANUP(session_dir_clear) struct session_dir dir = { 0 };
		store_write(&store, SESSION, "\0\0\0\x70", BODY, len);
		read_store(&dir, reader_of(state), &store, NULL);
		assert_int_equal(dir.sessions, 1); /* by its name alone */
		assert_int_equal(dir.unknown, 1);
	}
}

static void what_is_not_there_is_no_error(void **state)
{
	CLEANUP(store_remove) struct store store;
	CLEANUP(session_dir_clear) struct session_dir dir = { 0 };
	store_make(&store);
	char link[PATH_MAX + 64];
	snprintf(link, sizeof(link), "%s/link", store.path);
	struct err err = { 0 };
	assert_ok(session_dir_read(
			  &dir, reader_of(state), link, "x", NULL, NOW, &err),
		&err);
	assert_false(dir.exists);
	assert_int_equal(symlink(store.path, link), 0);
	assert_ok(session_dir_read(
			  &dir, reader_of(state), link, "x", NULL, NOW, &err),
		&err);
	assert_false(dir.exists);
	assert_int_equal(session_dir_is_wide(&dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stores_of_real_libraries_are_counted),
		cmocka_unit_test(the_worktree_of_samples_has_these_stores),
		cmocka_unit_test(a_file_that_changed_is_read_again),
		cmocka_unit_test(the_next_expiry_is_that_of_a_live_one),
		cmocka_unit_test(every_cut_of_a_session_is_looked_at_safely),
		cmocka_unit_test(what_is_not_there_is_no_error),
	};
	return cmocka_run_group_tests(tests, make_reader, free_reader);
}
