#include "rules/decoder.h"

#include "rules/decoders/decoders.h"

#include <string.h>

/* Strict formats first: `inspect` takes the first that accepts. */
const struct decoder *const decoders[] = {
	&decoder_cachelib,
	&decoder_django_session,
	&decoder_itsdangerous,
	&decoder_ruby_marshal,
	&decoder_webpy,
	&decoder_pickle,
	&decoder_php_session,
	&decoder_json_session,
	&decoder_cookie_jar,
	&decoder_java_session,
	&decoder_sqlite_store,
	&decoder_msgpack,
	&decoder_redis_rdb,
	&decoder_leveldb_log,
	&decoder_text_store,
	&decoder_key_store,
	NULL,
};

const struct decoder *decoder_find(const char *name)
{
	for (size_t i = 0; decoders[i]; i++)
		if (!strcmp(decoders[i]->name, name))
			return decoders[i];
	return NULL;
}
