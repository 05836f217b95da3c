/*
 * The key by which the files of a cache are known to be the user's own: 32
 * random bytes in a file that nobody else can read, made when first needed.
 */
#ifndef SCANNER_CACHE_KEY_H
#define SCANNER_CACHE_KEY_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define CACHE_KEY_SIZE 32

/**
 * Reads the key. In the folder `dir`, which the user has named, or, if that is
 * -1, in $XDG_CACHE_HOME/git-hygiene or ~/.cache/git-hygiene; there it must be
 * the user's and readable by nobody else. With `make` one is made where there
 * is none; ERR_NOT_FOUND otherwise.
 */
int cache_key_read(uint8_t out[CACHE_KEY_SIZE], int dir, bool make,
	struct err *err) MUST_CHECK;

#endif
