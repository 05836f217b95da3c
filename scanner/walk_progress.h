/* How long work tells how far it is. */
#ifndef SCANNER_WALK_PROGRESS_H
#define SCANNER_WALK_PROGRESS_H

#include <stddef.h>

/** Told now and then, on the caller's thread, how much is done. */
struct walk_progress {
	void (*tell)(size_t done, size_t total, void *ctx);
	void *ctx;
};

#endif
