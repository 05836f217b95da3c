#include "remedy/purge_plan.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A small history, made by hand:
 *
 *   0 --- 1 --- 2 --- 3   main
 *          \
 *           4 --- 5       topic
 */
enum { ROOT, ONE, TWO, MAIN, FOUR, TOPIC, COMMITS };

struct world {
	char folder[64];
	struct inventory inventory;
	struct purge_search search;
	struct purge_target target;
	struct purge_plan plan;
};

static struct oid commit_id(uint32_t number)
{
	struct oid oid = { { 1, (unsigned char)number } };
	return oid;
}

static void add_commit(struct history *history, uint32_t parent)
{
	struct history_commit *commit = &history->commits[history->count];
	commit->oid = commit_id(history->count);
	commit->tree.bytes[0] = 1;
	commit->first_parent = history->parents_count;
	if (history->count)
		history->parents[history->parents_count++] = parent;
	commit->parent_count = history->count > 0;
	history->count++;
}

static void add_ref(struct inventory *inventory, int kind, const char *name,
	uint32_t commit)
{
	struct history *history = &inventory->history;
	struct holder *holder =
		holders_add(&inventory->holders, kind, name, NULL);
	if (kind < HOLDER_REFLOG)
		holder->oid = commit_id(commit);
	holder->first_tip = history->tip_count;
	holder->tip_count = 1;
	history->tips[history->tip_count++] =
		(struct history_tip){ .ref = holder->key, .commit = commit };
}

static int make_world(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	*state = world;
	if (!world)
		return -1;
	struct history *history = &world->inventory.history;
	history->commits = calloc(COMMITS, sizeof(*history->commits));
	history->parents = calloc(COMMITS, sizeof(*history->parents));
	history->tips = calloc(COMMITS, sizeof(*history->tips));
	add_commit(history, 0);
	add_commit(history, ROOT);
	add_commit(history, ONE);
	add_commit(history, TWO);
	add_commit(history, ONE);
	add_commit(history, FOUR);
	snprintf(world->folder, sizeof(world->folder),
		"/tmp/test-purge-plan.XXXXXX");
	if (!mkdtemp(world->folder))
		return -1;
	const char *const dirs[] = { world->folder, NULL };
	const struct objects_opts opts = { .dirs = dirs };
	struct err err;
	bool unread;
	return objects_open(&world->inventory.objects, &opts, &err) < 0 ||
			storage_open(
				&world->search.storage, dirs, &unread, &err) < 0
		? -1
		: 0;
}

static int free_world(void **state)
{
	struct world *world = *state;
	purge_plan_clear(&world->plan);
	purge_search_clear(&world->search);
	purge_target_clear(&world->target);
	inventory_clear(&world->inventory);
	rmdir(world->folder);
	free(world);
	return 0;
}

/** Something that is left, brought by one commit. */
static void leave(struct world *world, uint32_t commit)
{
	struct purge_search *search = &world->search;
	search->left = realloc(
		search->left, (search->left_count + 1) * sizeof(*search->left));
	search->origins = realloc(search->origins,
		(search->origin_count + 1) * sizeof(*search->origins));
	search->left[search->left_count++] = (struct purge_left){
		.what = LEFT_PATH,
		.first_origin = search->origin_count,
		.origin_count = 1,
	};
	search->origins[search->origin_count++] =
		(struct purge_origin){ .commit = commit };
}

static void plan(struct world *world)
{
	struct err err = { 0 };
	assert_ok(purge_plan_make(&world->plan, &world->inventory,
			  &world->target, &world->search, &err),
		&err);
}

static void nothing_left_changes_nothing(void **state)
{
	struct world *world = *state;
	add_ref(&world->inventory, HOLDER_BRANCH, "refs/heads/main", MAIN);
	plan(world);
	assert_int_equal(world->plan.commits, 4);
	assert_int_equal(world->plan.commits_changed, 0);
	assert_int_equal(world->plan.effect_count, 0);
	assert_int_equal(world->plan.first_count, 0);
}

static void a_commit_changes_with_all_that_follow(void **state)
{
	struct world *world = *state;
	add_ref(&world->inventory, HOLDER_BRANCH, "refs/heads/main", MAIN);
	add_ref(&world->inventory, HOLDER_BRANCH, "refs/heads/topic", TOPIC);
	leave(world, TWO);
	plan(world);
	assert_int_equal(world->plan.commits, COMMITS);
	assert_int_equal(world->plan.commits_changed, 2); /* TWO, MAIN */
	assert_int_equal(world->plan.effect_count, 1);
	assert_string_equal(
		world->plan.effects[0].holder->name, "refs/heads/main");
	struct oid first = commit_id(TWO);
	assert_true(oid_equal(&world->plan.effects[0].first, &first));
}

static void each_ref_has_its_first_changed_commit(void **state)
{
	struct world *world = *state;
	add_ref(&world->inventory, HOLDER_BRANCH, "refs/heads/main", MAIN);
	add_ref(&world->inventory, HOLDER_BRANCH, "refs/heads/topic", TOPIC);
	leave(world, MAIN);
	leave(world, FOUR);
	leave(world, TOPIC);
	plan(world);
	assert_int_equal(world->plan.commits_changed, 3);
	assert_int_equal(world->plan.first_count, 2);
	assert_int_equal(world->plan.effect_count, 2);
	struct oid main_first = commit_id(MAIN);
	struct oid topic_first = commit_id(FOUR);
	assert_true(oid_equal(&world->plan.effects[0].first, &main_first));
	assert_true(oid_equal(&world->plan.effects[1].first, &topic_first));
}

static void what_only_a_reflog_has_is_not_rewritten(void **state)
{
	struct world *world = *state;
	add_ref(&world->inventory, HOLDER_BRANCH, "refs/heads/main", MAIN);
	add_ref(&world->inventory, HOLDER_REFLOG, "refs/heads/topic", TOPIC);
	leave(world, FOUR);
	plan(world);
	assert_int_equal(world->plan.commits, 4);
	assert_int_equal(world->plan.commits_changed, 0);
	assert_int_equal(world->plan.effect_count, 0);
}

static void a_tag_changes_with_its_message(void **state)
{
	struct world *world = *state;
	add_ref(&world->inventory, HOLDER_TAG, "refs/tags/v1", ROOT);
	leave(world, ROOT);
	world->search.left[0].what = LEFT_MESSAGE;
	world->search.origins[0].commit = ORIGIN_NO_COMMIT;
	world->search.origins[0].holder = 0;
	plan(world);
	assert_int_equal(world->plan.commits_changed, 0);
	assert_int_equal(world->plan.effect_count, 1);
	assert_true(oid_is_zero(&world->plan.effects[0].first));
}

#define WORLD(test) \
	cmocka_unit_test_setup_teardown(test, make_world, free_world)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WORLD(nothing_left_changes_nothing),
		WORLD(a_commit_changes_with_all_that_follow),
		WORLD(each_ref_has_its_first_changed_commit),
		WORLD(what_only_a_reflog_has_is_not_rewritten),
		WORLD(a_tag_changes_with_its_message),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
