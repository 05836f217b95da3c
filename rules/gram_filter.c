#include "rules/gram_filter.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

void gram_filter_add(struct gram_filter *filter, uint32_t gram, uint32_t mask)
{
	for (unsigned shift = 0; shift < 24; shift += CHAR_BIT) {
		if (mask >> shift & UCHAR_MAX)
			continue;
		for (uint32_t byte = 0; byte <= UCHAR_MAX; byte++)
			if (byte & GRAM_FOLD)
				gram_filter_add(filter, gram | byte << shift,
					mask | (uint32_t)UCHAR_MAX << shift);
		return;
	}
	filter->rows[gram_row(gram)] |=
		mask >> 24 ? UINT32_C(1) << (gram >> 24) % 32 : UINT32_MAX;
}

/* Without a branch: one in ten steps finds something, and a processor that
 * guesses wrong loses more than a step. */
static size_t find_plainly(struct gram_places *out, size_t count,
	const struct gram_filter *filter, const unsigned char *bytes,
	size_t from, size_t to)
{
	for (size_t start = from; start < to; start += GRAM_STEP) {
		const unsigned char *here = bytes + start;
		uint64_t first = gram_read_two(here);
		uint32_t last = gram_read(here + GRAM_STEP - 2);
		unsigned found = gram_filter_has(filter, (uint32_t)first);
		found |= gram_filter_has(filter, (uint32_t)(first >> 16)) << 1;
		found |= gram_filter_has(filter, (uint32_t)(first >> 32)) << 2;
		found |= gram_filter_has(filter, last) << 3;
		out->starts[count] = (uint16_t)start;
		out->places[count] = (uint16_t)found;
		count += found != 0;
	}
	return count;
}

#ifdef __x86_64__

#define WIDE_STEP ((size_t)32)      /* bytes, with 16 places */
#define WIDE_READ UINT32_C(0x1ffff) /* so many pairs of bytes are read */

/* The same with AVX-512: half as long again as fast. */
__attribute__((target("avx512f,avx512bw"))) static size_t find_widely(
	struct gram_places *out, const struct gram_filter *filter,
	const unsigned char *bytes, size_t end)
{
	static const uint16_t pairs[] = { 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6,
		7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15,
		15, 16 };
	const __m512i pairs_of_grams = _mm512_loadu_si512(pairs);
	const __m512i fold = _mm512_set1_epi32((int)GRAM_FOLD);
	const __m512i factor =
		_mm512_set1_epi32((int)(GRAM_GOLDEN << CHAR_BIT));
	size_t count = 0;
	for (size_t start = 0; start < end; start += WIDE_STEP) {
		__m512i read =
			_mm512_maskz_loadu_epi16(WIDE_READ, bytes + start);
		__m512i grams = _mm512_or_si512(
			_mm512_permutexvar_epi16(pairs_of_grams, read), fold);
		__m512i numbers = _mm512_srli_epi32(
			_mm512_mullo_epi32(grams, factor), 32 - GRAM_ROW_BITS);
		__m512i rows = _mm512_i32gather_epi32(numbers, filter->rows, 4);
		/* turns the bit of the fourth byte into the lowest */
		__m512i bits =
			_mm512_rorv_epi32(rows, _mm512_srli_epi32(grams, 24));
		__mmask16 found =
			_mm512_test_epi32_mask(bits, _mm512_set1_epi32(1));
		out->starts[count] = (uint16_t)start;
		out->places[count] = found;
		count += found != 0;
	}
	return count;
}

/* Gathering takes long where GDS (CVE-2022-40982) is mended by microcode. What
 * knows bfloat16 came later, but for Cooper Lake. */
static bool gathers_fast(void)
{
	return __builtin_cpu_supports("avx512bw") &&
		__builtin_cpu_supports("avx512bf16");
}

#endif

void gram_filter_init(struct gram_filter *filter)
{
	*filter = (struct gram_filter){ 0 };
#ifdef __x86_64__
	filter->wide = gathers_fast();
#endif
}

void gram_filter_find(struct gram_places *out, const struct gram_filter *filter,
	const unsigned char *bytes, size_t steps)
{
	size_t len = steps * GRAM_STEP;
	size_t done = 0;
	out->count = 0;
#ifdef __x86_64__
	if (filter->wide) {
		done = len - len % WIDE_STEP;
		out->count = find_widely(out, filter, bytes, done);
	}
#endif
	out->count = find_plainly(out, out->count, filter, bytes, done, len);
}
