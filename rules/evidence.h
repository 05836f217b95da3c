/*
 * Evidence: what a decoder's result says to a reader of a report. Names of
 * keys and kinds of content, never a value.
 */
#ifndef RULES_EVIDENCE_H
#define RULES_EVIDENCE_H

#include "base/arena.h"
#include "rules/decoder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Kinds of content that are told apart by key name and shape of value. */
enum holds {
	HOLDS_USER_ID = 1 << 0,
	HOLDS_EMAIL = 1 << 1,
	HOLDS_NAME = 1 << 2,
	HOLDS_CSRF = 1 << 3,
	HOLDS_TOKEN = 1 << 4,    /* OAuth, API, access, refresh */
	HOLDS_PASSWORD = 1 << 5, /* or a hash of one */
	HOLDS_ADMIN = 1 << 6,    /* a role or flag that grants rights */
	HOLDS_CART = 1 << 7,
	HOLDS_ADDRESS = 1 << 8, /* IP or postal */
	HOLDS_SESSION_ID = 1 << 9,
	HOLDS_KEY = 1 << 10, /* private or secret keys */
};
#define HOLDS_COUNT 11

/** Constant after evidence_make(); all texts live in the arena given there. */
struct evidence {
	const char *decoder; /* static */
	const char *kind;    /* static */
	const char *variant; /* static or NULL */
	const char **keys;   /* names as UTF-8, unsafe characters replaced */
	size_t key_count;
	bool keys_truncated;
	unsigned holds; /* enum holds */
	int expiry;     /* enum expiry */
	int64_t expires_at;
	int id; /* enum id_exposure */
	size_t entry_count;
	const char **calls;
	size_t call_count;
	const char *setting; /* of a config rule: "SESSION_COOKIE_SECURE" */
	const char *value;   /* what it is set to, as text; a secret withheld */
	bool development;    /* it holds in development or tests alone */
};

#define EVIDENCE_MAX_KEYS 32

/** Draws evidence from a decoding. Borrowed from `arena`. */
const struct evidence *evidence_make(struct arena *arena,
	const struct decoder *decoder, const struct decoded *decoded);

/** "live", "expired", "never" or "unknown" at the time `now`. */
const char *evidence_state(const struct evidence *evidence, int64_t now);

/** "clear", "keyed", "hashed", "credential", or "unknown". */
const char *id_exposure_name(int id);

/** Word for one bit of enum holds: "user-id", "email", "csrf-token", … */
const char *holds_name(unsigned bit);

/** The bit behind a word, or 0. */
unsigned holds_parse(const char *word);

#endif
