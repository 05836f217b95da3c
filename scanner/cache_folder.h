/*
 * The files of a cache by name: which are its own, how much they are, and which
 * have to go. Whatever else lies in the folder is left alone.
 */
#ifndef SCANNER_CACHE_FOLDER_H
#define SCANNER_CACHE_FOLDER_H

#include "base/err.h"
#include "scanner/cache_file.h"

#include <stdint.h>

#define CACHE_NAME_SIZE 64

/** "<kind>-<32 hex digits>" of the id's first half. */
void cache_name(char out[CACHE_NAME_SIZE], const char *kind,
	const uint8_t id[SHA256_DIGEST_SIZE]);

/** What a file is called until it is whole. */
void cache_temporary_name(char out[CACHE_NAME_SIZE], uint64_t number);

/** Removes the oldest files until there are at most CACHE_MAX_FILES, of
 * `max_total` bytes; not `kept`. Also what a killed scan has left. */
void cache_folder_trim(int folder, const char *kept, uint64_t max_total);

void cache_folder_measure(struct cache_usage *out, int folder);

int cache_folder_clear(
	struct cache_usage *removed, int folder, struct err *err) MUST_CHECK;

#endif
