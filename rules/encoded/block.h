/*
 * What can be told of many bytes at once, in a few instructions with SSE2; the
 * loops beside these are plain enough for a compiler to do likewise.
 */
#ifndef RULES_ENCODED_BLOCK_H
#define RULES_ENCODED_BLOCK_H

#include "rules/encoded/alphabet.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64 /* bytes */

/** Half a window; windows begin at multiples of it. */
#define STRIDE 8
#define WINDOW (2 * STRIDE)

/** So many bytes of a block are told in one bit. */
#define QUAD        4
#define BLOCK_QUADS (BLOCK / QUAD)

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
 * than a character of ASCII, and ASCII itself. */
static inline uint32_t greater_16(const unsigned char *at, char least)
{
#ifdef __SSE2__
	return bits_16(_mm_cmpgt_epi8(load_16(at), _mm_set1_epi8(least)));
#else
	uint32_t greater = 0;
	for (unsigned i = 0; i < 16; i++)
		greater |= (uint32_t)(at[i] > least && at[i] < 0x80) << i;
	return greater;
#endif
}

/** Where it has this value. */
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

/** The same of 32 bytes. */
static inline uint32_t greater_32(const unsigned char *at, char least)
{
	return greater_16(at, least) | greater_16(at + 16, least) << 16;
}

static inline uint32_t equal_32(const unsigned char *at, char value)
{
	return equal_16(at, value) | equal_16(at + 16, value) << 16;
}

/** Dense bytes are greater than "*", as every digit is, and no white space,
 * quote or parenthesis. */
#define BELOW_DENSE '*'

/** A bit for each quad of a block whose bytes are all dense. */
static inline uint32_t dense_quads(const unsigned char *at)
{
#ifdef __SSE2__
	const __m128i least = _mm_set1_epi8(BELOW_DENSE);
	__m128i low = _mm_packs_epi16(_mm_cmpgt_epi8(load_16(at), least),
		_mm_cmpgt_epi8(load_16(at + 16), least));
	__m128i high = _mm_packs_epi16(_mm_cmpgt_epi8(load_16(at + 32), least),
		_mm_cmpgt_epi8(load_16(at + 48), least));
	/* only -1, two bytes of ones, is packed into -1 */
	__m128i quads = _mm_packs_epi16(low, high);
	return bits_16(_mm_cmpeq_epi8(quads, _mm_set1_epi8(-1)));
#else
	uint32_t quads = 0;
	for (unsigned i = 0; i < BLOCK; i += 16) {
		uint32_t dense = greater_16(at + i, BELOW_DENSE);
		for (unsigned k = 0; k < 4; k++)
			quads |= (uint32_t)((dense >> QUAD * k & 15) == 15)
				<< (i / QUAD + k);
	}
	return quads;
#endif
}

/** True when a byte of a block is "%". */
static inline bool has_percent(const unsigned char *at)
{
#ifdef __SSE2__
	const __m128i percent = _mm_set1_epi8('%');
	__m128i low = _mm_or_si128(_mm_cmpeq_epi8(load_16(at), percent),
		_mm_cmpeq_epi8(load_16(at + 16), percent));
	__m128i high = _mm_or_si128(_mm_cmpeq_epi8(load_16(at + 32), percent),
		_mm_cmpeq_epi8(load_16(at + 48), percent));
	return bits_16(_mm_or_si128(low, high));
#else
	return memchr(at, '%', BLOCK);
#endif
}

/** A bit for each of them. */
static inline uint64_t percents_64(const unsigned char *at)
{
	return (uint64_t)equal_32(at + 32, '%') << 32 | equal_32(at, '%');
}

/** A bit for each of 16 bytes: where it is a digit of base64. */
static inline uint32_t digits_16(const unsigned char *at)
{
#ifdef __SSE2__
	__m128i bytes = load_16(at);
	__m128i small = _mm_or_si128(bytes, _mm_set1_epi8(' '));
	__m128i name = _mm_or_si128(in_range_16(small, 'a', 'z'),
		_mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
	__m128i others = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(',')),
		_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')));
	__m128i number = _mm_andnot_si128(others, in_range_16(bytes, '+', '9'));
	return bits_16(_mm_or_si128(name, number));
#else
	uint32_t digits = 0;
	for (unsigned i = 0; i < 16; i++)
		digits |= (uint32_t)is_base64(at[i]) << i;
	return digits;
#endif
}

/** A bit for each of 32 bytes: where no text in percent-encoding has it. Not
 * all of these are told. */
static inline uint32_t outside_escapes_32(const unsigned char *at)
{
	return ~greater_32(at, ' ') | equal_32(at, '"');
}

/** True when a "%" stands among 32 bytes, or no white space. */
static inline bool may_be_escapes(const unsigned char *at)
{
	uint32_t others = ~greater_32(at, ' ');
	return !others || equal_32(at, '%');
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
