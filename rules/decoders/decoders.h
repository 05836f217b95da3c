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

#endif
