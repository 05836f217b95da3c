/* Pseudo-random numbers for property tests: the same at every run. */
#ifndef TESTS_SUPPORT_RANDOM_H
#define TESTS_SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/** Start it with any number but 0. */
struct random {
	uint64_t state;
};

/** A number below `bound`, by xorshift64 (Marsaglia 2003). */
static inline size_t random_below(struct random *random, size_t bound)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return (size_t)((random->state >> 16) % bound);
}

/** Writes `len` letters of the alphabet and a NUL. */
static inline void random_text(
	struct random *random, char *out, size_t len, const char *alphabet)
{
	size_t count = 0;
	while (alphabet[count])
		count++;
	for (size_t i = 0; i < len; i++)
		out[i] = alphabet[random_below(random, count)];
	out[len] = '\0';
}

#endif
