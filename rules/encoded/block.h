/*
 * What can be told of many bytes at once, in a few instructions with SSE2; the
 * loops beside these are plain enough for a compiler to do likewise.
 */
#ifndef RULES_ENCODED_BLOCK_H
#define RULES_ENCODED_BLOCK_H

#include "rules/encoded/alphabet.h"
#include "rules/encoded/escapes.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64 /* bytes */

/** Half a window; windows begin at multiples of it. */
#define STRIDE        8
#define WINDOW        (2 * STRIDE)
#define BLOCK_STRIDES (BLOCK / STRIDE)

#ifdef __SSE2__

static inline __m128i load_16(const unsigned char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline uint32_t bits_16(__m128i mask)
{
	return (uint32_t)_mm_movemask_epi8(mask);
}

/* first <= byte <= last */
static inline __m128i in_range_16(__m128i bytes, char first, char last)
{
	__m128i offset = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
	__m128i most = _mm_set1_epi8((char)(last - first));
	return _mm_cmpeq_epi8(_mm_min_epu8(offset, most), offset);
}

#endif

/** A bit for each of 16 bytes, the lowest for the first: where it is greater
 * than "*" in ASCII, as every digit is, and no white space, quote or
 * parenthesis. */
static inline uint32_t dense_16(const unsigned char *at)
{
#ifdef __SSE2__
	return bits_16(_mm_cmpgt_epi8(load_16(at), _mm_set1_epi8('*')));
#else
	uint32_t dense = 0;
	for (unsigned i = 0; i < 16; i++)
		dense |= (uint32_t)(at[i] > '*' && at[i] < 0x80) << i;
	return dense;
#endif
}

/** A bit for each of 16 bytes that has this value. */
static inline uint32_t equal_16(const unsigned char *at, char value)
{
#ifdef __SSE2__
	return bits_16(_mm_cmpeq_epi8(load_16(at), _mm_set1_epi8(value)));
#else
	uint32_t equal = 0;
	for (unsigned i = 0; i < 16; i++)
		equal |= (uint32_t)(at[i] == (unsigned char)value) << i;
	return equal;
#endif
}

/** As escape_is_of_text(), where it is not so. */
static inline uint32_t outside_text_16(const unsigned char *at)
{
#ifdef __SSE2__
	__m128i bytes = load_16(at);
	uint32_t printable = bits_16(in_range_16(bytes, '!', '~'));
	return (~printable & 0xFFFF) | equal_16(at, '"') | equal_16(at, '\'') |
		equal_16(at, '`') | equal_16(at, '<') | equal_16(at, '>') |
		equal_16(at, '\\');
#else
	uint32_t outside = 0;
	for (unsigned i = 0; i < 16; i++)
		outside |= (uint32_t)!escape_is_of_text(at[i]) << i;
	return outside;
#endif
}

/** dense_16() of 64 bytes. */
static inline uint64_t dense_64(const unsigned char *at)
{
	uint64_t dense = 0;
	for (unsigned i = 0; i < 64; i += 16)
		dense |= (uint64_t)dense_16(at + i) << i;
	return dense;
}

/** A bit for each "%" among 64 bytes. */
static inline uint64_t percents_64(const unsigned char *at)
{
	uint64_t percents = 0;
#ifdef __SSE2__
	const __m128i percent = _mm_set1_epi8('%');
	__m128i found[4];
	for (unsigned i = 0; i < 4; i++)
		found[i] =
			_mm_cmpeq_epi8(load_16(at + (size_t)16 * i), percent);
	if (!bits_16(_mm_or_si128(_mm_or_si128(found[0], found[1]),
		    _mm_or_si128(found[2], found[3]))))
		return 0;
	for (unsigned i = 0; i < 4; i++)
		percents |= (uint64_t)bits_16(found[i]) << 16 * i;
#else
	for (unsigned i = 0; i < 64; i++)
		percents |= (uint64_t)(at[i] == '%') << i;
#endif
	return percents;
}

/** A bit for each stride of a block whose bytes are all dense. */
static inline uint32_t dense_strides(uint64_t dense)
{
	dense &= dense >> 1;
	dense &= dense >> 2;
	dense &= dense >> 4;
	dense &= 0x0101010101010101;
	return (uint32_t)(dense * 0x0102040810204080 >> 56);
}

/* Bits of a window's bytes that may be the first of four digits of text. */
static inline uint32_t first_digits(const unsigned char *at)
{
#ifdef __SSE2__
	__m128i bytes = load_16(at);
	return bits_16(_mm_or_si128(in_range_16(bytes, 'A', 'D'),
		_mm_or_si128(in_range_16(bytes, 'I', 'Z'),
			in_range_16(bytes, 'a', 'f'))));
#else
	uint32_t first = 0;
	for (unsigned i = 0; i < WINDOW; i++)
		first |= (uint32_t) !!(digit_kinds[at[i]] & DIGIT_FIRST) << i;
	return first;
#endif
}

/* The same of the first of two. */
static inline uint32_t high_digits(const unsigned char *at)
{
#ifdef __SSE2__
	return bits_16(in_range_16(load_16(at), '0', '7'));
#else
	uint32_t high = 0;
	for (unsigned i = 0; i < WINDOW; i++)
		high |= (uint32_t) !!(digit_kinds[at[i]] & DIGIT_HIGH) << i;
	return high;
#endif
}

/* As window_is_telling(), byte by byte. */
static inline bool window_holds_text(const unsigned char *at)
{
	unsigned kinds[4] = { ~0U, ~0U, ~0U, ~0U };
	for (unsigned i = 0; i < WINDOW; i++)
		kinds[i % 4] &= digit_kinds[at[i]];
	unsigned all = kinds[0] & kinds[1] & kinds[2] & kinds[3];
	if (!(all & DIGIT_BASE64))
		return false;
	for (unsigned i = 0; i < 4; i++)
		if (kinds[i] & DIGIT_FIRST &&
			kinds[(i + 1) % 4] & DIGIT_SECOND &&
			kinds[(i + 2) % 4] & DIGIT_THIRD)
			return true;
	unsigned high = (kinds[0] & kinds[2]) | (kinds[1] & kinds[3]);
	return all & DIGIT_HEX && high & DIGIT_HIGH;
}

/** True when the bytes of a window can be digits of an encoded text: base64 at
 * any of four places, or hexadecimal at any of two. */
static inline bool window_is_telling(const unsigned char *at)
{
	uint32_t first = first_digits(at);
	uint32_t high = high_digits(at);
	first &= first >> 8;
	first &= first >> 4;
	high &= high >> 8;
	high &= high >> 4;
	high &= high >> 2;
	return (first & 15 || high & 3) && window_holds_text(at);
}

#endif
