/* Which rule explains bytes that several found: rows, and random ones held
 * against what must be true of any answer. */
#include "scanner/overlap.h"

#include "base/cleanup.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HEAD "version: 1\nrules:\n"
#define RULE(id, confidence, more)                \
	"  - id: " id "\n"                        \
	"    title: T\n"                          \
	"    severity: low\n"                     \
	"    confidence: " confidence "\n"        \
	"    why: W\n"                            \
	"    keywords: [k]\n"                     \
	"    pattern: k\n" more "    examples:\n" \
	"      match: [{ content: k }]\n"         \
	"      nomatch: [{ content: n }]\n"

/* In the order in which they explain the same bytes. */
static const char *const ids[] = { "f-checked", "e-role", "b-high", "c-high",
	"a-medium", "z-back-checked", "y-back-role", "d-back-high",
	"g-back-low" };

static const char rules_text[] = HEAD RULE("a-medium", "medium", "") RULE(
	"b-high", "high", "") RULE("c-high", "high", "") RULE("d-back-high",
	"high",
	"    fallback: true\n") RULE("e-role", "low", "    role: signing-key\n")
	RULE("f-checked", "low", "    checksum: jwt\n") RULE(
		"g-back-low", "low", "    fallback: true\n") RULE("y-back-role",
		"low", "    fallback: true\n    role: signed-value\n")
		RULE("z-back-checked", "low",
			"    fallback: true\n    checksum: jwt\n");

#define ROWS_MAX 24

struct fixture {
	struct ruleset *ruleset;
	uint32_t rules[ARRAY_SIZE(ids)]; /* by place in ids */
};

static int load_rules(void **state)
{
	static struct fixture fixture;
	char path[] = "/tmp/overlap-XXXXXX";
	int fd = mkstemp(path);
	size_t len = strlen(rules_text);
	if (fd < 0 || write(fd, rules_text, len) != (ssize_t)len)
		return -1;
	close(fd);
	const char *const files[] = { path, NULL, false };
	const struct ruleset_opts opts = { .no_builtin = true, .files = files };
	struct err err = { 0 };
	int rc = ruleset_new(&fixture.ruleset, &opts, &err);
	unlink(path);
	assert_ok(rc, &err);
	for (uint32_t i = 0; i < ruleset_count(fixture.ruleset); i++)
		for (size_t k = 0; k < ARRAY_SIZE(ids); k++)
			if (!strcmp(ruleset_get(fixture.ruleset, i)->id,
				    ids[k]))
				fixture.rules[k] = i;
	*state = &fixture;
	return 0;
}

static int free_rules(void **state)
{
	struct fixture *fixture = *state;
	ruleset_free(fixture->ruleset);
	return 0;
}

/* What a row is about: a rule by its place in ids, and bytes. */
struct spot {
	size_t rank;
	size_t start, end;
	uint32_t path;
	const char *inner;
	bool has_part;
};

/* Other parts of the secrets of a rule: the bytes 100 to 120. */
static const struct finding_part parts[] = {
	{ .title = "id", .region = { .start_byte = 100, .end_byte = 120 } },
};
static const struct finding_belief belief_with_part = {
	.parts = parts,
	.part_count = 1,
};

/* Sets explained[i] for each of the spots. */
static void mark(bool *explained, const struct fixture *fixture,
	const struct spot *spots, size_t count)
{
	struct join_row rows[ROWS_MAX] = { 0 };
	struct hit hits[ROWS_MAX] = { 0 };
	for (size_t i = 0; i < count; i++) {
		const struct spot *spot = &spots[i];
		hits[i].inner = spot->inner;
		struct region *region =
			spot->inner ? &hits[i].inner_region : &hits[i].region;
		region->start_byte = spot->start;
		region->end_byte = spot->end;
		memcpy(hits[i].secret_id, "x", 2);
		if (spot->has_part)
			hits[i].belief = &belief_with_part;
		rows[i] = (struct join_row){
			.rule = fixture->rules[spot->rank],
			.path = spot->path,
			.hit = &hits[i],
		};
	}
	const struct joined joined = { .rows = rows, .row_count = count };
	memset(explained, 0, count * sizeof(*explained));
	overlap_mark(explained, &joined, fixture->ruleset);
}

static bool has_role(const struct spot *spot)
{
	return strstr(ids[spot->rank], "role") != NULL;
}

static bool are_rivals(const struct spot *a, const struct spot *b)
{
	return a->rank != b->rank && a->path == b->path &&
		!a->inner == !b->inner && a->start < b->end &&
		b->start < a->end;
}

static void of_two_rules_the_better_one_speaks(void **state)
{
	for (size_t a = 0; a < ARRAY_SIZE(ids); a++)
		for (size_t b = a + 1; b < ARRAY_SIZE(ids); b++) {
			const struct spot spots[] = { { b, 5, 25, 0, NULL,
							      false },
				{ a, 10, 20, 0, NULL, false } };
			bool explained[2];
			mark(explained, *state, spots, 2);
			assert_false(explained[1]);
			assert_int_equal(explained[0], !has_role(&spots[0]));
		}
}

static void what_is_explained_explains_nothing(void **state)
{
	/* b-high takes the first two from each other, c-high is beside it */
	const struct spot spots[] = { { 2, 0, 20, 0, NULL, false },
		{ 3, 15, 35, 0, NULL, false }, { 4, 30, 50, 0, NULL, false } };
	bool explained[3];
	mark(explained, *state, spots, 3);
	assert_false(explained[0]);
	assert_true(explained[1]);
	assert_false(explained[2]);
}

static void places_are_apart(void **state)
{
	const struct spot spots[] = { { 0, 0, 20, 0, NULL, false },
		{ 4, 0, 20, 1, NULL, false }, { 4, 0, 20, 0, "a.txt", false },
		{ 4, 20, 40, 0, NULL, false } };
	bool explained[4];
	mark(explained, *state, spots, 4);
	for (size_t i = 0; i < 4; i++)
		assert_false(explained[i]);
}

static void a_part_is_told_with_its_secret(void **state)
{
	const struct spot spots[] = { { 5, 0, 20, 0, NULL, true },
		{ 0, 100, 120, 0, NULL, false },   /* is the part */
		{ 2, 104, 116, 0, NULL, false },   /* lies in it */
		{ 3, 90, 110, 0, NULL, false },    /* is more than it */
		{ 1, 100, 120, 0, NULL, false },   /* has a role */
		{ 4, 100, 120, 1, NULL, false } }; /* is elsewhere */
	bool explained[6];
	mark(explained, *state, spots, 6);
	assert_false(explained[0]);
	assert_true(explained[1]);
	assert_true(explained[2]);
	assert_true(explained[3]); /* f-checked is better there */
	assert_false(explained[4]);
	assert_false(explained[5]);
}

static void what_is_explained_tells_no_part(void **state)
{
	const struct spot spots[] = { { 5, 0, 20, 0, NULL, true },
		{ 0, 10, 20, 0, NULL, false },
		{ 2, 100, 120, 0, NULL, false } };
	bool explained[3];
	mark(explained, *state, spots, 3);
	assert_true(explained[0]);
	assert_false(explained[2]);
}

/* One that speaks has no better rival that speaks; one that does not has. */
static void check_answer(
	const struct spot *spots, const bool *explained, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool has_better = false;
		for (size_t k = 0; k < count; k++)
			has_better = has_better ||
				(!explained[k] &&
					spots[k].rank < spots[i].rank &&
					are_rivals(&spots[k], &spots[i]));
		assert_int_equal(
			explained[i], has_better && !has_role(&spots[i]));
	}
}

static void random_rows_are_resolved(void **state)
{
	struct random random = { 9 };
	for (size_t turn = 0; turn < 20000; turn++) {
		struct spot spots[ROWS_MAX];
		size_t count = 1 + random_below(&random, ROWS_MAX);
		for (size_t i = 0; i < count; i++) {
			size_t start = random_below(&random, 100);
			spots[i] = (struct spot){
				.rank = random_below(&random, ARRAY_SIZE(ids)),
				.start = start,
				.end = start + 1 + random_below(&random, 30),
				.path = (uint32_t)random_below(&random, 2),
				.inner = random_below(&random, 4) ? NULL
								  : "a.txt",
			};
		}
		bool explained[ROWS_MAX];
		mark(explained, *state, spots, count);
		check_answer(spots, explained, count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_two_rules_the_better_one_speaks),
		cmocka_unit_test(what_is_explained_explains_nothing),
		cmocka_unit_test(places_are_apart),
		cmocka_unit_test(a_part_is_told_with_its_secret),
		cmocka_unit_test(what_is_explained_tells_no_part),
		cmocka_unit_test(random_rows_are_resolved),
	};
	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
