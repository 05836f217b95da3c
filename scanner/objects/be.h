/* Big-endian integers, as all of git's binary files have them. */
#ifndef SCANNER_OBJECTS_BE_H
#define SCANNER_OBJECTS_BE_H

#include <stdint.h>

static inline uint16_t be_get16(const unsigned char *bytes)
{
	return (uint16_t)((unsigned)bytes[0] << 8 | bytes[1]);
}

static inline uint32_t be_get32(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		(uint32_t)bytes[2] << 8 | bytes[3];
}

static inline uint64_t be_get64(const unsigned char *bytes)
{
	return (uint64_t)be_get32(bytes) << 32 | be_get32(bytes + 4);
}

#endif
