#include "cmd/progress.h"

#include <stdlib.h>
#include <time.h>

#define DEFAULT_DELAY 2 /* seconds, as git's progress.c has it */

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

void progress_tell(const char *what, size_t done, size_t total, void *ctx)
{
	struct progress *progress = ctx;
	double now = monotonic_seconds();
	if (now < progress->due)
		return;
	progress->due = now + 1;
	if (progress->what && progress->what != what)
		fputc('\n', progress->out);
	progress->what = what;
	fprintf(progress->out, "\r%s: %3zu%% (%zu/%zu)", what,
		total ? done * 100 / total : 100, done, total);
	fflush(progress->out);
}

void progress_end(struct progress *progress)
{
	if (progress->what)
		fputs(", done.\n", progress->out);
	progress->what = NULL;
}
