/*
 * Sessions of Java servlet containers: SESSIONS.ser of Tomcat's
 * StandardManager, and the files of Jetty's FileSessionDataStore.
 *
 * The Java stream is not parsed whole: it is searched for what the containers
 * always write. Java Object Serialization Specification, chapter 6, names the
 * marks: TC_OBJECT 73, TC_CLASSDESC 72, TC_REFERENCE 71, TC_STRING 74.
 */
#include "rules/decoders/call_list.h"
#include "rules/decoders/decoders.h"
#include "rules/decoders/expiry.h"
#include "rules/decoders/span.h"

#include <string.h>

#define KIND_TOMCAT "tomcat"
#define KIND_JAVA   "java-serialized"
#define KIND_JETTY  "jetty"

#define MAX_CLASS_NAME 256

static uint64_t read_be(const unsigned char *bytes, size_t count)
{
	uint64_t number = 0;
	for (size_t i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* The stream's header and a new java.lang.Integer: class with its serial
 * version, one int field "value", base class java.lang.Number. */
static const unsigned char integer_prefix[] =
	"\xac\xed\x00\x05sr\x00\x11java.lang.Integer\x12\xe2\xa0\xa4\xf7\x81"
	"\x87\x38\x02\x00\x01I\x00\x05valuexr\x00\x10java.lang.Number\x86\xac"
	"\x95\x1d\x0b\x94\xe0\x8b\x02\x00\x00xp";
#define PREFIX_LEN (sizeof(integer_prefix) - 1)

/** Length of the session id at `at`, or 0: a string of 32 and more digits in
 * upper case, with a worker's name behind a dot where there are several. */
static size_t tomcat_id(struct span stream, size_t at)
{
	if (stream.len - at < 3 || stream.bytes[at] != 0x74)
		return 0;
	size_t len = read_be(stream.bytes + at + 1, 2);
	if (len < 32 || len > 128 || len > stream.len - at - 3)
		return 0;
	struct span id = { stream.bytes + at + 3, len };
	struct span digits = id;
	span_cut(&digits, &id, '.');
	bool is_id = digits.len >= 32 && digits.len % 2 == 0 &&
		span_made_of(digits, "0123456789ABCDEF");
	return is_id ? len : 0;
}

/**
 * Before the id stands the time of last use, a Long in milliseconds
 * (StandardSession.doWriteObject): `73 71 <handle> <8 bytes>`.
 */
static bool last_use_ms(int64_t *out, struct span stream, size_t id_at)
{
	if (id_at < 14 || stream.bytes[id_at - 14] != 0x73 ||
		stream.bytes[id_at - 13] != 0x71)
		return false;
	*out = (int64_t)read_be(stream.bytes + id_at - 8, 8);
	return true;
}

/**
 * Further before it stands the longest time of disuse, an Integer in seconds
 * whose class is the first of the stream: handle 00 7e 00 00.
 */
static bool longest_disuse(int32_t *out, struct span stream, size_t id_at)
{
	static const unsigned char mark[] = { 0x73, 0x71, 0, 0x7e, 0, 0 };
	size_t from = id_at > 160 ? id_at - 160 : 0;
	for (size_t at = id_at; at-- > from;) {
		if (id_at - at < sizeof(mark) + 4 ||
			memcmp(stream.bytes + at, mark, sizeof(mark)) != 0)
			continue;
		*out = (int32_t)read_be(stream.bytes + at + sizeof(mark), 4);
		return true;
	}
	return false;
}

static void add_tomcat_expiry(
	struct decoded *out, struct span stream, size_t id_at)
{
	int64_t used_ms;
	int32_t disuse;
	if (!longest_disuse(&disuse, stream, id_at))
		return;
	if (disuse <= 0)
		expiry_add_never(out);
	else if (last_use_ms(&used_ms, stream, id_at) && used_ms > 0)
		expiry_add(out, used_ms / 1000 + disuse);
}

static void read_tomcat(struct decoded *out, struct span stream)
{
	uint64_t count = read_be(stream.bytes + PREFIX_LEN, 4);
	size_t at = PREFIX_LEN + 4;
	while (at < stream.len && out->entry_count < count) {
		size_t len = tomcat_id(stream, at);
		if (len) {
			out->entry_count++;
			add_tomcat_expiry(out, stream, at);
			at += len + 2;
		}
		at++;
	}
}

static bool is_class_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char byte = name.bytes[i];
		bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
		bool digit = byte >= '0' && byte <= '9';
		if (!letter && !digit && !strchr("._$", byte ? byte : ' '))
			return false;
	}
	return name.len > 0 && name.len <= MAX_CLASS_NAME;
}

/** Lists the classes of new objects, but for those of java.lang. */
static void read_classes(struct decoded *out, struct span stream)
{
	struct call_list classes = { 0 };
	for (size_t at = 4; stream.len - at >= 4; at++) {
		const unsigned char *mark = stream.bytes + at;
		if (mark[0] != 0x73 || mark[1] != 0x72)
			continue;
		struct span name = { mark + 4, read_be(mark + 2, 2) };
		if (name.len > stream.len - at - 4 || !is_class_name(name) ||
			span_starts(name, "java.lang."))
			continue;
		char text[MAX_CLASS_NAME + 1];
		memcpy(text, name.bytes, name.len);
		text[name.len] = '\0';
		call_list_add(&classes, out->arena, text);
	}
	out->calls = classes.names;
	out->call_count = classes.count;
	out->truncated = classes.truncated;
}

static int decode_java(struct decoded *out, struct span stream)
{
	if (stream.len < 6)
		return 0;
	if (stream.len >= PREFIX_LEN + 4 &&
		!memcmp(stream.bytes, integer_prefix, PREFIX_LEN))
		read_tomcat(out, stream);
	read_classes(out, stream);
	out->kind = out->entry_count ? KIND_TOMCAT : KIND_JAVA;
	out->id = out->entry_count ? ID_CLEAR : ID_UNKNOWN;
	if (!out->entry_count)
		out->entry_count = 1;
	return 1;
}

/** A text of DataOutput.writeUTF(): two bytes of length before it. */
static bool cut_utf(struct span *out, struct span *rest)
{
	if (rest->len < 2)
		return false;
	out->len = read_be(rest->bytes, 2);
	out->bytes = rest->bytes + 2;
	if (out->len > rest->len - 2)
		return false;
	rest->bytes += out->len + 2;
	rest->len -= out->len + 2;
	return true;
}

static bool is_jetty_id(struct span id)
{
	return id.len >= 8 && id.len <= 128 && span_starts(id, "node") &&
		span_made_of(id,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789_-.");
}

/** From 2000 to 2100. */
static bool is_time_ms(uint64_t time_ms)
{
	return time_ms > UINT64_C(946684800000) &&
		time_ms < UINT64_C(4102444800000);
}

/**
 * FileSessionDataStore.save() of Jetty 9.4: id, context path, virtual host,
 * last node; then created, accessed, last accessed, cookie set, expiry and
 * longest disuse, each 8 bytes in milliseconds; then the attributes.
 */
static int decode_jetty(struct decoded *out, struct span file)
{
	struct span id, text;
	if (!cut_utf(&id, &file) || !is_jetty_id(id))
		return 0;
	for (size_t i = 0; i < 3; i++)
		if (!cut_utf(&text, &file))
			return 0;
	if (file.len < 48 || !is_time_ms(read_be(file.bytes, 8)))
		return 0;
	uint64_t expires_ms = read_be(file.bytes + 32, 8);
	if (expires_ms == 0 || expires_ms > INT64_MAX)
		expiry_add_never(out);
	else
		expiry_add(out, (int64_t)(expires_ms / 1000));
	out->kind = KIND_JETTY;
	out->id = ID_CLEAR;
	out->entry_count = 1;
	return 1;
}

static int decode_java_session(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct span file = { bytes, len };
	(void)err; /* searches are linear, lists are cut */
	if (span_starts(file, "\xac\xed") && len >= 4 && !bytes[2] &&
		bytes[3] == 5)
		return decode_java(out, file);
	return decode_jetty(out, file);
}

static const char *const kinds[] = { KIND_TOMCAT, KIND_JETTY, KIND_JAVA, NULL };

const struct decoder decoder_java_session = {
	.name = "java-session",
	.summary = "sessions kept by Tomcat and Jetty",
	.kinds = kinds,
	.decode = decode_java_session,
};
