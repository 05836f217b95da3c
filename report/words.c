#include "report/words.h"

#include "report/text_escape.h"

#define CALL_WIDTH 40
#define OID_SHOWN  10

const char *words_of_holds(unsigned bit)
{
	/* enum holds, lowest bit first */
	static const char *const words[HOLDS_COUNT] = {
		"user id",
		"e-mail address",
		"name",
		"CSRF token",
		"access token",
		"password",
		"admin rights",
		"shopping cart",
		"address",
		"session id",
		"secret key",
	};
	for (size_t i = 0; i < HOLDS_COUNT; i++)
		if (bit == 1U << i)
			return words[i];
	return NULL;
}

const char *words_of_id(int id)
{
	switch (id) {
	case ID_CLEAR:
		return "in clear: whoever reads it can use the session";
	case ID_KEYED:
		return "in clear, but a cookie needs the application's key "
		       "besides";
	case ID_HASHED:
		return "only as a hash: no cookie can be made of it";
	case ID_CREDENTIAL:
		return "not needed: whoever has the file is logged in";
	default:
		return NULL;
	}
}

void add_name(const struct page *page, struct buf *out, const char *name,
	size_t width)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add(&text, name, page->opts->utf8);
	if (!text.len)
		return;
	text_shorten(&text, width, page->opts->utf8);
	buf_add(out, text.bytes, text.len);
}

bool add_message(struct buf *out, const struct finding *finding)
{
	int object = finding_object(finding);
	if (object == OBJECT_IS_FILE)
		return false;
	buf_add_text(out, "message");
	if (object == OBJECT_OF_TAG || finding->exposure.first)
		buf_printf(out, " of %s %.*s",
			object == OBJECT_OF_TAG ? "tag" : "commit", OID_SHOWN,
			finding->blob);
	return true;
}

void add_calls(const struct page *page, struct buf *out,
	const char *const *calls, size_t count, size_t most)
{
	for (size_t i = 0; i < count && i < most; i++) {
		buf_add_text(out, i ? ", " : "");
		add_name(page, out, calls[i], CALL_WIDTH);
	}
	if (count <= most)
		return;
	buf_add_text(out, " and ");
	add_number(out, count - most);
	buf_add_text(out, " more");
}
