/* Values that real libraries signed, each with its key and without. */
#include "rules/signing/signed_value.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

struct row {
	const char *name;
	const char *value;
	const char *file; /* below tests/data/samples: instead of the value */
	const char *key;
	const char *scheme; /* NULL: the key does not sign it */
};

#define FLASK_COOKIE                                                          \
	".eJyrVirKz0lVslJKTMnNzFPSUSotTi2Kz0xRsjI0MITw8hJzIQoS9VIrEnMLgMprAf" \
	"OxEis.awNuNQ.570yWt6P7nZCXL9CuzBCQNHCklM"
#define DJANGO "django-3.2-file-session/sessions/"

static const struct row rows[] = {
	{ .name = "flask_3_signs",
		.value = FLASK_COOKIE,
		.key = "dev-secret-sample-313",
		.scheme = "flask" },
	{ .name = "quotes_and_line_end_do_not_matter",
		.value = "\"" FLASK_COOKIE "\"\n",
		.key = "dev-secret-sample-313",
		.scheme = "flask" },
	{ .name = "another_key_does_not_sign",
		.value = FLASK_COOKIE,
		.key = "another-sample-key-that-did-not-sign-it" },
	{ .name = "a_changed_payload_is_not_signed",
		.value = ".eJyrVirKz0lVslJKTMnNzFPSUSotTi2Kz0xRsjI0MITw8hJzIQ"
			 "oS9VIrEnMLgMprAfOxEit.awNuNQ.570yWt6P7nZCXL9CuzBCQNH"
			 "CklM",
		.key = "dev-secret-sample-313" },
	{ .name = "a_long_flask_cookie",
		.value = ".eJztzEsKg0AQBNCrNLUeQtx6kxBkaLR1hPnIfEiCeHebeIessi"
			 "qqunk77Oy5OCnonzuoaiBIKbwIDB6p0UuyUGnjqOvcvP-QT8siE6"
			 "2RaqLq9Mph8xoubRgO83d-4gwGdpMcOEpUr-YmBjl5QQ-ewhoVbk"
			 "WyXSf03b27WuRwPfBN3l8PxwnHObTX.awNuNQ.mkYx-34I9pJBFi"
			 "ey3zrRQJs3k3w",
		.key = "dev-secret-sample-313",
		.scheme = "flask" },
	{ .name = "flask_0_10_signs",
		.value = ".eJyrVirKz0lVslJKTMnNzFPSUSotTi2Kz0xRsjI0MITw8hJzIQ"
			 "oS9VIrEnMLgMprAfOxEis.HeT_tA.BDobyFGLCLuCRy25L82ZmtZ"
			 "DPOY",
		.key = "dev-secret-sample-010",
		.scheme = "flask" },
	{ .name = "starlette_signs",
		.value = "eyJ1c2VyX2lkIjogMTAxLCAidXNlcm5hbWUiOiAiYWRhLmV4YW1w"
			 "bGUiLCAicm9sZSI6ICJhZG1pbiJ9.awNxlA.aIHx6pWn6EmCbA7U"
			 "uTImLGSLh2M",
		.key = "sample-starlette-secret",
		.scheme = "starlette" },
	{ .name = "flask_session_signs_its_id",
		.value = "05c4cd03-b1ce-4cc7-9c41-e43831ef7c9f.5QBaMl6Dep7t8IT"
			 "yFxR4GKUZYfA",
		.key = "sample-only-not-a-real-key",
		.scheme = "flask-session" },
	{ .name = "werkzeug_signs_a_secure_cookie",
		.value = "\"VUZtVDLM2WwyTOH1e1+NftoFLcU=?role=VmFkbWluCnAwCi4="
			 "&user_id=STEwMQou&username=VmFkYS5leGFtcGxlCnAwCi4="
			 "\"",
		.key = "dev-secret-sample-09",
		.scheme = "securecookie" },
	{ .name = "a_secure_cookie_without_an_item_is_not_signed",
		.value = "VUZtVDLM2WwyTOH1e1+NftoFLcU=?role=VmFkbWluCnAwCi4="
			 "&user_id=STEwMQou",
		.key = "dev-secret-sample-09" },
	{ .name = "django_signs_a_file",
		.file = DJANGO "sessionid1nl1m02102d6zhjj3it7of5klb7whl3h",
		.key = "sample-django-secret-not-real",
		.scheme = "django" },
	{ .name = "django_before_3_1_signs_a_file",
		.file = DJANGO "sessionidsy1zgngrnm4ql65klwhlenvse1va98zg",
		.key = "sample-django-secret-not-real",
		.scheme = "django-legacy" },
	{ .name = "django_does_not_sign_by_another_key",
		.file = DJANGO "sessionid1nl1m02102d6zhjj3it7of5klb7whl3h",
		.key = "sample-django-secret-not-rea" },
	/* made with Python's hmac, by the documents of the formats */
	{ .name = "django_signs_a_cookie",
		.value = "eyJfYXV0aF91c2VyX2lkIjoiMSJ9:1xVGCp:KDq1AiP_7kOtx0sc"
			 "GdZXiJRTmSj3LQt1Gw_F928Z7ME",
		.key = "sample django",
		.scheme = "django" },
	{ .name = "django_signs_a_cookie_with_sha1",
		.value = "eyJfYXV0aF91c2VyX2lkIjoiMSJ9:1xVGCp:qAdhEO9VakW1WT8Y"
			 "SHauy7ru32c",
		.key = "sample django",
		.scheme = "django-sha1" },
	{ .name = "express_signs",
		.value = "s%3Asample0session0id000000000000000.rQsCktEIAVwVMNb"
			 "%2B5ikcgjh58ValfOAzNtChZV9AjlI",
		.key = "sample express",
		.scheme = "express" },
	{ .name = "express_does_not_sign_by_another_key",
		.value = "s%3Asample0session0id000000000000000.rQsCktEIAVwVMNb"
			 "%2B5ikcgjh58ValfOAzNtChZV9AjlI",
		.key = "sample Express" },
	{ .name = "a_key_signs_a_token",
		.value = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjo"
			 "xMDF9.WTUHmOrr7W_Y8MLHrqimCzupZxITVg5IwiKvqGoViM8",
		.key = "sample jwt",
		.scheme = "jwt-hs256" },
	{ .name = "a_token_without_a_signature_is_not_signed",
		.value = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjo"
			 "xMDF9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		.key = "sample jwt" },
	{ .name = "an_empty_value_is_not_signed", .value = "", .key = "k" },
	{ .name = "separators_alone_are_not_signed",
		.value = "..",
		.key = "k" },
	{ .name = "colons_alone_are_not_signed", .value = "::", .key = "k" },
	{ .name = "a_question_mark_is_not_signed", .value = "?", .key = "k" },
};

static void row_is_verified(void **state)
{
	const struct row *row = *state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	CLEANUP(buf_clear) struct buf value;
	buf_init(&value, 0);
	char path[1024];
	struct err err = { 0 };
	if (row->value)
		buf_add_text(&value, row->value);
	snprintf(path, sizeof(path), "%s/samples/%s", TEST_DATA,
		row->file ? row->file : "");
	if (row->file)
		assert_ok(file_read(&value, path, 0, &err), &err);
	struct signed_value parts;
	int scheme = -1;
	bool is_signed =
		signed_value_read(&parts, &arena,
			(const unsigned char *)value.bytes, value.len) &&
		signed_value_verify(&scheme, &parts,
			(const unsigned char *)row->key, strlen(row->key));
	assert_int_equal(is_signed, row->scheme != NULL);
	if (row->scheme)
		assert_string_equal(signing_scheme_name(scheme), row->scheme);
}

/* Truncations must neither be read past their end nor verify. */
static void no_truncation_is_signed(void **state)
{
	(void)state;
	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		size_t len = rows[r].value ? strlen(rows[r].value) : 0;
		for (size_t cut = 0; rows[r].scheme && cut + 2 < len; cut++) {
			CLEANUP(arena_clear) struct arena arena = { 0 };
			CLEANUP(freep)
			char *copy = xmemdupz(rows[r].value, cut);
			struct signed_value parts;
			int scheme;
			if (!signed_value_read(&parts, &arena,
				    (const unsigned char *)copy, cut))
				continue;
			assert_false(signed_value_verify(&scheme, &parts,
				(const unsigned char *)rows[r].key,
				strlen(rows[r].key)));
		}
	}
}

static void the_session_id_is_cut_off(void **state)
{
	(void)state;
	static const char cookie[] = "05c4cd03-b1ce-4cc7-9c41-e43831ef7c9f."
				     "5QBaMl6Dep7t8ITyFxR4GKUZYfA";
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct signed_value parts;
	assert_true(signed_value_read(&parts, &arena,
		(const unsigned char *)cookie, sizeof(cookie) - 1));
	assert_int_equal(parts.session_id_len, 36);
	assert_memory_equal(parts.session_id, cookie, 36);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2] = { 0 };
	struct row states[ARRAY_SIZE(rows)];
	size_t count = 0;
	for (; count < ARRAY_SIZE(rows); count++) {
		states[count] = rows[count];
		tests[count] = (struct CMUnitTest){
			.name = rows[count].name,
			.test_func = row_is_verified,
			.initial_state = &states[count],
		};
	}
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(no_truncation_is_signed);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(the_session_id_is_cut_off);
	return _cmocka_run_group_tests(
		"signed_value", tests, count, NULL, NULL);
}
