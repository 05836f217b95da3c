/*
 * Signed session values, and whether a key signs one: pure functions of both.
 * Nothing is asked of a server, and no time is looked at: a signature that is
 * right stays right, whatever the cookie's age.
 *
 * A value is taken apart once, for every scheme whose shape it has; a key is
 * then tried under each of these.
 */
#ifndef RULES_SIGNING_SIGNED_VALUE_H
#define RULES_SIGNING_SIGNED_VALUE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How a value is signed; a value can have the shape of several. */
enum signing_scheme {
	SIGNING_FLASK,         /* Flask 0.10 and later */
	SIGNING_FLASK_SESSION, /* Flask-Session with SESSION_USE_SIGNER */
	SIGNING_STARLETTE,     /* SessionMiddleware */
	SIGNING_DJANGO,        /* Django 3.1 and later; cookie, file, row */
	SIGNING_DJANGO_SHA1,   /* the same with SHA-1 */
	SIGNING_DJANGO_LEGACY, /* before 3.1: base64 of hash ":" session */
	SIGNING_EXPRESS,       /* cookie-signature */
	SIGNING_SECURECOOKIE,  /* Werkzeug; Flask before 0.10 */
	SIGNING_JWT_HS256,     /* RFC 7515 */
	SIGNING_SCHEME_COUNT,
};

/** "flask", "flask-session", …: the word of reports. */
const char *signing_scheme_name(int scheme);

#define SIGNATURE_MAX 32

/** The parts of a value. Spans borrow from the value or the arena. */
struct signed_value {
	unsigned schemes; /* bits 1 << enum signing_scheme */
	const unsigned char *message;
	size_t message_len; /* what the signature covers */
	uint8_t signature[SIGNATURE_MAX];
	size_t signature_len;
	const unsigned char *session_id; /* a server-side session's, or NULL */
	size_t session_id_len;
};

/** Greatest value that is looked at, bytes. */
#define SIGNED_VALUE_MAX ((size_t)64 * 1024)

/** Takes a value apart by its shape; false when it has none of a scheme. */
bool signed_value_read(struct signed_value *out, struct arena *arena,
	const unsigned char *bytes, size_t len);

/** True when the key signs the value under one of its schemes, *scheme then.
 * Bytes of the key are taken as they are. */
bool signed_value_verify(int *scheme, const struct signed_value *value,
	const unsigned char *key, size_t key_len);

#endif
