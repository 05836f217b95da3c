/*
 * The decoders, one file each beside this one. Used by the table in
 * rules/decoder.c and by the tests; everybody else asks decoder_find().
 */
#ifndef RULES_DECODERS_DECODERS_H
#define RULES_DECODERS_DECODERS_H

#include "rules/decoder.h"

extern const struct decoder decoder_cachelib;
extern const struct decoder decoder_django_session;
extern const struct decoder decoder_itsdangerous;
extern const struct decoder decoder_msgpack;
extern const struct decoder decoder_pickle;
extern const struct decoder decoder_ruby_marshal;
extern const struct decoder decoder_webpy;
extern const struct decoder decoder_php_session;
extern const struct decoder decoder_json_session;
extern const struct decoder decoder_cookie_jar;
extern const struct decoder decoder_java_session;
extern const struct decoder decoder_sqlite_store;
extern const struct decoder decoder_redis_rdb;
extern const struct decoder decoder_leveldb_log;
extern const struct decoder decoder_text_store;
extern const struct decoder decoder_key_store;

#endif
