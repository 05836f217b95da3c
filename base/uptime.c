#include "base/uptime.h"

#include <time.h>

/* Linux has a clock that is not asked of the processor each time. */
#ifdef CLOCK_MONOTONIC_COARSE
#define CLOCK CLOCK_MONOTONIC_COARSE
#else
#define CLOCK CLOCK_MONOTONIC
#endif

int64_t uptime_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
