#include "cmd/opt.h"

#include "base/array.h"
#include "base/suggest.h"

#include <stdlib.h>
#include <string.h>

void opt_list_clear(struct opt_list *list)
{
	free(list->items);
	*list = (struct opt_list){ 0 };
}

void opt_list_add(struct opt_list *list, const char *text)
{
	/* one element beyond the last: the NULL that ends the list */
	ARRAY_GROW(list->items, list->count + 1, list->capacity);
	list->items[list->count++] = text;
	list->items[list->count] = NULL;
}

/** One run of opt_parse(). */
struct parser {
	unsigned char *fields;
	const struct opt_spec *spec;
	char **argv;
	int argc;
	int next;  /* index of the argument to look at */
	int words; /* moved to the front so far */
	struct err *err;
};

/** How an option was typed. */
struct typed {
	char name[80];     /* "--name" or "-n", for messages */
	const char *value; /* stuck to it, or NULL */
	bool negated;
};

static bool takes_argument(const struct opt *opt)
{
	return opt->kind == OPT_TEXT || opt->kind == OPT_LIST ||
		opt->kind == OPT_NUMBER;
}

/** "[=<when>]": may be left out, and must be stuck to the name if not. */
static bool argument_is_optional(const struct opt *opt)
{
	return takes_argument(opt) && opt->argument && opt->argument[0] == '[';
}

/** Decimal with a suffix k, m or g, both cases; false if it is not that. */
bool opt_parse_number(uint64_t *out, const char *text)
{
	uint64_t number = 0;
	const char *at = text;
	for (; *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(
				number, (uint64_t)(*at - '0'), &number))
			return false;
	}
	if (at == text)
		return false;
	unsigned shift = 0;
	if (*at == 'k' || *at == 'K')
		shift = 10;
	else if (*at == 'm' || *at == 'M')
		shift = 20;
	else if (*at == 'g' || *at == 'G')
		shift = 30;
	if (shift)
		at++;
	if (*at || number > UINT64_MAX >> shift)
		return false;
	*out = number << shift;
	return true;
}

/** Sets the field of an option that takes no argument. */
static void store_switch(void *field, const struct opt *opt, bool negated)
{
	if (opt->kind == OPT_FLAG) {
		*(bool *)field = !negated;
	} else if (opt->kind == OPT_BITS) {
		unsigned *bits = field;
		unsigned mask = (unsigned)opt->value;
		*bits = negated ? *bits & ~mask : *bits | mask;
	} else {
		int *count = field;
		*count = negated ? 0 : *count + opt->value;
	}
}

/** Sets the field of an option to its argument; NULL for --no-name. */
static int store_argument(struct parser *parser, const struct opt *opt,
	const struct typed *typed, const char *value)
{
	void *field = parser->fields + opt->offset;
	if (opt->kind == OPT_TEXT) {
		*(const char **)field = value;
	} else if (opt->kind == OPT_LIST) {
		if (value)
			opt_list_add(field, value);
		else
			opt_list_clear(field);
	} else if (!value) {
		*(uint64_t *)field = 0;
	} else if (!opt_parse_number(field, value)) {
		return err_set(parser->err, ERR_USAGE,
			"option '%s' expects a number, optionally with a "
			"suffix k, m or g",
			typed->name);
	}
	return 0;
}

/** Carries out one option; takes the next argument as its value if need be. */
static int apply(
	struct parser *parser, const struct opt *opt, const struct typed *typed)
{
	if (!takes_argument(opt) || typed->negated) {
		if (typed->value)
			return err_set(parser->err, ERR_USAGE,
				"option '%s' takes no value", typed->name);
		if (takes_argument(opt))
			return store_argument(parser, opt, typed, NULL);
		store_switch(parser->fields + opt->offset, opt, typed->negated);
		return 0;
	}
	const char *value = typed->value;
	if (!value && argument_is_optional(opt))
		value = "";
	if (!value && parser->next < parser->argc)
		value = parser->argv[parser->next++];
	if (!value)
		return err_set(parser->err, ERR_USAGE,
			"option '%s' requires a value", typed->name);
	return store_argument(parser, opt, typed, value);
}

/** What a long name can mean; options are looked at one by one. */
struct long_match {
	const struct opt *found;
	bool negated;
	bool exact;
	const char *other; /* a second option with that prefix */
};

static void match_form(struct long_match *match, const struct opt *opt,
	bool negated, const char *form, const char *name, size_t len)
{
	if (strncmp(form, name, len) != 0)
		return;
	bool exact = form[len] == '\0';
	/* an option's own name goes before the negation of another */
	if (match->exact && (!exact || negated || !match->negated))
		return;
	if (match->found && !exact) {
		/* --no-x and its own prefixes are one option, not two */
		if (match->found != opt)
			match->other = opt->long_name;
		return;
	}
	match->found = opt;
	match->negated = negated;
	match->exact = exact;
}

/** Looks the name up as it stands, then as "no-" and a name, then as a name
 * that the table has with "no-" before it. */
static struct long_match match_long(
	const struct opt_spec *spec, const char *name, size_t len)
{
	struct long_match match = { 0 };
	bool negated = len > 3 && !strncmp(name, "no-", 3);
	for (const struct opt *opt = spec->opts; opt->help; opt++) {
		if (opt->kind == OPT_GROUP || !opt->long_name)
			continue;
		match_form(&match, opt, false, opt->long_name, name, len);
		if (negated)
			match_form(&match, opt, true, opt->long_name, name + 3,
				len - 3);
		if (!strncmp(opt->long_name, "no-", 3))
			match_form(&match, opt, true, opt->long_name + 3, name,
				len);
	}
	if (match.exact)
		match.other = NULL;
	return match;
}

/** The long name nearest to `name`, or NULL. */
static const char *nearest_long(const struct opt_spec *spec, const char *name)
{
	CLEANUP(freep) const char **names = NULL;
	size_t count = 0;
	size_t capacity = 0;
	for (const struct opt *opt = spec->opts; opt->help; opt++) {
		if (opt->kind == OPT_GROUP || !opt->long_name)
			continue;
		ARRAY_GROW(names, count, capacity);
		names[count++] = opt->long_name;
	}
	ARRAY_GROW(names, count, capacity);
	names[count] = NULL;
	return suggest(name, names);
}

/* Of the options before the command: no abbreviation of one behind it, as of
 * --git-dir-files, which would look at another repository. */
static int unknown_long(struct parser *parser, const struct typed *typed)
{
	if (!strcmp(typed->name, "--git-dir"))
		return err_set(parser->err, ERR_USAGE,
			"option '%s' goes before the command", typed->name);
	const char *near = nearest_long(parser->spec, typed->name + 2);
	if (near)
		return err_set(parser->err, ERR_USAGE,
			"unknown option '%s'; did you mean '--%s'?",
			typed->name, near);
	return err_set(
		parser->err, ERR_USAGE, "unknown option '%s'", typed->name);
}

static int parse_long(struct parser *parser, const char *word)
{
	struct typed typed = { 0 };
	const char *name = word + 2;
	size_t len = strcspn(name, "=");
	size_t shown =
		len < sizeof(typed.name) - 3 ? len : sizeof(typed.name) - 3;
	snprintf(typed.name, sizeof(typed.name), "--%.*s", (int)shown, name);
	if (name[len] == '=')
		typed.value = name + len + 1;

	struct long_match match = match_long(parser->spec, name, len);
	bool before = !match.exact && !strcmp(typed.name, "--git-dir");
	if (!match.found || !len || before)
		return unknown_long(parser, &typed);
	if (match.other)
		return err_set(parser->err, ERR_USAGE,
			"ambiguous option '%s': '--%s' or '--%s'", typed.name,
			match.found->long_name, match.other);
	typed.negated = match.negated;
	return apply(parser, match.found, &typed);
}

static const struct opt *find_short(const struct opt_spec *spec, char name)
{
	for (const struct opt *opt = spec->opts; opt->help; opt++)
		if (opt->kind != OPT_GROUP && opt->short_name == name)
			return opt;
	return NULL;
}

/** A bundle of short options; the first that takes a value takes the rest. */
static int parse_short(struct parser *parser, const char *word)
{
	for (const char *at = word + 1; *at; at++) {
		struct typed typed = { 0 };
		snprintf(typed.name, sizeof(typed.name), "-%c", *at);
		const struct opt *opt = find_short(parser->spec, *at);
		if (!opt && *at == 'h')
			return OPT_HELP_ASKED;
		if (!opt)
			return err_set(parser->err, ERR_USAGE,
				"unknown option '%s'", typed.name);
		bool last = takes_argument(opt);
		if (last && at[1])
			typed.value = at + 1;
		int rc = apply(parser, opt, &typed);
		if (rc || last)
			return rc;
	}
	return 0;
}

/** Moves the arguments from `next` on to the words found before. */
static int take_rest(struct parser *parser)
{
	while (parser->next < parser->argc)
		parser->argv[parser->words++] = parser->argv[parser->next++];
	return 0;
}

/** One argument; 0, OPT_HELP_ASKED, or a negative code. */
static int parse_one(struct parser *parser)
{
	char *word = parser->argv[parser->next];
	/* a lone "-" is a word: standard input */
	if (word[0] != '-' || !word[1]) {
		if (parser->spec->stop_at_word)
			return take_rest(parser);
		parser->argv[parser->words++] = word;
		parser->next++;
		return 0;
	}
	parser->next++;
	if (word[1] != '-')
		return parse_short(parser, word);
	if (!word[2] && parser->spec->keep_dashes)
		parser->argv[parser->words++] = word;
	if (!word[2] || !strcmp(word, "--end-of-options"))
		return take_rest(parser);
	if (!strcmp(word, "--help"))
		return OPT_HELP_ASKED;
	return parse_long(parser, word);
}

int opt_parse(void *fields, const struct opt_spec *spec, int argc, char **argv,
	struct err *err)
{
	struct parser parser = {
		.fields = fields,
		.spec = spec,
		.argv = argv,
		.argc = argc,
		.err = err,
	};
	while (parser.next < argc) {
		int rc = parse_one(&parser);
		if (rc)
			return rc;
	}
	return parser.words;
}
