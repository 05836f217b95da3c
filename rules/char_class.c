#include "rules/char_class.h"

#include <ctype.h>
#include <string.h>

static const char *const words[CLASS_COUNT] = { "digit", "letter", "lower",
	"sign", "upper" };

const char *char_class_name(unsigned bit)
{
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		if (bit == 1U << i)
			return words[i];
	return NULL;
}

unsigned char_class_parse(const char *word)
{
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		if (!strcmp(words[i], word))
			return 1U << i;
	return 0;
}

unsigned char_classes_in(const unsigned char *bytes, size_t len)
{
	unsigned classes = 0;
	for (size_t i = 0; i < len; i++) {
		if (isdigit(bytes[i]))
			classes |= CLASS_DIGIT;
		else if (isupper(bytes[i]))
			classes |= CLASS_UPPER | CLASS_LETTER;
		else if (islower(bytes[i]))
			classes |= CLASS_LOWER | CLASS_LETTER;
		else if (isgraph(bytes[i]))
			classes |= CLASS_SIGN;
	}
	return classes;
}
