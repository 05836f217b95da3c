#include "rules/signing/scheme.h"

#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <string.h>

/* A key or a message. */
struct span {
	const uint8_t *bytes;
	size_t len;
};

static struct span text_span(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void hmac_sha1(
	uint8_t out[SHA1_DIGEST_SIZE], struct span key, struct span message)
{
	struct hmac_sha1_ctx ctx;
	hmac_sha1_set_key(&ctx, key.len, key.bytes);
	hmac_sha1_update(&ctx, message.len, message.bytes);
	hmac_sha1_digest(&ctx, SHA1_DIGEST_SIZE, out);
}

static void hmac_sha256(
	uint8_t out[SHA256_DIGEST_SIZE], struct span key, struct span message)
{
	struct hmac_sha256_ctx ctx;
	hmac_sha256_set_key(&ctx, key.len, key.bytes);
	hmac_sha256_update(&ctx, message.len, message.bytes);
	hmac_sha256_digest(&ctx, SHA256_DIGEST_SIZE, out);
}

static void sha1_joined(
	uint8_t out[SHA1_DIGEST_SIZE], const char *salt, struct span key)
{
	struct sha1_ctx ctx;
	sha1_init(&ctx);
	sha1_update(&ctx, strlen(salt), text_span(salt).bytes);
	sha1_update(&ctx, key.len, key.bytes);
	sha1_digest(&ctx, SHA1_DIGEST_SIZE, out);
}

static void sha256_joined(
	uint8_t out[SHA256_DIGEST_SIZE], const char *salt, struct span key)
{
	struct sha256_ctx ctx;
	sha256_init(&ctx);
	sha256_update(&ctx, strlen(salt), text_span(salt).bytes);
	sha256_update(&ctx, key.len, key.bytes);
	sha256_digest(&ctx, SHA256_DIGEST_SIZE, out);
}

static bool is_signature(const struct signed_value *value, const uint8_t *mac)
{
	return !memcmp(mac, value->signature, value->signature_len);
}

/* itsdangerous, key_derivation "hmac" */
static bool salt_hmac_signs(const struct signed_value *value, struct span key,
	struct span message, const char *salt)
{
	uint8_t derived[SHA1_DIGEST_SIZE];
	uint8_t mac[SHA1_DIGEST_SIZE];
	hmac_sha1(derived, key, text_span(salt));
	hmac_sha1(mac, (struct span){ derived, sizeof(derived) }, message);
	return is_signature(value, mac);
}

/* itsdangerous, key_derivation "django-concat"; Django with SHA-1 */
static bool concat_sha1_signs(const struct signed_value *value, struct span key,
	struct span message, const char *salt)
{
	uint8_t derived[SHA1_DIGEST_SIZE];
	uint8_t mac[SHA1_DIGEST_SIZE];
	sha1_joined(derived, salt, key);
	hmac_sha1(mac, (struct span){ derived, sizeof(derived) }, message);
	return is_signature(value, mac);
}

static bool concat_sha256_signs(const struct signed_value *value,
	struct span key, struct span message, const char *salt)
{
	uint8_t derived[SHA256_DIGEST_SIZE];
	uint8_t mac[SHA256_DIGEST_SIZE];
	sha256_joined(derived, salt, key);
	hmac_sha256(mac, (struct span){ derived, sizeof(derived) }, message);
	return is_signature(value, mac);
}

static bool plain_sha1_signs(const struct signed_value *value, struct span key,
	struct span message, const char *salt)
{
	uint8_t mac[SHA1_DIGEST_SIZE];
	(void)salt;
	hmac_sha1(mac, key, message);
	return is_signature(value, mac);
}

static bool plain_sha256_signs(const struct signed_value *value,
	struct span key, struct span message, const char *salt)
{
	uint8_t mac[SHA256_DIGEST_SIZE];
	(void)salt;
	hmac_sha256(mac, key, message);
	return is_signature(value, mac);
}

/* A way to make a signature, and the salts that go into its key. */
struct method {
	bool (*signs)(const struct signed_value *value, struct span key,
		struct span message, const char *salt);
	const char *salts[2];
};

/* django.contrib.sessions: files and rows, then cookies */
#define DJANGO_FILE_SALT "django.contrib.sessions.SessionStoresigner"
#define DJANGO_COOKIE_SALT \
	"django.contrib.sessions.backends.signed_cookiessigner"

static const struct method methods[SIGNING_SCHEME_COUNT] = {
	[SIGNING_FLASK] = { salt_hmac_signs, { "cookie-session" } },
	[SIGNING_FLASK_SESSION] = { salt_hmac_signs, { "flask-session" } },
	[SIGNING_STARLETTE] = { concat_sha1_signs,
		{ "itsdangerous.Signersigner" } },
	[SIGNING_DJANGO] = { concat_sha256_signs,
		{ DJANGO_FILE_SALT, DJANGO_COOKIE_SALT } },
	[SIGNING_DJANGO_SHA1] = { concat_sha1_signs,
		{ DJANGO_FILE_SALT, DJANGO_COOKIE_SALT } },
	[SIGNING_DJANGO_LEGACY] = { concat_sha1_signs,
		{ "django.contrib.sessionsSessionStore" } },
	[SIGNING_EXPRESS] = { plain_sha256_signs, { "" } },
	[SIGNING_SECURECOOKIE] = { plain_sha1_signs, { "" } },
	[SIGNING_JWT_HS256] = { plain_sha256_signs, { "" } },
};

bool scheme_signs(int scheme, const struct signed_value *value,
	const unsigned char *key, size_t key_len)
{
	const struct method *method = &methods[scheme];
	const struct span secret = { key, key_len };
	const struct span message = { value->message, value->message_len };
	for (size_t i = 0; i < 2 && method->salts[i]; i++)
		if (method->signs(value, secret, message, method->salts[i]))
			return true;
	return false;
}
