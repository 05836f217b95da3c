/*
 * Ctrl-C, and the end of a session or a service. During a scan nothing is on
 * disk, so the process may end at once; it only says so. While report files are
 * written, or secrets lie in files for git-filter-repo, the signals wait.
 */
#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H

#include <stdbool.h>

/** From now on SIGINT, SIGTERM and SIGHUP say that no report was written
 * before they end the process. One that is ignored stays so. */
void interrupt_announce(void);

/** Makes them wait, and asks whether one does. */
void interrupt_hold(void);
bool interrupt_is_held(void);

/** Lets them through. `done`: reports are written, and they say nothing. */
void interrupt_release(bool done);

#endif
