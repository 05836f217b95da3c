#include "rules/signing/published.h"

#define KEY(literal)                                       \
	{                                                  \
		.bytes = (const unsigned char *)(literal), \
		.len = sizeof(literal) - 1,                \
	}

/* As bytes, escapes resolved: they are tried as they stand here. The rule
 * session-key-published finds the same keys in text; unit.rules.signing.
 * published holds the two together. */
const struct key_form published_keys[] = {
	/* Flask's documentation, versions 0.1 to 3.1 */
	KEY("dev"),
	KEY("development key"),
	KEY("my development key"),
	KEY("some_secret"),
	KEY("the secret key"),
	KEY("192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"),
	KEY("_5#y2L\"F4Q8z\n\xec]/"),
	KEY("5f352379324c22463451387a0aec5d2f"),
	KEY("A0Zr98j/3yX R~XHH!jmN]LWX/,?RT"),
	KEY("\xfd{H\xe5<\x95\xf9\xe3\x96.5\xd1\x01O<!\xd5\xa2\xa0\x9fR\"\xa1"
	    "\xa8"),
	KEY("?\xbf,\xb4\x8d\xa3\"<\x9c\xb0@\x0f"
	    "5\xab,w\xee\x8d$0\x13\x8b"
	    "83"),
	/* tutorials */
	KEY("changeme"),
	KEY("hard to guess string"),
	KEY("keyboard cat"), /* express-session's own page */
	KEY("mysecret"),
	KEY("secret"),
	KEY("secretkey"),
	KEY("super secret key"),
	KEY("supersecretkey"),
	KEY("you-will-never-guess"),
	/* jwt.io's example */
	KEY("your-256-bit-secret"),
};

const size_t published_key_count =
	sizeof(published_keys) / sizeof(published_keys[0]);
