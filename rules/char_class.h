/* Classes of characters that a secret must hold one of each (`requires`). */
#ifndef RULES_CHAR_CLASS_H
#define RULES_CHAR_CLASS_H

#include <stddef.h>

enum char_class {
	CLASS_DIGIT = 1 << 0,
	CLASS_LETTER = 1 << 1, /* ASCII, of either case */
	CLASS_LOWER = 1 << 2,
	CLASS_SIGN = 1 << 3, /* graphic ASCII that is neither */
	CLASS_UPPER = 1 << 4,
};
#define CLASS_COUNT 5

/** "digit", "letter", …; the word for one bit. NULL for no bit. */
const char *char_class_name(unsigned bit);

/** The bit behind a word, or 0. */
unsigned char_class_parse(const char *word);

/** The classes that occur in the bytes. */
unsigned char_classes_in(const unsigned char *bytes, size_t len);

#endif
