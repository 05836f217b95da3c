#include "cmd/progress.h"

#include "base/buf.h"
#include "report/page.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LEAST_SECONDS 1.0 /* to judge a rate by */
#define DEFAULT_DELAY 2   /* seconds, as git's progress.c has it */

static double monotonic_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_init(struct progress *progress, FILE *out)
{
	const char *text = getenv("GIT_PROGRESS_DELAY");
	double delay = text ? (double)strtoul(text, NULL, 10) : DEFAULT_DELAY;
	*progress = (struct progress){
		.out = out,
		.due = monotonic_seconds() + delay,
	};
}

/* "12 s", "3 min", "2 h 10 min" */
static void add_duration(struct buf *out, double seconds)
{
	size_t minutes = (size_t)(seconds / 60 + 0.5);
	if (seconds < 90)
		buf_printf(out, "%.0f s", seconds < 1 ? 1 : seconds);
	else if (minutes < 90)
		buf_printf(out, "%zu min", minutes);
	else
		buf_printf(out, "%zu h %zu min", minutes / 60, minutes % 60);
}

void progress_add_rate(
	struct buf *out, size_t done, double seconds, size_t left)
{
	if (!done || seconds < LEAST_SECONDS)
		return;
	double rate = (double)done / seconds;
	add_number(out, (uint64_t)(rate + 0.5));
	buf_add_text(out, "/s");
	if (!left)
		return;
	buf_add_text(out, ", about ");
	add_duration(out, (double)left / rate);
	buf_add_text(out, " left");
}

static void begin(
	struct progress *progress, const char *what, size_t done, double now)
{
	if (progress->stands)
		fputc('\n', progress->out);
	progress->stands = false;
	progress->width = 0;
	progress->what = what;
	progress->since = now;
	progress->first = done;
}

void progress_tell(const char *what, size_t done, size_t total, void *ctx)
{
	struct progress *progress = ctx;
	double now = monotonic_seconds();
	if (progress->what != what || done < progress->first)
		begin(progress, what, done, now);
	if (now < progress->due)
		return;
	progress->due = now + 1;
	CLEANUP(buf_clear) struct buf line;
	CLEANUP(buf_clear) struct buf rate;
	buf_init(&line, 0);
	buf_init(&rate, 0);
	buf_printf(&line, "%s: %3zu%% (%zu/%zu)", what,
		total ? done * 100 / total : 100, done, total);
	progress_add_rate(&rate, done - progress->first, now - progress->since,
		total > done ? total - done : 0);
	if (rate.len)
		buf_printf(&line, ", %s", rate.bytes);
	/* what is left of a longer line is written over by spaces */
	fprintf(progress->out, "\r%-*s", progress->width, line.bytes);
	fflush(progress->out);
	progress->width = (int)line.len;
	progress->stands = true;
}

void progress_end(struct progress *progress)
{
	if (progress->stands)
		fputs(", done.\n", progress->out);
	progress->stands = false;
	progress->what = NULL;
}

bool progress_is_wanted(
	const struct progress_fields *fields, FILE *out, int verbosity)
{
	if (fields->off)
		return false;
	return fields->on || (isatty(fileno(out)) && verbosity >= 0);
}
