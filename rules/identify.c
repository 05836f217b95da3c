#include "rules/identify.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "rules/cookie_header.h"
#include "rules/key_name.h"

#include <string.h>

#define MAX_HEADER_TEXT ((size_t)256 * 1024)

/* Kinds that are no sessions for certain; all others are. */
static const struct {
	const char *kind;
	int verdict;
} weak_kinds[] = {
	{ "session-like", VERDICT_LIKELY }, /* cachelib: a memoized dict? */
	{ "counter", VERDICT_COMPANION },
	{ "cache-entry", VERDICT_NONE },
	{ "pickle", VERDICT_NONE },
	{ "marshal", VERDICT_NONE },
	{ "msgpack", VERDICT_NONE },
	{ "php-serialized", VERDICT_NONE },
	{ "java-serialized", VERDICT_NONE },
	{ "pkcs12", VERDICT_NONE },
	{ "pkcs12-open", VERDICT_NONE },
	{ "jks", VERDICT_NONE },
	{ "jks-open", VERDICT_NONE },
	{ "der-key", VERDICT_NONE },
};

const char *verdict_name(int verdict)
{
	static const char *const names[] = {
		[VERDICT_NONE] = "none",
		[VERDICT_COMPANION] = "companion",
		[VERDICT_LIKELY] = "likely",
		[VERDICT_SESSION] = "session",
	};
	return names[verdict];
}

int verdict_of_kind(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(weak_kinds); i++)
		if (!strcmp(weak_kinds[i].kind, kind))
			return weak_kinds[i].verdict;
	return VERDICT_SESSION;
}

struct magic {
	const char *bytes;
	size_t len;
	const char *name;
};

#define MAGIC(literal, name)                           \
	{                                              \
		(literal), sizeof(literal) - 1, (name) \
	}

static const struct magic magics[] = {
	MAGIC("SQLite format 3", "an SQLite database without session tables"),
	MAGIC("version https://git-lfs.github.com/spec/",
		"a Git LFS pointer: the content is stored elsewhere"),
	MAGIC("\x89PNG\r\n", "a PNG image"),
	MAGIC("\xff\xd8\xff", "a JPEG image"),
	MAGIC("GIF8", "a GIF image"),
	MAGIC("%PDF-", "a PDF document"),
	MAGIC("PK\3\4", "a ZIP archive"),
	MAGIC("\x1f\x8b", "gzip-compressed data"),
	MAGIC("\x28\xb5\x2f\xfd", "Zstandard-compressed data"),
	MAGIC("\x7f"
	      "ELF",
		"an ELF program or library"),
	MAGIC("REDIS", "a Redis dump without session keys"),
	MAGIC("\xac\xed\0\5", "serialized Java objects"),
};

/* UTF-8 with no control characters but white space and ESC. */
static bool is_text(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool white = bytes[i] >= '\t' && bytes[i] <= '\r';
		if (bytes[i] < ' ' && !white && bytes[i] != '\033')
			return false;
	}
	return utf8_valid(bytes, len);
}

static bool is_blank(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr(" \t\r\n", bytes[i] ? bytes[i] : '!'))
			return false;
	return true;
}

static const char *look_at(const unsigned char *bytes, size_t len)
{
	if (!len)
		return "empty";
	for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
		if (len >= magics[i].len &&
			!memcmp(bytes, magics[i].bytes, magics[i].len))
			return magics[i].name;
	if (is_blank(bytes, len))
		return "white space";
	if (!is_text(bytes, len))
		return "binary data";
	return *bytes == '{' || *bytes == '[' ? "text that begins as JSON"
					      : "text";
}

/* Asks one decoder; a better answer takes the place of the one before. */
static void ask(struct identity *out, const struct decoder *decoder,
	const struct decoded *question, const unsigned char *bytes, size_t len)
{
	struct decoded decoded = *question;
	struct err ignored;
	int rc = decoder->decode(&decoded, bytes, len, &ignored);
	if (rc < 0)
		out->limited = true;
	if (rc <= 0)
		return;
	int verdict = verdict_of_kind(decoded.kind);
	if (out->decoder && verdict <= out->verdict)
		return;
	out->verdict = verdict;
	out->decoder = decoder;
	out->decoded = decoded;
}

/* Asks those that read the values of cookies. */
static void ask_of_cookies(struct identity *out, struct arena *arena,
	const struct decoder *only, const unsigned char *bytes, size_t len)
{
	static const char *const names[] = { "itsdangerous", "django-session" };
	const struct decoded question = { .arena = arena };
	struct cookie_header header;
	struct cookie_pair pair;
	cookie_header_init(&header, bytes, len);
	while (!out->decoder && cookie_header_next(&pair, &header)) {
		for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
			const struct decoder *decoder = decoder_find(names[i]);
			if (!only || only == decoder)
				ask(out, decoder, &question, pair.value,
					pair.value_len);
		}
		if (!out->decoder)
			continue;
		struct key_name name;
		key_name_make(&name, pair.name, pair.name_len);
		out->cookie = arena_strdup(arena, name.bytes);
	}
}

void identify(struct identity *out, struct arena *arena,
	const struct decoder *only, const char *path,
	const unsigned char *bytes, size_t len)
{
	const struct decoded question = { .arena = arena, .path = path };
	*out = (struct identity){ .looks_like = look_at(bytes, len) };
	for (size_t i = 0; decoders[i] && out->verdict < VERDICT_SESSION; i++)
		if (!only || only == decoders[i])
			ask(out, decoders[i], &question, bytes, len);
	if (!out->decoder && len <= MAX_HEADER_TEXT && is_text(bytes, len))
		ask_of_cookies(out, arena, only, bytes, len);
}
