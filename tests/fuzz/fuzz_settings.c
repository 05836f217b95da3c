#include "base/cleanup.h"
#include "rules/config_test.h"
#include "rules/settings/setting.h"
#include "rules/settings/setting_text.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check(const struct setting *setting, size_t len)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	CLEANUP(buf_clear) struct buf line;
	buf_init(&line, 0);
	FUZZ_ASSERT(setting->start <= setting->end && setting->end <= len);
	FUZZ_ASSERT(setting->line > 0 && setting->key && setting->spelled);
	FUZZ_ASSERT(config_evidence(&arena, setting)->value != NULL);
	setting_line(&line, setting->framework, setting->key, "True", setting);
	FUZZ_ASSERT(line.len > 0);
}

/* The first byte chooses how the others are read. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const paths[] = { "a.py", "settings.py", "a.js",
		"index.php", "config/session.php", "a.rb", "a.json", ".env",
		"Dockerfile", "a.yml", "a.toml", "php.ini", "a.cfg" };
	if (!len)
		return 0;
	struct settings settings;
	settings_read(&settings, paths[bytes[0] % ARRAY_SIZE(paths)], bytes + 1,
		len - 1);
	for (size_t i = 0; i < settings.count; i++)
		check(&settings.items[i], len - 1);
	settings_clear(&settings);
	return 0;
}
