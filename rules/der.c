#include "rules/der.h"

/* §8.1.3: one byte below 128, else as many bytes as its low bits say. */
static bool take_length(size_t *out, struct der *in)
{
	if (!in->len)
		return false;
	size_t first = *in->bytes++;
	in->len--;
	*out = first;
	if (first < 0x80)
		return true;
	size_t count = first & 0x7f;
	if (!count || count > 3 || count > in->len)
		return false;
	*out = 0;
	for (size_t i = 0; i < count; i++)
		*out = *out << 8 | in->bytes[i];
	in->bytes += count;
	in->len -= count;
	return *out >= 0x80; /* DER: the shortest form alone, §10.1 */
}

/* Takes the next element off `in`: its tag, and its content. False at the end
 * and where the bytes are no DER; `in` is then as it was. */
static bool der_next(unsigned *tag, struct der *content, struct der *in)
{
	struct der rest = *in;
	size_t len;
	/* tags of several bytes (§8.1.2.4) stand in no key */
	if (!rest.len || (rest.bytes[0] & 0x1f) == 0x1f)
		return false;
	*tag = *rest.bytes++;
	rest.len--;
	if (!take_length(&len, &rest) || len > rest.len)
		return false;
	*content = (struct der){ rest.bytes, len };
	*in = (struct der){ rest.bytes + len, rest.len - len };
	return true;
}

bool der_take(struct der *content, struct der *in, unsigned tag)
{
	struct der rest = *in;
	unsigned found;
	if (!der_next(&found, content, &rest) || found != tag)
		return false;
	*in = rest;
	return true;
}

size_t der_bits(const struct der *integer)
{
	size_t at = 0;
	while (at < integer->len && !integer->bytes[at])
		at++;
	if (at == integer->len)
		return 0;
	size_t bits = (integer->len - at - 1) * 8;
	for (unsigned first = integer->bytes[at]; first; first >>= 1)
		bits++;
	return bits;
}
