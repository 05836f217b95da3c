#include "rules/glob_set.h"

#include <string.h>

static void set_add(struct glob_set *set, unsigned low, unsigned high)
{
	for (unsigned byte = low; byte <= high; byte++)
		set->bits[byte / CHAR_BIT] |=
			(unsigned char)(1u << byte % CHAR_BIT);
}

bool glob_set_has(const struct glob_set *set, unsigned char byte)
{
	return set->bits[byte / CHAR_BIT] >> byte % CHAR_BIT & 1;
}

/* POSIX 9.3.5 in the C locale but for one, whatever the locale of the process
 * is. */
static const struct {
	const char *name;
	unsigned char ranges[8]; /* pairs of first and last byte */
	size_t range_count;
} classes[] = {
	{ "alnum", { '0', '9', 'A', 'Z', 'a', 'z' }, 3 },
	{ "alpha", { 'A', 'Z', 'a', 'z' }, 2 },
	{ "blank", { '\t', '\t', ' ', ' ' }, 2 },
	{ "cntrl", { 0, 31, 127, 127 }, 2 },
	{ "digit", { '0', '9' }, 1 },
	{ "graph", { '!', '~' }, 1 },
	{ "lower", { 'a', 'z' }, 1 },
	{ "print", { ' ', '~' }, 1 },
	{ "punct", { '!', '/', ':', '@', '[', '`', '{', '~' }, 4 },
	/* without VT and FF: git's isspace() */
	{ "space", { '\t', '\n', '\r', '\r', ' ', ' ' }, 3 },
	{ "upper", { 'A', 'Z' }, 1 },
	{ "xdigit", { '0', '9', 'A', 'F', 'a', 'f' }, 3 },
};

static bool set_add_class(struct glob_set *set, const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		if (strlen(classes[i].name) != len ||
			memcmp(classes[i].name, name, len))
			continue;
		const unsigned char *range = classes[i].ranges;
		for (size_t j = 0; j < classes[i].range_count; j++)
			set_add(set, range[2 * j], range[2 * j + 1]);
		return true;
	}
	return false;
}

/* One byte, which a backslash may precede. False when nothing is left. */
static bool read_member(unsigned *out, const char **at, const char *end)
{
	if (*at < end && **at == '\\')
		++*at;
	if (*at >= end)
		return false;
	*out = (unsigned char)*(*at)++;
	return true;
}

enum class_answer { CLASS_NONE, CLASS_ADDED, CLASS_UNKNOWN };

/* "[:name:]"; a bracket that does not go on like that is a byte. */
static enum class_answer read_class(
	struct glob_set *set, const char **at, const char *end)
{
	if (end - *at < 2 || (*at)[0] != '[' || (*at)[1] != ':')
		return CLASS_NONE;
	const char *name = *at + 2;
	const char *close = memchr(name, ']', (size_t)(end - name));
	if (!close || close == name || close[-1] != ':')
		return CLASS_NONE;
	*at = close + 1;
	return set_add_class(set, name, (size_t)(close - 1 - name))
		? CLASS_ADDED
		: CLASS_UNKNOWN;
}

/* A byte or a range. False when the expression ends within. */
static bool read_range(struct glob_set *set, const char **at, const char *end)
{
	unsigned low;
	if (!read_member(&low, at, end))
		return false;
	unsigned high = low;
	if (end - *at >= 2 && (*at)[0] == '-' && (*at)[1] != ']') {
		++*at;
		if (!read_member(&high, at, end))
			return false;
	}
	set_add(set, low, low); /* git takes it also when the range is empty */
	set_add(set, low, high);
	return true;
}

const char *glob_set_read(
	struct glob_set *out, const char **at, const char *end)
{
	*out = (struct glob_set){ 0 };
	bool negated = *at < end && (**at == '!' || **at == '^');
	*at += negated;
	/* a closing bracket in the first place is a byte */
	const char *first = *at;
	while (*at < end && (**at != ']' || *at == first)) {
		enum class_answer answer = read_class(out, at, end);
		if (answer == CLASS_UNKNOWN)
			return "unknown character class";
		if (answer == CLASS_NONE && !read_range(out, at, end))
			break;
	}
	if (*at >= end)
		return "a bracket is not closed";
	++*at;
	for (size_t i = 0; negated && i < sizeof(out->bits); i++)
		out->bits[i] = (unsigned char)~out->bits[i];
	return NULL;
}
