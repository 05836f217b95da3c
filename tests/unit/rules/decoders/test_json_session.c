#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

static const struct decode_row rows[] = {
	{ .name = "session_file_store_says_when_it_ends",
		.sample = "session-file-store-1.5/sessions/"
			  "XiSiCp6E01GSQSG8TKL0_-do9sHgbMmR.json",
		.kind = "session-file-store",
		.keys = "cookie user csrfToken passport __lastAccess",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1795473625,
		.id = ID_KEYED },
	{ .name = "maximal_age_counts_from_the_last_access",
		.text = "{\"cookie\":{\"originalMaxAge\":60000},"
			"\"__lastAccess\":1700000000000}",
		.kind = "session-file-store",
		.keys = "cookie __lastAccess",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1700000060,
		.id = ID_KEYED },
	{ .name = "an_encrypted_file_store_shows_no_content",
		.sample = "session-file-store-1.5-encrypted/sessions/"
			  "H7Dc2es4Og6VBIdIYRgmSsVxQBT04t_g.json",
		.kind = "session-file-store-encrypted",
		.keys = "hmac ct iv salt aad at",
		.entries = 1,
		.id = ID_KEYED },
	{ .name = "connect_loki_without_an_age_has_no_expiry",
		.sample = "connect-loki-1.2/session-store.db",
		.kind = "connect-loki",
		.keys = "filename collections databaseVersion engineVersion "
			"autosave autosaveInterval autosaveHandle "
			"throttledSaves options persistenceMethod "
			"persistenceAdapter verbose events ENV",
		.entries = 1,
		.id = ID_KEYED },
	{ .name = "playwright_state_is_named_by_cookies_and_storage",
		.sample = "playwright-storage-state/playwright/.auth/user.json",
		.kind = "playwright",
		.keys = "sessionid csrftoken theme auth_token",
		.entries = 4,
		.expiry = EXPIRY_AT,
		.expires_at = 1826923352,
		.id = ID_CLEAR },
	{ .name = "empty_playwright_state_is_refused",
		.sample = "lookalikes/empty-playwright-state/playwright/.auth/"
			  "user.json" },
	{ .name = "exported_cookies_are_a_list",
		.sample = "browser-cookie-json-export/cookies.json",
		.kind = "cookies",
		.keys = "sessionid",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1826900000,
		.id = ID_CLEAR },
	{ .name = "dns_records_are_no_cookies",
		.text = "[{\"domain\":\"a.test\",\"name\":\"www\","
			"\"value\":\"192.0.2.1\"}]" },
	{ .name = "cookies_without_values_are_refused",
		.text = "[{\"domain\":\"a\",\"name\":\"b\",\"value\":\"\","
			"\"path\":\"/\"}]" },
	{ .name = "baileys_is_known_by_its_noise_key",
		.text = "{\"noiseKey\":{\"private\":{\"type\":\"Buffer\","
			"\"data\":\"AA==\"}},\"registrationId\":1}",
		.kind = "baileys",
		.keys = "noiseKey registrationId",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "instagrapi_counts_when_logged_in",
		.text = "{\"uuids\":{},\"authorization_data\":"
			"{\"sessionid\":\"1%3Aa\"}}",
		.kind = "instagrapi",
		.keys = "uuids authorization_data",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "instagrapi_logged_out_is_refused",
		.text = "{\"uuids\":{},\"authorization_data\":{}}" },
	{ .name = "aws_sso_ends_with_its_token",
		.sample = "aws-cli-caches-handmade/.aws/sso/cache/"
			  "0123456789abcdef0123456789abcdef01234567.json",
		.kind = "aws-sso",
		.keys = "startUrl region accessToken expiresAt clientId "
			"clientSecret refreshToken",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1798761600,
		.id = ID_CREDENTIAL },
	{ .name = "aws_cli_ends_with_its_credentials",
		.sample = "aws-cli-caches-handmade/.aws/cli/cache/"
			  "89abcdef0123456789abcdef0123456789abcdef.json",
		.kind = "aws-cli",
		.keys = "Credentials AssumedRoleUser ResponseMetadata",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1798761600,
		.id = ID_CREDENTIAL },
	{ .name = "gcloud_credentials_need_a_refresh_token",
		.sample = "gcloud-config-handmade/.config/gcloud/"
			  "application_default_credentials.json",
		.kind = "gcloud-adc",
		.keys = "account client_id client_secret refresh_token type "
			"universe_domain",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "another_type_of_gcloud_credentials_is_refused",
		.text = "{\"type\":\"x\",\"refresh_token\":\"1//a\"}" },
	{ .name = "a_jupyter_server_has_a_token",
		.sample = "jupyter-notebook-6.4-runtime/.local/share/jupyter/"
			  "runtime/nbserver-7098.json",
		.kind = "jupyter-server",
		.keys = "base_url hostname notebook_dir password pid port "
			"secure sock token url",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "a_jupyter_server_with_a_password_has_none",
		.text = "{\"pid\":1,\"port\":2,\"token\":\"\"}" },
	{ .name = "a_jupyter_kernel_has_a_key",
		.text = "{\"shell_port\":1,\"key\":\"a-b\","
			"\"signature_scheme\":\"hmac-sha256\"}",
		.kind = "jupyter-kernel",
		.keys = "shell_port key signature_scheme",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "other_json_is_refused", .text = "{\"a\":[1,2,3]}" },
	{ .name = "broken_json_is_refused",
		.text = "{\"cookie\":{\"originalMaxAge\":1}" },
	{ .name = "scripts_are_refused",
		.text = "x = {\"cookie\":{\"originalMaxAge\":1}}" },
};

int main(void)
{
	return decode_rows_run(&decoder_json_session, rows, ARRAY_SIZE(rows));
}
