/*
 * The values of a pickle as text. In the file each stands behind its length,
 * which can be a letter; here each stands behind its name:
 *
 *     {"_refresh_token":"…","_client_secret":"…"}
 *
 * Nothing is imported or called (rules/decoders/pickle.h). Texts alone are
 * written.
 */
#ifndef SCANNER_PICKLE_VALUES_H
#define SCANNER_PICKLE_VALUES_H

#include "scanner/archive.h"

/** True when the bytes begin as a pickle of protocol 2 or later does. */
bool pickle_values_are(const unsigned char *bytes, size_t len);

/**
 * Pushes one member, `pickle`: a line for each pickle in a row. Nothing when no
 * whole one is there, no text in it, or a store that a decoder knows. What is
 * beyond the bounds of the values is left to a search of the bytes. Returns
 * what the sink does, or 0.
 */
int pickle_values_each(const unsigned char *bytes, size_t len,
	struct archive_bounds *bounds, archive_sink *sink, void *ctx,
	struct err *err) MUST_CHECK;

#endif
