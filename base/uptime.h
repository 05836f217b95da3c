/* A clock that only goes forward, for bounds on how long something may take. */
#ifndef BASE_UPTIME_H
#define BASE_UPTIME_H

#include <stdint.h>

/** Milliseconds since some moment before the program began. Cheap enough to be
 * asked before each small step; a few milliseconds late. */
int64_t uptime_ms(void);

#endif
