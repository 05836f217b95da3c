#include "rules/word_model.h"

#include <ctype.h>

/* 'f' is 0 bits, 'a' -5, 'j' 4: the row is the first letter, the column the
 * second. Counted over the words of the documentation and source of git and
 * Flask, each once a file, and, with the same weight, over the American list of
 * words of SCOWL (/usr/share/dict/words). */
static const char pair_bits[26][26 + 1] = {
	"bfgfbdfcfaehfhafahgheedcec", /* a */
	"heddhbaageahdbgbagfcgbaaea", /* b */
	"hbebhaahfagfdahbafdgfaaada", /* c */
	"gddficdchcafcdgbafgcfdcbea", /* d */
	"gdghfedcdabffhdechhfcedfda", /* e */
	"gbcdggbaiaagbdhbagffgaaaea", /* f */
	"gbcbicfghaafdggcagfdgccaea", /* g */
	"hcabibabhaadddhaafeffacaea", /* h */
	"fegffffaaacgfigebfggbeadae", /* i */
	"hbccibcbgddbbbhcbbebhbbbaa", /* j */
	"gdbeiedehacfcffdadheeadaeb", /* k */
	"hccfidcahachccgdabfffdbaga", /* l */
	"hfccibaahaccgcggabecfbaada", /* m */
	"gbgghehbgaedcegcacghedbada", /* n */
	"deffdeebebdfghffahffgefcca", /* o */
	"habdhbbfgaagbahgahfgfabada", /* p */
	"dccbbcbbcbbdbbbbdcdcjacbab", /* q */
	"hdeeidebhaeeeegdafgffdcafa", /* r */
	"fbfbhcbggaeeedffcbgigbdaea", /* s */
	"gbechcaghaaecbgcaggffadafb", /* t */
	"fffffeeafabgghdgahhgababab", /* u */
	"haaajaaahaabacgaaadadbaaca", /* v */
	"hccdhcahhacebfhcagfcbacaba", /* w */
	"gbgehdbdhaacebeiacehecbeeb", /* x */
	"gefegdedgacfggggafhfdbeccc", /* y */
	"hcbbjaadhabeccfcbcccdbcaeg", /* z */
};

struct word_score word_score(const unsigned char *bytes, size_t len)
{
	struct word_score score = { 0 };
	for (size_t i = 1; i < len; i++) {
		unsigned first = (bytes[i - 1] | 0x20U) - 'a';
		unsigned second = (bytes[i] | 0x20U) - 'a';
		if (first >= 26 || second >= 26) {
			bool letter = first < 26 || second < 26;
			score.bits -= letter &&
				(isdigit(bytes[i - 1]) || isdigit(bytes[i]));
			continue;
		}
		score.bits += pair_bits[first][second] - 'f';
		score.pairs++;
	}
	return score;
}

bool reads_as_words(const unsigned char *bytes, size_t len)
{
	size_t hex = 0;
	while (hex < len && isxdigit(bytes[hex]))
		hex++;
	if (hex == len && len > 8)
		return false;
	struct word_score score = word_score(bytes, len);
	return score.bits > 0 && score.pairs * 2 >= len;
}
