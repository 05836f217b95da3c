/*
 * Hashes for tables in memory, whose keys a repository chooses: seeded, so that
 * nobody can prepare a hundred thousand keys that all fall to one place.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

__extension__ typedef unsigned __int128 hash_product;

/** A number that differs from process to process, and is the same within one.
 * Nothing that is put out may depend on it. */
uint64_t hash_seed(void);

/** Mixes two words into one, in which each of their bits has a say. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	hash_product product = (hash_product)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#endif
