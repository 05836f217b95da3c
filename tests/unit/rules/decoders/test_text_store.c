#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

#define SCRAPY                                            \
	"scrapy-2.8-httpcache/.scrapy/httpcache/shop/ff/" \
	"ffb3d132a959fafca1e7fe7a489428a7ee757dd1/"
#define JUPYTER   "jupyter-notebook-6.4-runtime/.local/share/jupyter/runtime/"
#define HEX_32    "0123456789abcdef0123456789abcdef"
#define BASE64_44 "ejpdmcKwAmTs2KvV16zypTX6q4W3XaGl1EFgp2yr8Sw="

static const struct decode_row rows[] = {
	{ .name = "netrc_counts_machines_with_a_password",
		.sample = "netrc-gitcredentials-handmade/.netrc",
		.kind = "netrc",
		.keys = "machine login password",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "netrc_may_hold_comments_and_macros",
		.text = "# mine\nmacdef init\ncd /tmp\n\nmachine a.test "
			"login ada password inv3nted account x\n",
		.kind = "netrc",
		.keys = "machine login password",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "a_netrc_of_placeholders_is_refused",
		.text = "machine a.test login ada password <password>\n"
			"machine b.test login ada password $TOKEN\n"
			"machine c.test login ada password YOUR_TOKEN\n"
			"machine d.test login ada password xxxxxxxx\n" },
	{ .name = "prose_about_netrc_is_refused",
		.text = "Put this into it: machine a.test login ada password "
			"inv3nted\n" },
	{ .name = "git_keeps_urls",
		.sample = "netrc-gitcredentials-handmade/.git-credentials",
		.kind = "git-credentials",
		.keys = "host username password",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "urls_without_a_password_are_refused",
		.text = "https://ada@a.test\nhttps://a.test/b:c@d\n" },
	{ .name = "a_list_of_links_is_refused",
		.text = "https://ada:inv3nted@a.test\nhttps://b.test/\n" },
	{ .name = "aws_counts_profiles",
		.sample = "aws-cli-caches-handmade/.aws/credentials",
		.kind = "aws-credentials",
		.keys = "aws_access_key_id aws_secret_access_key "
			"aws_session_token",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "an_aws_example_is_refused",
		.text = "[default]\naws_access_key_id = AKIAEXAMPLE\n"
			"aws_secret_access_key = abcdefghEXAMPLEKEY\n" },
	{ .name = "other_ini_files_are_refused",
		.text = "[core]\nbare = false\n" },
	{ .name = "requests_show_cookies_and_authorization",
		.sample = SCRAPY "request_headers",
		.kind = "http-headers",
		.keys = "Authorization Accept Accept-Language User-Agent "
			"Accept-Encoding Cookie",
		.entries = 2,
		.id = ID_CLEAR },
	{ .name = "responses_show_new_cookies",
		.sample = SCRAPY "response_headers",
		.kind = "http-headers",
		.keys = "Content-Length Server Date Set-Cookie Set-Cookie "
			"Set-Cookie Content-Type",
		.entries = 3,
		.id = ID_CLEAR },
	{ .name = "headers_without_a_secret_are_refused",
		.text = "Server: a\r\nContent-Type: text/html\r\n" },
	{ .name = "headers_in_a_template_are_refused",
		.text = "Authorization: Bearer <token>\n" },
	{ .name = "mail_with_a_body_is_refused",
		.text = "Authorization: Bearer inv3nted\n\nHello Ada,\n" },
	{ .name = "jupyter_keeps_32_bytes",
		.sample = JUPYTER "notebook_cookie_secret",
		.kind = "jupyter-secret",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "jupyterhub_keeps_32_bytes_as_hex",
		.text = HEX_32 HEX_32 "\n",
		.path = "srv/jupyterhub_cookie_secret",
		.kind = "jupyter-secret",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "another_key_of_32_bytes_is_refused",
		.text = BASE64_44 "\n",
		.path = "wireguard/privatekey" },
	{ .name = "a_digest_is_refused", .text = HEX_32 HEX_32 "\n" },
	{ .name = "perl_sessions_say_when_they_end",
		.text = "$D = {'_SESSION_ID' => '" HEX_32
			"','_SESSION_ATIME' => 1700000000,'user' => 'a\\'b',"
			"'list' => [1,2],'_SESSION_ETIME' => '60'};;$D",
		.kind = "perl-cgi-session",
		.keys = "_SESSION_ID _SESSION_ATIME user list _SESSION_ETIME",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1700000060,
		.id = ID_CLEAR },
	{ .name = "other_dumps_of_perl_are_refused",
		.text = "$D = {'a' => 1};;$D" },
	{ .name = "an_aspnet_key_in_clear_ends_one_day",
		.text = "<?xml version=\"1.0\"?><key id=\"a\" version=\"1\">"
			"<expirationDate>2027-01-01T00:00:00.5Z"
			"</expirationDate><descriptor><masterKey>"
			"<value>" BASE64_44 "</value></masterKey>"
			"</descriptor></key>",
		.kind = "aspnet-key",
		.keys = "masterKey",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1798761600,
		.id = ID_CREDENTIAL },
	{ .name = "an_encrypted_aspnet_key_is_refused",
		.text = "<key id=\"a\"><encryptedSecret><value>" BASE64_44
			"</value></encryptedSecret></key>" },
	{ .name = "source_is_refused",
		.text = "import os\nprint(os.environ['HOME'])\n" },
	{ .name = "an_empty_file_is_refused", .text = "" },
};

int main(void)
{
	return decode_rows_run(&decoder_text_store, rows, ARRAY_SIZE(rows));
}
