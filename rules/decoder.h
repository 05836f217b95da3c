/*
 * Decoders: pure functions from bytes to what they mean. A decoder recognises
 * one format, reads it without executing anything, within bounds, and says
 * what kind of thing it is, when it expires and what it holds. One file each
 * in rules/decoders, one row in the table of decoder.c.
 */
#ifndef RULES_DECODER_H
#define RULES_DECODER_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum expiry {
	EXPIRY_UNKNOWN, /* the format does not say */
	EXPIRY_NEVER,
	EXPIRY_AT, /* decoded.expires_at */
};

/** How far the bytes give a session away. */
enum id_exposure {
	ID_UNKNOWN,
	ID_CLEAR,      /* whoever reads it can use the session */
	ID_KEYED,      /* an application key is needed besides */
	ID_HASHED,     /* only a hash of the session id is seen */
	ID_CREDENTIAL, /* the file is itself the credential */
};

/** What a decoder found out. Texts are static or live in the arena. */
struct decoded {
	struct arena *arena; /* borrowed: set by the caller before decode() */
	const char *path;    /* borrowed, may be NULL: some stores keep the
				session id in the file's name */

	const char *kind;    /* static: one of the decoder's kinds */
	const char *variant; /* static or NULL: "cachelib 0.7 and later" */
	int expiry;          /* enum expiry, of the newest session inside */
	int64_t expires_at;  /* seconds since 1970, for EXPIRY_AT */
	int id;              /* enum id_exposure */
	size_t entry_count;  /* sessions, cookies or rows inside; 1 for a file
				that is one session */
	struct value *root;  /* may be NULL: recognised by header alone */
	const char **calls;  /* what a load would call, "os.system"; no
				duplicates, in order of appearance */
	size_t call_count;
	bool truncated; /* a bound was hit: more may be inside */
};

/**
 * One decoder. decode() returns 1 when the bytes are of its format and *out is
 * filled, 0 when they are not, and a negative code (ERR_LIMIT) when they seem
 * to be but a bound stopped it before it could tell. It must not keep, write
 * or execute anything; its time is bounded by `len` and the value bounds.
 */
struct decoder {
	const char *name;
	const char *summary;      /* for `rules show` and docs */
	const char *const *kinds; /* NULL-ended: what decoded.kind can be */
	int (*decode)(struct decoded *out, const unsigned char *bytes,
		size_t len, struct err *err);
};

/** All decoders, NULL-ended, in the order in which `inspect` tries them. */
extern const struct decoder *const decoders[];

/** The decoder of that name, or NULL. */
const struct decoder *decoder_find(const char *name);

#endif
