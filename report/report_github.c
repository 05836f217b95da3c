/*
 * Workflow commands of GitHub Actions: the worst findings as annotations. A
 * line of the log that starts with "::" is a command, so every line starts with
 * words of ours, and what comes from the repository is escaped before
 * (docs.github.com, "Workflow commands for GitHub Actions").
 */
#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/host_rule.h"
#include "report/reporters.h"
#include "report/text_escape.h"

#include <string.h>

/* More of one level are dropped by GitHub in silence. */
#define MAX_OF_LEVEL 10

enum level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, LEVEL_COUNT };

static const char *const level_names[] = { "error", "warning", "notice" };

static enum level level_of(int severity)
{
	if (severity >= SEVERITY_HIGH)
		return LEVEL_ERROR;
	return severity == SEVERITY_MEDIUM ? LEVEL_WARNING : LEVEL_NOTICE;
}

/* What the runner decodes: %25 %0D %0A everywhere, in properties also %3A and
 * %2C. Other control characters are shown escaped. */
static void add_value(struct buf *out, const char *text, const char *special)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	text_add_prose(&safe, text);
	for (size_t i = 0; i < safe.len; i++) {
		unsigned char byte = (unsigned char)safe.bytes[i];
		if (strchr(special, byte))
			buf_printf(out, "%%%02X", byte);
		else
			buf_add_byte(out, byte);
	}
}

static void add_property(
	struct buf *out, const char *before, const char *name, const char *text)
{
	buf_printf(out, "%s%s=", before, name);
	add_value(out, text, "%:,");
}

static void put_command(FILE *out, enum level level, const char *properties,
	const char *message)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_value(&text, message, "%");
	fprintf(out, "::%s %s::%s\n", level_names[level], properties,
		text.bytes);
}

static void put_group(
	FILE *out, const struct group *group, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf properties;
	CLEANUP(buf_clear) struct buf message;
	buf_init(&path, 0);
	buf_init(&properties, 0);
	buf_init(&message, 0);
	const struct finding *spot = group_spot(group);
	add_host_path(&path, spot);
	add_property(&properties, "", "file", path.bytes);
	if (spot->region.start_line)
		buf_printf(&properties, ",line=%zu,endLine=%zu",
			spot->region.start_line, spot->region.end_line);
	add_property(&properties, ",", "title", rule_title(group->worst->rule));
	group_add_sentence(&message, group, result);
	put_command(out, level_of(group->worst->severity), properties.bytes,
		message.bytes);
}

static void put_totals(FILE *out, const struct group_list *list, size_t shown,
	const struct scan_result *result)
{
	fprintf(out,
		"git-hygiene: %zu stores, secrets, settings and other paths "
		"with findings",
		list->count);
	if (shown < list->count)
		fprintf(out, "; %zu of them are annotations", shown);
	fprintf(out, " (%zu paths, %zu blobs, %zu commits looked at)\n",
		result->paths, result->blobs, result->commits);
}

static int write_github(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)opts;
	CLEANUP(group_list_clear) struct group_list list;
	group_list_init(&list, result);
	size_t of_level[LEVEL_COUNT] = { 0 };
	size_t shown = 0;
	for (size_t i = 0; i < list.count; i++) {
		enum level level = level_of(list.groups[i].worst->severity);
		if (of_level[level]++ >= MAX_OF_LEVEL)
			continue;
		put_group(out, &list.groups[i], result);
		shown++;
	}
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_incomplete(&text, result);
	if (text.len)
		put_command(out, LEVEL_WARNING, "title=Incomplete scan",
			text.bytes);
	put_totals(out, &list, shown, result);
	return report_finish(out, err);
}

const struct reporter reporter_github = {
	.name = "github",
	.summary = "annotations of GitHub Actions, and a job summary",
	.write = write_github,
};
