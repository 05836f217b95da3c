#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

#define COOKIE(expires) ".a.test\tTRUE\t/\tFALSE\t" expires "\tsid\tv1\n"

static const struct decode_row rows[] = {
	{ .name = "curl_marks_what_scripts_must_not_read",
		.sample = "curl-cookie-jar/cookies.txt",
		.kind = "netscape",
		.keys = "theme csrftoken sessionid",
		.entries = 3,
		.expiry = EXPIRY_AT,
		.expires_at = 1826923305,
		.id = ID_CLEAR },
	{ .name = "aria2_writes_no_header",
		.sample = "aria2-cookies/cookies.txt",
		.kind = "netscape",
		.keys = "sessionid csrftoken theme",
		.entries = 3,
		.expiry = EXPIRY_AT,
		.expires_at = 1826923305,
		.id = ID_CLEAR },
	{ .name = "python_leaves_the_expiry_empty",
		.sample = "python-mozilla-cookiejar/cookies.txt",
		.kind = "netscape",
		.keys = "sessionid csrftoken theme",
		.entries = 3,
		.expiry = EXPIRY_AT,
		.expires_at = 1826923306,
		.id = ID_CLEAR },
	{ .name = "yt_dlp_writes_a_header_of_its_own",
		.sample = "yt-dlp-cookies/cookies.txt",
		.kind = "netscape",
		.keys = "sessionid csrftoken theme",
		.entries = 3,
		.expiry = EXPIRY_AT,
		.expires_at = 1826923305,
		.id = ID_CLEAR },
	{ .name = "a_cookie_of_the_browser_session_has_no_expiry",
		.text = COOKIE("0"),
		.kind = "netscape",
		.keys = "sid",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "crlf_and_a_fraction_are_read",
		.text = ".a\tTRUE\t/\tFALSE\t1700000000.25\tsid\tv\r\n",
		.kind = "netscape",
		.keys = "sid",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1700000000,
		.id = ID_CLEAR },
	{ .name = "lwp_quotes_its_dates",
		.text = "#LWP-Cookies-2.0\nSet-Cookie3: sid=\"a;b\"; "
			"path=\"/\"; domain=a.test; path_spec; "
			"expires=\"2027-11-22 22:41:45Z\"; version=0\n"
			"Set-Cookie3: theme=dark; path=\"/\"; domain=a.test; "
			"discard; version=0\n",
		.kind = "lwp",
		.keys = "sid theme",
		.entries = 2,
		.expiry = EXPIRY_AT,
		.expires_at = 1826923305,
		.id = ID_CLEAR },
	{ .name = "an_empty_jar_is_refused",
		.text = "# Netscape HTTP Cookie File\n\n" },
	{ .name = "an_empty_lwp_jar_is_refused", .text = "#LWP-Cookies-2.0\n" },
	{ .name = "prose_about_jars_is_refused",
		.text = "A line looks like this:\n" COOKIE(
			"1") "and has seven fields,\nwith TABs between.\n" },
	{ .name = "spaces_are_no_tabs",
		.text = ".a.test TRUE / FALSE 0 sid v\n" },
	{ .name = "a_flag_is_true_or_false",
		.text = ".a\tYES\t/\tFALSE\t0\tsid\tv\n" },
	{ .name = "an_expiry_is_a_number", .text = COOKIE("tomorrow") },
	{ .name = "a_huge_expiry_is_refused",
		.text = COOKIE("99999999999999999999") },
	{ .name = "an_empty_file_is_refused", .text = "" },
};

int main(void)
{
	return decode_rows_run(&decoder_cookie_jar, rows, ARRAY_SIZE(rows));
}
