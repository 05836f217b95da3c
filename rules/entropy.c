#include "rules/entropy.h"

#include <limits.h>
#include <math.h>

double entropy_bits(const unsigned char *bytes, size_t len)
{
	size_t counts[UCHAR_MAX + 1] = { 0 };
	for (size_t i = 0; i < len; i++)
		counts[bytes[i]]++;
	double bits = 0;
	for (size_t i = 0; i <= UCHAR_MAX; i++) {
		if (!counts[i])
			continue;
		double share = (double)counts[i] / (double)len;
		bits -= share * log2(share);
	}
	return bits;
}
