#include "scanner/audit_version.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_VERSION 32
#define MAX_GAP     40 /* bytes between the name and its version */

static bool is_name_byte(unsigned char byte)
{
	return isalnum(byte) || byte == '-' || byte == '_' || byte == '.';
}

/* PEP 503: case and the kind of dash do not matter. */
static bool is_name_at(const unsigned char *at, size_t len)
{
	static const char name[] = "flask-session";
	size_t size = sizeof(name) - 1;
	if (len < size)
		return false;
	for (size_t i = 0; i < size; i++) {
		int byte = at[i] == '_' ? '-' : tolower(at[i]);
		if (byte != name[i])
			return false;
	}
	return len == size || !is_name_byte(at[size]);
}

/* The first number with a dot behind the name, on its line or, in a lock
 * file, on the next. */
static const char *version_behind(
	struct arena *arena, const unsigned char *at, const unsigned char *end)
{
	if (end - at > MAX_GAP)
		end = at + MAX_GAP;
	const unsigned char *start = at;
	while (start < end && !isdigit(*start))
		start++;
	for (const unsigned char *c = at; c < start; c++)
		if (*c == '\n' && !memmem(c, (size_t)(start - c), "version", 7))
			return NULL;
	const unsigned char *stop = start;
	while (stop < end && (isdigit(*stop) || *stop == '.') &&
		stop - start < MAX_VERSION)
		stop++;
	return stop > start
		? arena_memdupz(arena, start, (size_t)(stop - start))
		: NULL;
}

bool audit_find_version(const char **version, struct arena *arena,
	const unsigned char *bytes, size_t len)
{
	*version = NULL;
	bool found = false;
	for (size_t at = 0; at < len && !*version; at++) {
		bool starts = !at || !is_name_byte(bytes[at - 1]);
		if (!starts || !is_name_at(bytes + at, len - at))
			continue;
		found = true;
		*version = version_behind(arena, bytes + at + 13, bytes + len);
	}
	return found;
}

bool audit_version_before(const char *version, unsigned major, unsigned minor)
{
	if (!version)
		return false;
	char *end;
	unsigned long x = strtoul(version, &end, 10);
	unsigned long y = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return x < major || (x == major && y < minor);
}
