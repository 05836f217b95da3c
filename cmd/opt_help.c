/* The help text of an option table, wrapped to 80 columns. */
#include "base/buf.h"
#include "base/utf8.h"
#include "cmd/opt.h"

#include <string.h>

#define COLUMNS     80
#define NAME_COLUMN 4
#define HELP_COLUMN 28
#define NAME_GAP    2

/** Columns that `len` bytes of UTF-8 take; one for each character. */
static size_t width(const char *text, size_t len)
{
	size_t columns = 0;
	size_t at = 0;
	while (at < len) {
		uint32_t code;
		size_t step = utf8_decode(
			&code, (const unsigned char *)text + at, len - at);
		at += step ? step : 1;
		columns++;
	}
	return columns;
}

static void start_line(FILE *out, size_t indent)
{
	fprintf(out, "\n%*s", (int)indent, "");
}

/** Prints `len` bytes word by word; returns the column after the last. */
static size_t print_words(
	FILE *out, size_t at, size_t indent, const char *text, size_t len)
{
	bool first = true;
	while (len) {
		size_t word = 0;
		while (word < len && text[word] != ' ' && text[word] != '\n')
			word++;
		size_t columns = width(text, word);
		if (word && !first && at + 1 + columns > COLUMNS) {
			start_line(out, indent);
			at = indent;
		} else if (word && !first) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, word, out);
		at += columns;
		first = first && !word;
		text += word < len ? word + 1 : word;
		len -= word < len ? word + 1 : word;
	}
	return at;
}

void opt_print_wrapped(FILE *out, size_t at, size_t indent, const char *text)
{
	print_words(out, at, indent, text, strlen(text));
	fputc('\n', out);
}

void opt_print_usage(FILE *out, const struct opt_spec *spec)
{
	static const char command[] = " git hygiene ";
	const char *prefix = "usage:";
	const char *form = spec->usage;
	while (*form) {
		size_t len = strcspn(form, "\n");
		fputs(prefix, out);
		fputs(command, out);
		size_t at = strlen(prefix) + strlen(command);
		print_words(out, at, at, form, len);
		fputc('\n', out);
		form += form[len] ? len + 1 : len;
		prefix = "   or:";
	}
}

/** One paragraph, or lines that are printed as they are. */
static void print_paragraph(FILE *out, const char *text, size_t len)
{
	if (*text == ' ')
		fwrite(text, 1, len, out);
	else
		print_words(out, 0, 0, text, len);
	fputc('\n', out);
}

static void print_description(FILE *out, const char *text)
{
	while (text && *text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);
		fputc('\n', out);
		print_paragraph(out, text, len);
		text = end ? end + 2 : NULL;
	}
}

bool opt_has_no_form(const struct opt *opt)
{
	return opt->kind == OPT_FLAG && opt->long_name &&
		strncmp(opt->long_name, "no-", 3) != 0;
}

/** "-q, --quiet", "--[no-]progress", "-o, --output <file>". */
static void describe_names(struct buf *names, const struct opt *opt)
{
	if (opt->short_name)
		buf_printf(names, "-%c%s", opt->short_name,
			opt->long_name ? ", " : "");
	if (opt->long_name)
		buf_printf(names, "--%s%s", opt_has_no_form(opt) ? "[no-]" : "",
			opt->long_name);
	if (opt->argument)
		buf_printf(names, "%s%s", opt->argument[0] == '[' ? "" : " ",
			opt->argument);
}

static void print_option(FILE *out, const struct opt *opt)
{
	CLEANUP(buf_clear) struct buf names;
	buf_init(&names, 0);
	describe_names(&names, opt);
	size_t at = NAME_COLUMN + width(names.bytes, names.len);
	fprintf(out, "%*s%s", NAME_COLUMN, "", names.bytes);
	if (at + NAME_GAP > HELP_COLUMN)
		start_line(out, HELP_COLUMN);
	else
		fprintf(out, "%*s", (int)(HELP_COLUMN - at), "");
	opt_print_wrapped(out, HELP_COLUMN, HELP_COLUMN, opt->help);
}

void opt_print_help(FILE *out, const struct opt_spec *spec)
{
	opt_print_usage(out, spec);
	print_description(out, spec->description);
	if (spec->opts->help && spec->opts->kind != OPT_GROUP)
		fputc('\n', out);
	for (const struct opt *opt = spec->opts; opt->help; opt++) {
		if (opt->kind == OPT_GROUP)
			fprintf(out, "\n%s\n", opt->help);
		else
			print_option(out, opt);
	}
}

int opt_begin(void *fields, const struct opt_spec *spec, FILE *out, int argc,
	char **argv, struct err *err)
{
	int words = opt_parse(fields, spec, argc, argv, err);
	if (words != OPT_HELP_ASKED)
		return words;
	opt_print_help(out, spec);
	return OPT_HELP_GIVEN;
}
