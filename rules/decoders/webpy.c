/*
 * Sessions of web.py's DiskStore: base64 in lines, of a pickled dict that
 * holds the session id itself (web.py web/session.py).
 */
#include "rules/decoders/decoders.h"

#include "rules/decoders/encoding.h"
#include "rules/decoders/pickle.h"

static bool is_session(const struct value *root)
{
	return root->type == VALUE_MAP && value_get(root, "session_id") &&
		value_get(root, "ip");
}

static int decode(struct decoded *out, const unsigned char *bytes, size_t len,
	struct err *err)
{
	struct encoding_span text = encoding_trim(bytes, len);
	struct encoding_span raw;
	/* "gA" is a pickle's PROTO, "KG" and "KD" protocol 0's opening */
	if (text.len < 4 || (text.bytes[0] != 'g' && text.bytes[0] != 'K') ||
		!encoding_base64(&raw, out->arena, text.bytes, text.len,
			BASE64_STANDARD | BASE64_WHITE_SPACE))
		return 0;
	struct value_builder builder = {
		.arena = out->arena,
		.values_left = VALUE_MAX_COUNT,
	};
	struct pickle pickle;
	int rc = pickle_read(&pickle, &builder, raw.bytes, raw.len, err);
	if (rc <= 0)
		return rc;
	if (pickle.consumed != raw.len || !is_session(pickle.root))
		return 0;
	out->kind = "session";
	out->id = ID_CLEAR;
	out->entry_count = 1;
	out->root = pickle.root;
	out->calls = pickle.calls.names;
	out->call_count = pickle.calls.count;
	out->truncated = pickle.truncated;
	return 1;
}

const struct decoder decoder_webpy = {
	.name = "webpy",
	.summary = "session file of web.py",
	.kinds = (const char *const[]){ "session", NULL },
	.decode = decode,
};
