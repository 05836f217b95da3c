/*
 * What some bytes are: asks the decoders, one after the other, and says how
 * much their answer means. Some formats are read for the sake of sessions but
 * hold anything: a pickle is a session only if it looks like one.
 */
#ifndef RULES_IDENTIFY_H
#define RULES_IDENTIFY_H

#include "rules/decoder.h"

#include <stdbool.h>
#include <stddef.h>

enum verdict {
	VERDICT_NONE,      /* no session data that any decoder knows */
	VERDICT_COMPANION, /* a file that a session store keeps beside them */
	VERDICT_LIKELY,    /* laid out as a session, but so is other data */
	VERDICT_SESSION,   /* a session, cookies, or a credential */
};

/** "none", "companion", "likely", "session". */
const char *verdict_name(int verdict);

/** What it means that a decoder found this kind. */
int verdict_of_kind(const char *kind);

struct identity {
	int verdict;                   /* enum verdict */
	const struct decoder *decoder; /* that accepted the bytes, or NULL */
	struct decoded decoded;        /* what it said; lives in the arena */
	const char *cookie; /* name of the cookie that holds it, where the
				bytes are the text of a header; else NULL */
	bool limited; /* a decoder gave up at a bound before it could tell */
	const char *looks_like; /* static: "a PNG image", "text"; never NULL */
};

/**
 * Identifies the bytes by the decoder `only`, or by the first of all that sees
 * a session in them, else the first that accepts them; where none does, by the
 * cookies of a header (rules/cookie_header.h). `path` may be NULL; some stores
 * keep the session id in the file's name. Path and bytes are borrowed.
 */
void identify(struct identity *out, struct arena *arena,
	const struct decoder *only, const char *path,
	const unsigned char *bytes, size_t len);

#endif
