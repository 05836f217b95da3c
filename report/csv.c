#include "report/csv.h"

#include "report/iso_date.h"
#include "report/text_escape.h"

#include <string.h>

static void begin_cell(struct csv_row *row)
{
	if (row->has_cells)
		fputc(',', row->out);
	row->has_cells = true;
}

/* owasp.org, "CSV Injection": what starts with one of these is a formula, in a
 * quoted cell too. Tab and CR never get here. */
static bool is_formula(const char *text)
{
	return *text && strchr("=+-@", *text);
}

static void put_cell(struct csv_row *row, const char *text)
{
	begin_cell(row);
	bool formula = is_formula(text);
	if (!formula && !strpbrk(text, ",\"")) {
		fputs(text, row->out);
		return;
	}
	fputs(formula ? "\"'" : "\"", row->out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', row->out);
		fputc(*text, row->out);
	}
	fputc('"', row->out);
}

void csv_put_text(struct csv_row *row, const char *text)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	if (text)
		text_add_prose(&safe, text);
	put_cell(row, safe.len ? safe.bytes : "");
}

void csv_put_path(struct csv_row *row, const char *path)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	if (path)
		text_add_path(&safe, path, true);
	put_cell(row, safe.len ? safe.bytes : "");
}

void csv_put_count(struct csv_row *row, size_t count)
{
	begin_cell(row);
	fprintf(row->out, "%zu", count);
}

void csv_put_date(struct csv_row *row, bool known, int64_t time)
{
	char text[ISO_DATE_SIZE] = "";
	if (known)
		iso_date(text, time);
	put_cell(row, text);
}

void csv_end_row(struct csv_row *row)
{
	fputs("\r\n", row->out);
	row->has_cells = false;
}
