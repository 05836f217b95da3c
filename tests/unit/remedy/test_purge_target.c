#include "base/array.h"
#include "remedy/purge_target.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Rules: by path alone, by path and content, by content alone, for secrets. */
static const char *const some_path[] = { "**/s/*", NULL };
static const struct rule by_path = {
	.id = "by-path",
	.paths = some_path,
	.untrack = true,
};
static const struct rule by_both = {
	.id = "by-both",
	.paths = some_path,
	.decoder = "cachelib",
	.untrack = true,
};
static const struct rule by_content = {
	.id = "by-content",
	.decoder = "cookie-jar",
	.untrack = true,
};
static const struct rule by_pattern = {
	.id = "by-pattern",
	.pattern = "x",
};
static const struct rule stays = {
	.id = "stays",
	.paths = some_path,
};

static const struct purge_threshold threshold = {
	.files = SEVERITY_INFO,
	.secrets = SEVERITY_MEDIUM,
};

static struct oid oid_of(char name)
{
	struct oid oid = { { 0 } };
	oid.bytes[0] = (unsigned char)name;
	return oid;
}

/** A row of history: a blob, named by a letter, at a path. */
static void stand(struct changes *changes, const char *path, char blob)
{
	struct oid oid = oid_of(blob);
	ARRAY_GROW(changes->items, changes->count, changes->capacity);
	changes->items[changes->count++] = (struct change){
		.path = path_table_add(&changes->paths, path, strlen(path)),
		.blob = oid_map_add(&changes->blobs, &oid, NULL),
		.before = BLOB_NONE,
	};
}

static struct finding *find(struct scan_result *result, const struct rule *rule,
	const char *path, const char *blobs)
{
	struct finding *finding = scan_result_add_finding(result);
	size_t count = strlen(blobs);
	struct oid *oids = arena_array(&result->arena, count, sizeof(*oids));
	for (size_t i = 0; i < count; i++)
		oids[i] = oid_of(blobs[i]);
	finding->rule = rule;
	finding->severity = SEVERITY_HIGH;
	finding->path = arena_strdup(&result->arena, path);
	finding->blobs = oids;
	finding->versions = count;
	return finding;
}

/** The blobs of a target, by their letters. */
static void assert_blobs(const struct purge_target *target, const char *letters)
{
	assert_int_equal(target->blob_count, strlen(letters));
	for (size_t i = 0; i < target->blob_count; i++)
		assert_int_equal(target->blobs[i].bytes[0], letters[i]);
}

struct world {
	struct changes changes;
	struct scan_result result;
	struct purge_target target;
};

static int make_world(void **state)
{
	*state = calloc(1, sizeof(struct world));
	return *state ? 0 : -1;
}

static int free_world(void **state)
{
	struct world *world = *state;
	purge_target_clear(&world->target);
	scan_result_clear(&world->result);
	changes_clear(&world->changes);
	free(world);
	return 0;
}

static void aim(struct world *world)
{
	purge_target_from_scan(&world->target, &world->result, &world->changes,
		&threshold, NULL);
}

static void a_path_rule_takes_all_that_ever_stood_there(void **state)
{
	struct world *world = *state;
	stand(&world->changes, "s/a", 'a');
	stand(&world->changes, "s/a", 'b');
	stand(&world->changes, "t", 'c');
	find(&world->result, &by_path, "s/a", "ab");
	aim(world);
	assert_int_equal(world->target.path_count, 1);
	assert_blobs(&world->target, "ab");
}

static void a_blob_that_also_stands_elsewhere_stays_there(void **state)
{
	struct world *world = *state;
	stand(&world->changes, "s/a", 'a');
	stand(&world->changes, "t", 'a');
	find(&world->result, &by_path, "s/a", "a");
	aim(world);
	assert_int_equal(world->target.path_count, 1);
	assert_blobs(&world->target, "");
	assert_int_equal(world->target.shared, 1);
}

static void a_decoded_blob_is_taken_wherever_it_lies(void **state)
{
	struct world *world = *state;
	stand(&world->changes, "s/a", 'a');
	stand(&world->changes, "t", 'a');
	find(&world->result, &by_both, "s/a", "a");
	aim(world);
	assert_blobs(&world->target, "a");
	assert_int_equal(world->target.shared, 0);
}

static void a_path_that_once_held_something_else_keeps_that(void **state)
{
	struct world *world = *state;
	stand(&world->changes, "cookies.txt", 'a');
	stand(&world->changes, "cookies.txt", 'b');
	find(&world->result, &by_content, "cookies.txt", "a");
	aim(world);
	assert_int_equal(world->target.path_count, 0);
	assert_blobs(&world->target, "a");
}

static void a_path_that_held_nothing_else_goes(void **state)
{
	struct world *world = *state;
	stand(&world->changes, "cookies.txt", 'a');
	find(&world->result, &by_content, "cookies.txt", "a");
	aim(world);
	assert_int_equal(world->target.path_count, 1);
}

static void a_file_that_belongs_there_stays(void **state)
{
	struct world *world = *state;
	stand(&world->changes, "s/a", 'a');
	find(&world->result, &stays, "s/a", "a");
	aim(world);
	assert_true(purge_target_is_empty(&world->target));
}

static void a_secret_is_known_by_its_id(void **state)
{
	struct world *world = *state;
	static const char id[] = "0123456789abcdef0123456789abcdef";
	stand(&world->changes, "c.py", 'a');
	struct finding *finding =
		find(&world->result, &by_pattern, "c.py", "a");
	memcpy(finding->secret_id, id, sizeof(id));
	finding = find(&world->result, &by_pattern, "d.py", "a");
	memcpy(finding->secret_id, id, sizeof(id));
	aim(world);
	assert_int_equal(world->target.secret_count, 1);
	assert_int_equal(world->target.path_count, 0);
	assert_blobs(&world->target, "");
	assert_non_null(purge_target_find_secret(&world->target, id));
}

static void a_secret_of_low_severity_stays(void **state)
{
	struct world *world = *state;
	struct finding *finding =
		find(&world->result, &by_pattern, "c.py", "a");
	memcpy(finding->secret_id, "00", 3);
	finding->severity = SEVERITY_LOW;
	aim(world);
	assert_true(purge_target_is_empty(&world->target));
}

static void the_empty_blob_is_never_searched_for(void **state)
{
	struct world *world = *state;
	static const char hex[] = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
	stand(&world->changes, "s/a", 'a');
	assert_true(oid_from_hex(&world->changes.blobs.oids[0], hex));
	find(&world->result, &by_path, "s/a", "a");
	aim(world);
	assert_int_equal(world->target.path_count, 1);
	assert_blobs(&world->target, "");
}

static void the_digest_depends_on_every_list_and_on_no_order(void **state)
{
	(void)state;
	char digests[4][65];
	static const char *const paths[][2] = { { "a", "b" }, { "b", "a" },
		{ "a", "a" }, { "ab", "" } };
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct purge_target target = { 0 };
		purge_target_add_path(&target, paths[i][0]);
		purge_target_add_path(&target, paths[i][1]);
		purge_target_sort(&target);
		purge_target_digest(digests[i], &target);
		purge_target_clear(&target);
	}
	assert_string_equal(digests[0], digests[1]);
	assert_string_not_equal(digests[0], digests[2]);
	assert_string_not_equal(digests[0], digests[3]);
}

static void a_path_with_a_secret_is_known_by_its_hash(void **state)
{
	struct world *world = *state;
	char digest[65];
	char same[65];
	stand(&world->changes, "s/hush", 'a');
	stand(&world->changes, "s/a", 'b');
	struct finding *finding = find(&world->result, &by_path, "s/hush", "a");
	finding->raw_path = finding->path;
	finding->path = "s/h...";
	find(&world->result, &by_path, "s/a", "b");
	purge_target_from_scan(&world->target, &world->result, &world->changes,
		&threshold, "key");
	assert_int_equal(purge_target_count_paths(&world->target), 2);
	assert_int_equal(world->target.path_count, 1);
	assert_true(purge_target_has_path(&world->target, "s/a"));
	assert_true(purge_target_has_path(&world->target, "s/hush"));
	assert_false(purge_target_has_path(&world->target, "s/h..."));
	assert_null(purge_target_mask(&world->target, "s/a"));
	assert_string_equal(
		purge_target_mask(&world->target, "s/hush"), "s/h...");

	/* as a plan tells it */
	struct purge_target plan = { 0 };
	purge_target_add_path(&plan, "s/a");
	purge_target_add_hidden(
		&plan, world->target.hidden[0].id, "s/h...", NULL);
	for (size_t i = 0; i < world->target.blob_count; i++)
		purge_target_add_blob(&plan, &world->target.blobs[i]);
	purge_target_sort(&plan);
	purge_target_digest(digest, &world->target);
	purge_target_digest(same, &plan);
	assert_string_equal(digest, same);
	assert_false(purge_target_has_path(&plan, "s/hush"));
	purge_target_set_key(&plan, "key");
	assert_true(purge_target_has_path(&plan, "s/hush"));
	purge_target_clear(&plan);
}

/* Plans that are none. */

#define DIGEST                             \
	"00000000000000000000000000000000" \
	"00000000000000000000000000000000"
#define HEAD                                                               \
	"{\"type\":\"purge-plan\",\"format\":1,\"rules_digest\":\"" DIGEST \
	"\",\"key_check\":\"00000000000000000000000000000000\","           \
	"\"target_digest\":\"" DIGEST "\","

static const char *const bad_plans[] = {
	"",
	"[]",
	"{}",
	"{\"type\":\"purge-certificate\",\"format\":1}",
	"{\"type\":\"purge-plan\",\"format\":2}",
	HEAD "\"blobs\":[],\"secrets\":[],\"lfs\":[]}",
	HEAD "\"paths\":[1],\"blobs\":[],\"secrets\":[],\"lfs\":[]}",
	HEAD "\"paths\":[{\"path\":\"\"}],\"blobs\":[],\"secrets\":[],"
	     "\"lfs\":[]}",
	HEAD "\"paths\":[{\"path_base64\":\"YQBi\"}],\"blobs\":[],"
	     "\"secrets\":[],\"lfs\":[]}",
	HEAD "\"paths\":[{\"path\":\"a\",\"path_id\":\"b\"}],\"blobs\":[],"
	     "\"secrets\":[],\"lfs\":[]}",
	HEAD "\"paths\":[],\"blobs\":[\"xyz\"],\"secrets\":[],\"lfs\":[]}",
	HEAD "\"paths\":[],\"blobs\":[],\"secrets\":[{\"secret_id\":\"0\"}],"
	     "\"lfs\":[]}",
	HEAD "\"paths\":[],\"blobs\":[],\"secrets\":[],\"lfs\":[\"0\"]}",
	/* well formed, but the lists are not those of the digest */
	HEAD "\"paths\":[{\"path\":\"a\"}],\"blobs\":[],\"secrets\":[],"
	     "\"lfs\":[]}",
};

static void what_is_no_plan_is_refused(void **state)
{
	const char *const *plan = *state;
	char path[] = "/tmp/test-purge-target.XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	size_t len = strlen(*plan);
	assert_int_equal(write(fd, *plan, len), len);
	close(fd);
	struct purge_target target;
	struct err err = { 0 };
	int rc = purge_target_load(&target, path, &err);
	unlink(path);
	assert_int_equal(rc, ERR_PARSE);
	assert_true(purge_target_is_empty(&target));
}

#define WORLD(test) \
	cmocka_unit_test_setup_teardown(test, make_world, free_world)

int main(void)
{
	static const struct CMUnitTest others[] = {
		WORLD(a_path_rule_takes_all_that_ever_stood_there),
		WORLD(a_blob_that_also_stands_elsewhere_stays_there),
		WORLD(a_decoded_blob_is_taken_wherever_it_lies),
		WORLD(a_path_that_once_held_something_else_keeps_that),
		WORLD(a_path_that_held_nothing_else_goes),
		WORLD(a_file_that_belongs_there_stays),
		WORLD(a_secret_is_known_by_its_id),
		WORLD(a_secret_of_low_severity_stays),
		WORLD(the_empty_blob_is_never_searched_for),
		WORLD(a_path_with_a_secret_is_known_by_its_hash),
		cmocka_unit_test(
			the_digest_depends_on_every_list_and_on_no_order),
	};
	struct CMUnitTest tests[ARRAY_SIZE(others) + ARRAY_SIZE(bad_plans)];
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		tests[count++] = others[i];
	for (size_t i = 0; i < ARRAY_SIZE(bad_plans); i++)
		tests[count++] = (struct CMUnitTest){
			.name = "what_is_no_plan_is_refused",
			.test_func = what_is_no_plan_is_refused,
			.initial_state = (void *)(uintptr_t)&bad_plans[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
