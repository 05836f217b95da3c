#include "base/alloc.h"
#include "base/array.h"
#include "rules/gram_filter.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define BEHIND 2 /* bytes that are read behind the last step */

static uint32_t any_gram(struct random *random)
{
	return (uint32_t)random_below(random, SIZE_MAX) | GRAM_FOLD;
}

static struct gram_filter *filter_of(const uint32_t *grams, size_t count)
{
	struct gram_filter *filter = xmalloc(sizeof(*filter));
	gram_filter_init(filter);
	for (size_t i = 0; i < count; i++)
		gram_filter_add(filter, grams[i], UINT32_MAX);
	return filter;
}

/* A byte for each place of the steps: 1 where a gram may stand. */
static void find(unsigned char *out, const struct gram_filter *filter,
	const unsigned char *bytes, size_t steps)
{
	struct gram_places found;
	gram_filter_find(&found, filter, bytes, steps);
	memset(out, 0, steps * GRAM_STEP / 2);
	size_t after = 0;
	for (size_t i = 0; i < found.count; i++) {
		assert_true(found.places[i] != 0);
		assert_true(found.starts[i] >= after);
		for (unsigned bit = 0; bit < 16; bit++) {
			if (!(found.places[i] >> bit & 1))
				continue;
			after = found.starts[i] + 2 * (size_t)bit;
			assert_true(after < steps * GRAM_STEP);
			out[after / 2] = 1;
		}
	}
}

/* Asks place by place; the text ends where a filter may read no more. */
static void expect_places(
	struct gram_filter *filter, const unsigned char *text, size_t steps)
{
	size_t len = steps * GRAM_STEP + BEHIND;
	CLEANUP(freep) unsigned char *bytes = xmalloc(len);
	memcpy(bytes, text, len);
	unsigned char found[GRAM_BLOCK * GRAM_STEP / 2];
	bool wide = filter->wide;
	for (int i = 0; i < 2; i++) {
		filter->wide = wide && i;
		find(found, filter, bytes, steps);
		for (size_t at = 0; at < steps * GRAM_STEP; at += 2)
			assert_int_equal(found[at / 2],
				gram_filter_has(filter, gram_read(bytes + at)));
	}
	filter->wide = wide;
}

/* Texts of few letters, in which grams are met again. */
static void every_place_is_told(void **state)
{
	(void)state;
	struct random random = { 1 };
	char text[GRAM_BLOCK * GRAM_STEP + BEHIND + 1];
	for (size_t steps = 0; steps <= GRAM_BLOCK; steps++) {
		uint32_t grams[20];
		random_text(&random, text, sizeof(text) - 1, "abAB_ \x80");
		const unsigned char *bytes = (const unsigned char *)text;
		for (size_t i = 0; i < ARRAY_SIZE(grams); i++)
			grams[i] = gram_read(bytes +
				random_below(&random, sizeof(text) - GRAM_LEN));
		size_t count = random_below(&random, ARRAY_SIZE(grams));
		CLEANUP(freep)
		struct gram_filter *filter = filter_of(grams, count);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(gram_filter_has(filter, grams[i]), 1);
		expect_places(filter, bytes, steps);
	}
}

static void bytes_outside_of_the_mask_are_any(void **state)
{
	(void)state;
	static const uint32_t masks[] = { 0x00ffffff, 0xffffff00, 0x0000ffff,
		0x00ffff00, 0x000000ff, 0x0000ff00 };
	struct random random = { 2 };
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
		CLEANUP(freep)
		struct gram_filter *filter = filter_of(NULL, 0);
		uint32_t gram = any_gram(&random) & masks[i];
		gram_filter_add(filter, gram, masks[i]);
		for (int k = 0; k < 1000; k++) {
			uint32_t other = any_gram(&random) & ~masks[i];
			assert_int_equal(
				gram_filter_has(filter, gram | other), 1);
		}
	}
}

static void most_others_are_told_apart(void **state)
{
	(void)state;
	struct random random = { 3 };
	uint32_t grams[100];
	for (size_t i = 0; i < ARRAY_SIZE(grams); i++)
		grams[i] = any_gram(&random);
	CLEANUP(freep)
	struct gram_filter *filter = filter_of(grams, ARRAY_SIZE(grams));
	unsigned wrong = 0;
	for (int i = 0; i < 100000; i++)
		wrong += gram_filter_has(filter, any_gram(&random));
	assert_true(wrong < 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_is_told),
		cmocka_unit_test(bytes_outside_of_the_mask_are_any),
		cmocka_unit_test(most_others_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
