#include "scanner/commit_parse.h"

#include "scanner/objects/objects.h"

#include <string.h>

#define PARENT_LINE (7 + OID_HEX_SIZE + 1) /* "parent <hex>\n" */

/** True when `line` of the text at *at is `<key> <hex>\n`; moves past it. */
static bool take_oid_line(
	struct oid *oid, const char **at, const char *end, const char *key)
{
	size_t key_len = strlen(key);
	size_t line_len = key_len + 1 + OID_HEX_SIZE + 1;
	if ((size_t)(end - *at) < line_len || memcmp(*at, key, key_len) != 0 ||
		(*at)[key_len] != ' ' || (*at)[line_len - 1] != '\n' ||
		!oid_from_hex(oid, *at + key_len + 1))
		return false;
	*at += line_len;
	return true;
}

/** Digits at *at as a number that stays below 10^15. */
static int64_t take_number(const char **at, const char *end)
{
	int64_t number = 0;
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++)
		if (number < 100000000000000)
			number = number * 10 + (**at - '0');
	return number;
}

/** "Name <mail> 1700000000 +0200" */
static void parse_signature(
	struct signature *out, const char *line, const char *end)
{
	const char *mail = memchr(line, '<', (size_t)(end - line));
	const char *close = memrchr(line, '>', (size_t)(end - line));
	out->name = line;
	out->name_len = (size_t)((mail ? mail : end) - line);
	while (out->name_len && line[out->name_len - 1] == ' ')
		out->name_len--;
	if (!close)
		return;
	const char *at = close + 1;
	while (at < end && *at == ' ')
		at++;
	bool before_1970 = at < end && *at == '-';
	at += before_1970;
	out->time = take_number(&at, end);
	if (before_1970)
		out->time = -out->time;
	while (at < end && *at == ' ')
		at++;
	if (at == end || (*at != '+' && *at != '-'))
		return;
	int sign = *at++ == '-' ? -1 : 1;
	int zone = (int)(take_number(&at, end) % 10000);
	out->offset_minutes = sign * (zone / 100 * 60 + zone % 100);
}

bool commit_parse(
	struct commit_header *out, const unsigned char *bytes, size_t len)
{
	*out = (struct commit_header){ 0 };
	const char *at = (const char *)bytes;
	const char *end = at + len;
	if (!take_oid_line(&out->tree, &at, end, "tree"))
		return false;
	out->parents = at;
	struct oid parent;
	while (take_oid_line(&parent, &at, end, "parent"))
		out->parent_count++;
	while (at < end && *at != '\n') {
		const char *eol = memchr(at, '\n', (size_t)(end - at));
		if (!eol)
			eol = end;
		if (eol - at > 7 && !memcmp(at, "author ", 7))
			parse_signature(&out->author, at + 7, eol);
		else if (eol - at > 10 && !memcmp(at, "committer ", 10))
			parse_signature(&out->committer, at + 10, eol);
		at = eol < end ? eol + 1 : end;
	}
	return true;
}

size_t commit_more_parents(size_t count)
{
	return count > COMMIT_FEW_PARENTS ? count - COMMIT_FEW_PARENTS : 0;
}

void commit_parent(
	struct oid *out, const struct commit_header *commit, size_t number)
{
	oid_from_hex(out, commit->parents + number * PARENT_LINE + 7);
}

bool tag_parse(
	struct oid *target, int *type, const unsigned char *bytes, size_t len)
{
	static const struct {
		const char *line;
		int type;
	} types[] = {
		{ "type commit\n", OBJECT_COMMIT },
		{ "type tree\n", OBJECT_TREE },
		{ "type blob\n", OBJECT_BLOB },
		{ "type tag\n", OBJECT_TAG },
	};
	const char *at = (const char *)bytes;
	const char *end = at + len;
	if (!take_oid_line(target, &at, end, "object"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		size_t line_len = strlen(types[i].line);
		if ((size_t)(end - at) >= line_len &&
			!memcmp(at, types[i].line, line_len)) {
			*type = types[i].type;
			return true;
		}
	}
	return false;
}
