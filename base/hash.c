#include "base/hash.h"

#include <string.h>
#include <time.h>

#ifdef __linux__
#include <sys/auxv.h>
#endif

uint64_t hash_seed(void)
{
	uint64_t seed = 0;
#ifdef __linux__
	/* sixteen random bytes that the kernel hands to each process */
	const void *random = (const void *)getauxval(AT_RANDOM);
	if (random) {
		memcpy(&seed, random, sizeof(seed));
		return seed;
	}
#endif
	/* where the code lies is random where the system wants it so */
	seed = (uint64_t)(uintptr_t)&hash_seed;
	return hash_mix(seed, 0x9E3779B97F4A7C15ULL) ^ (uint64_t)time(NULL);
}
