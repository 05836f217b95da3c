#include "rules/key_name.h"

#include "base/utf8.h"
#include "rules/shape.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS    "\xe2\x80\xa6" /* U+2026 */

static void add_bytes(struct key_name *name, const void *bytes, size_t len)
{
	memcpy(name->bytes + name->len, bytes, len);
	name->len += len;
	name->bytes[name->len] = '\0';
}

/* Each byte becomes three at most. */
static void add_safe(
	struct key_name *name, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len;) {
		uint32_t code = 0;
		size_t size = utf8_decode(&code, bytes + i, len - i);
		if (size && !utf8_is_unsafe(code))
			add_bytes(name, bytes + i, size);
		else
			add_bytes(name, REPLACEMENT, strlen(REPLACEMENT));
		i += size ? size : 1;
	}
}

/* Bytes to keep of a generated word: those that say what it is
 * ("login_web_" of "login_web_59ba36addc2b2f94"). */
static size_t name_of_word(const unsigned char *bytes, size_t len)
{
	size_t kept = 0;
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] >= '0' && bytes[i] <= '9')
			break;
		if (bytes[i] == '_' || bytes[i] == '-')
			kept = i + 1;
	}
	return kept;
}

/* Leaves out generated words. True when there was one. */
static bool add_key(
	struct key_name *name, const unsigned char *bytes, size_t len)
{
	bool cut = false;
	for (size_t i = 0; i < len;) {
		size_t end = i;
		while (end < len && shape_is_word(bytes[end]))
			end++;
		size_t word = end - i;
		if (shape_is_generated(bytes + i, word)) {
			add_safe(
				name, bytes + i, name_of_word(bytes + i, word));
			add_bytes(name, ELLIPSIS, strlen(ELLIPSIS));
			cut = true;
			i = end;
			continue;
		}
		/* with the byte, if any, that is none of a word */
		size_t next = end < len ? end + 1 : end;
		while (next < len && (bytes[next] & 0xc0) == 0x80)
			next++;
		add_safe(name, bytes + i, next - i);
		i = next;
	}
	return cut;
}

bool key_name_make(struct key_name *out, const unsigned char *bytes, size_t len)
{
	out->len = 0;
	out->bytes[0] = '\0';
	if (shape_is_email(bytes, len)) {
		add_bytes(out, ELLIPSIS, strlen(ELLIPSIS));
		return true;
	}
	if (len <= KEY_NAME_MAX)
		return add_key(out, bytes, len);
	bool cut = shape_is_generated(bytes, len);
	if (!cut)
		cut = add_key(out, bytes, KEY_NAME_MAX);
	add_bytes(out, ELLIPSIS, strlen(ELLIPSIS));
	return cut;
}

void key_name_of_code(struct key_name *out, const char *name)
{
	out->len = 0;
	out->bytes[0] = '\0';
	add_safe(out, (const unsigned char *)name, strnlen(name, KEY_NAME_MAX));
}
