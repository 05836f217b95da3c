#include "rules/decoders/decoders.h"
#include "tests/support/decode.h"

#include "rules/decoders/pickle.h"

static const struct decode_row rows[] = {
	{
		.name = "list_of_dicts_of_a_browser_driver_is_cookies",
		.sample = "pickled-cookies/cookies.pkl",
		.kind = "cookies",
		.expiry = EXPIRY_AT,
		.expires_at = 1826900000,
		.id = ID_CLEAR,
	},
	{
		.name = "cookie_jar_of_requests_is_cookies",
		.sample = "pickled-cookies/requests_cookiejar.pkl",
		.kind = "cookies",
		.keys = "_policy,_cookies,_now",
		.calls =
			"requests.cookies.RequestsCookieJar,http.cookiejar.DefaultCookiePolicy,http.cookiejar.Cookie",
		.expiry = EXPIRY_AT,
		.expires_at = 1826923306,
		.id = ID_CLEAR,
		.entry_count = 3,
	},
	{
		.name = "instaloader_session",
		.sample = "instaloader-4.9.5-session/session-ada.example",
		.kind = "instaloader",
		.keys = "sessionid,mid,ig_pr,ig_vw,csrftoken,s_network,ds_user_id",
		.id = ID_CREDENTIAL,
	},
	{
		.name = "cherrypy_session_in_protocol_0",
		BYTES("((dp0\nVuser\np1\nVada\np2\nscdatetime\ndatetime\np3\n"
		      "(c_codecs\nencode\np4\n(V\007\352\014\030\001\002\003"
		      "\\u0000\001\310\np5\nVlatin1\np6\ntp7\nRp8\ntp9\nRp10"
		      "\ntp11\n."),
		.path = "a/session-0123456789abcdef0123456789abcdef01234567",
		.kind = "cherrypy",
		.calls = "datetime.datetime,_codecs.encode",
		.expiry = EXPIRY_AT,
		.expires_at = 1798074123,
		.id = ID_CLEAR,
	},
	{
		.name = "cherrypy_session_in_protocol_2",
		BYTES("\200\002}q\000X\004\000\000\000userq\001X\003\000\000"
		      "\000adaq\002scdatetime\ndatetime\nq\003c_codecs\nenco"
		      "de\nq\004X\014\000\000\000\007\303\252\014\030\001\002"
		      "\003\000\001\303\210q\005X\006\000\000\000latin1q\006"
		      "\206q\007Rq\010\205q\011Rq\n\206q\013."),
		.path = "a/session-0123456789abcdef0123456789abcdef01234567",
		.kind = "cherrypy",
		.calls = "datetime.datetime,_codecs.encode",
		.expiry = EXPIRY_AT,
		.expires_at = 1798074123,
		.id = ID_CLEAR,
	},
	{
		.name = "cherrypy_session_in_protocol_4",
		BYTES("\200\004\225<\000\000\000\000\000\000\000}\224\214\004"
		      "user\224\214\003ada\224s\214\010datetime\224\214\010d"
		      "atetime\224\223\224C\n\007\352\014\030\001\002\003\000"
		      "\001\310\224\205\224R\224\206\224."),
		.path = "a/session-0123456789abcdef0123456789abcdef01234567",
		.kind = "cherrypy",
		.calls = "datetime.datetime",
		.expiry = EXPIRY_AT,
		.expires_at = 1798074123,
		.id = ID_CLEAR,
	},
	{
		.name = "beaker_session",
		BYTES("\200\002}q\000X\007\000\000\000sessionq\001}q\002(X\016"
		      "\000\000\000_creation_timeq\003G?\370\000\000\000\000"
		      "\000\000X\004\000\000\000userq\004X\003\000\000\000ad"
		      "aq\005us."),
		.kind = "beaker",
		.keys = "session",
		.id = ID_KEYED,
	},
	{
		.name = "cookie_objects_of_python_2_in_protocol_0",
		BYTES("(lp0\n(icookielib\nCookie\np1\n(dp2\nS'comment'\np3\n"
		      "NsS'domain'\np4\nS'a.test'\np5\nsS'name'\np6\nS'sid'\n"
		      "p7\nsS'domain_initial_dot'\np8\nI00\nsS'expires'\np9\n"
		      "I1798065218\nsS'value'\np10\nS\"v\\\\x'\"\np11\nsS'do"
		      "main_specified'\np12\nI01\nsS'_rest'\np13\n(dp14\nsS'"
		      "version'\np15\nI0\nsS'port_specified'\np16\nI00\nsS'r"
		      "fc2109'\np17\nI00\nsS'discard'\np18\nI00\nsS'path_spe"
		      "cified'\np19\nI01\nsS'path'\np20\nS'/'\np21\nsS'port'"
		      "\np22\nNsS'comment_url'\np23\nNsS'secure'\np24\nI00\n"
		      "sba."),
		.kind = "cookies",
		.calls = "cookielib.Cookie",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_CLEAR,
	},
	{
		.name = "values_of_all_kinds_in_protocol_0",
		BYTES("ccollections\nOrderedDict\np0\n(tRp1\nV\351\\u20ac\\U"
		      "0001f600\"\\u005c\\u000a\np2\nI-1\nsVb\np3\nL11805916"
		      "20717411303424L\nsVc\np4\nL-1180591620717411303424L\n"
		      "sVd\np5\nF1.5\nsVe\np6\nc_codecs\nencode\np7\n(Vx\np8"
		      "\nVlatin1\np9\ntp10\nRp11\nsVf\np12\nc__builtin__\nfr"
		      "ozenset\np13\n((lp14\nI1\natp15\nRp16\nsVg\np17\nc__b"
		      "uiltin__\nset\np18\n((lp19\nI1\naI2\natp20\nRp21\nsVh"
		      "\np22\n(I1\nI2\nI3\nI4\ntp23\nsVi\np24\nNsVj\np25\nI0"
		      "1\ns."),
		.kind = "pickle",
		.keys = "\303\251\342\202\254\360\237\230\200\"\\\n,b,c,d,e,f,g,h,i,j",
		.calls =
			"collections.OrderedDict,_codecs.encode,__builtin__.frozenset,__builtin__.set",
		.entry_count = 0,
	},
	{
		.name = "values_of_all_kinds_in_protocol_1",
		BYTES("ccollections\nOrderedDict\nq\000)Rq\001(X\014\000\000"
		      "\000\303\251\342\202\254\360\237\230\200\"\\\nq\002J\377"
		      "\377\377\377X\001\000\000\000bq\003L11805916207174113"
		      "03424L\nX\001\000\000\000cq\004L-11805916207174113034"
		      "24L\nX\001\000\000\000dq\005G?\370\000\000\000\000\000"
		      "\000X\001\000\000\000eq\006c_codecs\nencode\nq\007(X\001"
		      "\000\000\000xq\010X\006\000\000\000latin1q\011tq\nRq\013"
		      "X\001\000\000\000fq\014c__builtin__\nfrozenset\nq\015"
		      "(]q\016K\001atq\017Rq\020X\001\000\000\000gq\021c__bu"
		      "iltin__\nset\nq\022(]q\023(K\001K\002etq\024Rq\025X\001"
		      "\000\000\000hq\026(K\001K\002K\003K\004tq\027X\001\000"
		      "\000\000iq\030NX\001\000\000\000jq\031I01\nu."),
		.kind = "pickle",
		.keys = "\303\251\342\202\254\360\237\230\200\"\\\n,b,c,d,e,f,g,h,i,j",
		.calls =
			"collections.OrderedDict,_codecs.encode,__builtin__.frozenset,__builtin__.set",
		.entry_count = 0,
	},
	{
		.name = "values_of_all_kinds_in_protocol_2",
		BYTES("\200\002ccollections\nOrderedDict\nq\000)Rq\001(X\014"
		      "\000\000\000\303\251\342\202\254\360\237\230\200\"\\\n"
		      "q\002J\377\377\377\377X\001\000\000\000bq\003\212\011"
		      "\000\000\000\000\000\000\000\000@X\001\000\000\000cq\004"
		      "\212\011\000\000\000\000\000\000\000\000\300X\001\000"
		      "\000\000dq\005G?\370\000\000\000\000\000\000X\001\000"
		      "\000\000eq\006c_codecs\nencode\nq\007X\001\000\000\000"
		      "xq\010X\006\000\000\000latin1q\011\206q\nRq\013X\001\000"
		      "\000\000fq\014c__builtin__\nfrozenset\nq\015]q\016K\001"
		      "a\205q\017Rq\020X\001\000\000\000gq\021c__builtin__\n"
		      "set\nq\022]q\023(K\001K\002e\205q\024Rq\025X\001\000\000"
		      "\000hq\026(K\001K\002K\003K\004tq\027X\001\000\000\000"
		      "iq\030NX\001\000\000\000jq\031\210u."),
		.kind = "pickle",
		.keys = "\303\251\342\202\254\360\237\230\200\"\\\n,b,c,d,e,f,g,h,i,j",
		.calls =
			"collections.OrderedDict,_codecs.encode,__builtin__.frozenset,__builtin__.set",
		.entry_count = 0,
	},
	{
		.name = "values_of_all_kinds_in_protocol_3",
		BYTES("\200\003ccollections\nOrderedDict\nq\000)Rq\001(X\014"
		      "\000\000\000\303\251\342\202\254\360\237\230\200\"\\\n"
		      "q\002J\377\377\377\377X\001\000\000\000bq\003\212\011"
		      "\000\000\000\000\000\000\000\000@X\001\000\000\000cq\004"
		      "\212\011\000\000\000\000\000\000\000\000\300X\001\000"
		      "\000\000dq\005G?\370\000\000\000\000\000\000X\001\000"
		      "\000\000eq\006C\001xq\007X\001\000\000\000fq\010cbuil"
		      "tins\nfrozenset\nq\011]q\nK\001a\205q\013Rq\014X\001\000"
		      "\000\000gq\015cbuiltins\nset\nq\016]q\017(K\001K\002e"
		      "\205q\020Rq\021X\001\000\000\000hq\022(K\001K\002K\003"
		      "K\004tq\023X\001\000\000\000iq\024NX\001\000\000\000j"
		      "q\025\210u."),
		.kind = "pickle",
		.keys = "\303\251\342\202\254\360\237\230\200\"\\\n,b,c,d,e,f,g,h,i,j",
		.calls =
			"collections.OrderedDict,builtins.frozenset,builtins.set",
		.entry_count = 0,
	},
	{
		.name = "values_of_all_kinds_in_protocol_4",
		BYTES("\200\004\225\231\000\000\000\000\000\000\000\214\013c"
		      "ollections\224\214\013OrderedDict\224\223\224)R\224(\214"
		      "\014\303\251\342\202\254\360\237\230\200\"\\\n\224J\377"
		      "\377\377\377\214\001b\224\212\011\000\000\000\000\000"
		      "\000\000\000@\214\001c\224\212\011\000\000\000\000\000"
		      "\000\000\000\300\214\001d\224G?\370\000\000\000\000\000"
		      "\000\214\001e\224C\001x\224\214\001f\224(K\001\221\224"
		      "\214\001g\224\217\224(K\001K\002\220\214\001h\224(K\001"
		      "K\002K\003K\004t\224\214\001i\224N\214\001j\224\210u."),
		.kind = "pickle",
		.keys = "\303\251\342\202\254\360\237\230\200\"\\\n,b,c,d,e,f,g,h,i,j",
		.calls = "collections.OrderedDict",
		.entry_count = 0,
	},
	{
		.name = "values_of_all_kinds_in_protocol_5",
		BYTES("\200\005\225\231\000\000\000\000\000\000\000\214\013c"
		      "ollections\224\214\013OrderedDict\224\223\224)R\224(\214"
		      "\014\303\251\342\202\254\360\237\230\200\"\\\n\224J\377"
		      "\377\377\377\214\001b\224\212\011\000\000\000\000\000"
		      "\000\000\000@\214\001c\224\212\011\000\000\000\000\000"
		      "\000\000\000\300\214\001d\224G?\370\000\000\000\000\000"
		      "\000\214\001e\224C\001x\224\214\001f\224(K\001\221\224"
		      "\214\001g\224\217\224(K\001K\002\220\214\001h\224(K\001"
		      "K\002K\003K\004t\224\214\001i\224N\214\001j\224\210u."),
		.kind = "pickle",
		.keys = "\303\251\342\202\254\360\237\230\200\"\\\n,b,c,d,e,f,g,h,i,j",
		.calls = "collections.OrderedDict",
		.entry_count = 0,
	},
	{
		.name = "call_is_named_once",
		BYTES("(cos\nsystem\nS'id'\ncos\nsystem\ncsubprocess\nPopen\n"
		      "l."),
		.kind = "pickle",
		.calls = "os.system,subprocess.Popen",
	},
	{
		.name = "empty_jar_is_no_cookies",
		BYTES("\200\002crequests.cookies\nRequestsCookieJar\n)\201}X"
		      "\010\000\000\000_cookies}sb."),
		.kind = "pickle",
		.keys = "_cookies",
		.calls = "requests.cookies.RequestsCookieJar",
	},
	{
		.name = "truncated_pickle_is_refused",
		BYTES("\200\002}q\000X\001\000\000\000aq\001K\001s"),
	},
	{
		.name = "stop_without_a_value_is_refused",
		BYTES("\200\002."),
	},
	{
		.name = "text_that_happens_to_be_a_scalar_is_refused",
		BYTES("I1\n."),
	},
	{
		.name = "append_to_a_number_is_refused",
		BYTES("\200\002K\001K\002a."),
	},
	{
		.name = "pop_below_a_mark_is_refused",
		BYTES("\200\002]K\001(s."),
	},
	{
		.name = "unknown_opcode_is_refused",
		BYTES("\200\002}\377."),
	},
	{
		.name = "frame_past_the_end_is_refused",
		BYTES("\200\004\225\377\377\377\377\377\377\377\177}."),
	},
	{
		.name = "length_of_two_gigabytes_is_refused",
		BYTES("\200\002X\377\377\377\177a."),
	},
	{
		.name = "length_of_63_bits_is_refused",
		BYTES("\200\004\215\377\377\377\377\377\377\377\177a."),
	},
	{
		.name = "memo_that_was_never_put_is_refused",
		BYTES("\200\002h\007."),
	},
	{
		.name = "text_with_a_large_number_behind_a_p_is_refused",
		BYTES("Np999999999999\n."),
	},
	{
		.name = "php_is_refused",
		.sample =
			"php-8.2-handler-php/tmp/sessions/sess_ugqv1crb7papiei85jivm0pfag",
	},
	{
		.name = "ruby_is_refused",
		.sample =
			"rails-activesupport-filestore-session/tmp/ruby_sess.0123456789abcdef",
	},
	{
		.name = "source_is_refused",
		.sample = "lookalikes/docs-and-source/src/session.py",
	},
	{
		.name = "msgpack_is_refused",
		.sample = "lookalikes/msgpack-not-session/data/terrain.msgpack",
	},
};

/** What is read of `bytes`, with the arena to clear. */
struct reading {
	struct arena arena;
	struct decoded decoded;
	int rc;
};

static void read_bytes(struct reading *out, const void *bytes, size_t len)
{
	struct err err = { 0 };
	*out = (struct reading){ 0 };
	out->decoded.arena = &out->arena;
	out->rc = decoder_pickle.decode(&out->decoded, bytes, len, &err);
}

/** `count` times the unit, between a head and a tail. Caller clears. */
static void repeat(struct buf *out, const char *head, const char *unit,
	size_t unit_len, size_t count, const char *tail)
{
	buf_init(out, 0);
	assert_int_equal(buf_add_text(out, head), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(buf_add(out, unit, unit_len), 0);
	assert_int_equal(buf_add_text(out, tail), 0);
}

static void nested_lists_need_no_recursion(void **state)
{
	(void)state;
	struct buf buf;
	repeat(&buf, "\x80\x02", "]", 1, 40000, "");
	for (size_t i = 1; i < 40000; i++)
		assert_int_equal(buf_add_byte(&buf, 'a'), 0);
	assert_int_equal(buf_add_byte(&buf, '.'), 0);
	struct reading reading;
	read_bytes(&reading, buf.bytes, buf.len);
	assert_int_equal(reading.rc, 1);
	assert_int_equal(reading.decoded.root->count, 1);
	arena_clear(&reading.arena);
	buf_clear(&buf);
}

static void list_that_holds_itself_is_read(void **state)
{
	(void)state;
	static const char bytes[] = "\x80\x02]q\x01h\001a.";
	struct reading reading;
	read_bytes(&reading, bytes, sizeof(bytes) - 1);
	assert_int_equal(reading.rc, 1);
	const struct value *root = reading.decoded.root;
	assert_ptr_equal(root->items[0].value, root);
	arena_clear(&reading.arena);
}

/** Each level is a pair of the level below: 2^30 leaves when written out. */
static void shared_parts_are_not_copied(void **state)
{
	(void)state;
	struct buf buf;
	repeat(&buf, "\x80\x02]", "2\x86", 2, 30, ".");
	struct reading reading;
	read_bytes(&reading, buf.bytes, buf.len);
	assert_int_equal(reading.rc, 1);
	assert_true(reading.arena.total < 16384);
	const struct value *root = reading.decoded.root;
	assert_ptr_equal(root->items[0].value, root->items[1].value);
	arena_clear(&reading.arena);
	buf_clear(&buf);
}

static void memo_index_of_four_billion_is_a_limit(void **state)
{
	(void)state;
	static const char bytes[] = "\x80\x02}r\xff\xff\xff\xff.";
	struct reading reading;
	read_bytes(&reading, bytes, sizeof(bytes) - 1);
	assert_int_equal(reading.rc, ERR_LIMIT);
	arena_clear(&reading.arena);
}

static void stack_is_bounded(void **state)
{
	(void)state;
	struct buf buf;
	repeat(&buf, "\x80\x02", "N", 1, ((size_t)1 << 22) + 1, ".");
	struct reading reading;
	read_bytes(&reading, buf.bytes, buf.len);
	assert_int_equal(reading.rc, ERR_LIMIT);
	arena_clear(&reading.arena);
	buf_clear(&buf);
}

static void marks_are_bounded(void **state)
{
	(void)state;
	struct buf buf;
	repeat(&buf, "\x80\x02", "(", 1, ((size_t)1 << 20) + 1, "N.");
	struct reading reading;
	read_bytes(&reading, buf.bytes, buf.len);
	assert_int_equal(reading.rc, ERR_LIMIT);
	arena_clear(&reading.arena);
	buf_clear(&buf);
}

static void calls_behind_too_many_values_are_still_named(void **state)
{
	(void)state;
	struct buf buf;
	repeat(&buf, "\x80\x02](", "K\x01", 2, VALUE_MAX_COUNT,
		"cos\nsystem\ne.");
	struct reading reading;
	read_bytes(&reading, buf.bytes, buf.len);
	assert_int_equal(reading.rc, 1);
	assert_true(reading.decoded.truncated);
	assert_int_equal(reading.decoded.call_count, 1);
	assert_string_equal(reading.decoded.calls[0], "os.system");
	arena_clear(&reading.arena);
	buf_clear(&buf);
}

/** The arguments of one call, spread again and again. */
static void repeated_calls_do_not_copy_without_end(void **state)
{
	(void)state;
	struct buf buf;
	repeat(&buf, "\x80\002ca\nb\nq\x01(", "N", 1, 50000, "tq\0020");
	for (size_t i = 0; i < 20000; i++)
		assert_int_equal(buf_add(&buf, "h\x01h\x02R0", 6), 0);
	assert_int_equal(buf_add_text(&buf, "."), 0);
	struct reading reading;
	read_bytes(&reading, buf.bytes, buf.len);
	assert_int_equal(reading.rc, 1);
	assert_true(reading.decoded.truncated);
	arena_clear(&reading.arena);
	buf_clear(&buf);
}

static void number_of_calls_is_bounded(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 0);
	assert_int_equal(buf_add_text(&buf, "\x80\x02("), 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(buf_printf(&buf, "cm\nf%d\n", i), 0);
	assert_int_equal(buf_add_text(&buf, "l."), 0);
	struct reading reading;
	read_bytes(&reading, buf.bytes, buf.len);
	assert_int_equal(reading.rc, 1);
	assert_true(reading.decoded.truncated);
	assert_int_equal(reading.decoded.call_count, CALL_LIST_MAX);
	arena_clear(&reading.arena);
	buf_clear(&buf);
}

static void big_integers_keep_their_digits(void **state)
{
	(void)state;
	static const char bytes[] = "\x80\x02]"
				    "(\x8a\x09\0\0\0\0\0\0\0\0\x40"
				    "\x8a\x09\0\0\0\0\0\0\0\0\xc0"
				    "\x8a\x08\0\0\0\0\0\0\0\x80"
				    "\x8a\x01\xff\x8a\0e.";
	static const char *const digits[] = { "1180591620717411303424",
		"-1180591620717411303424", "-9223372036854775808" };
	struct reading reading;
	read_bytes(&reading, bytes, sizeof(bytes) - 1);
	assert_int_equal(reading.rc, 1);
	const struct value *root = reading.decoded.root;
	assert_int_equal(root->count, 5);
	for (size_t i = 0; i < ARRAY_SIZE(digits); i++) {
		const struct value *item = root->items[i].value;
		assert_int_equal(item->len, strlen(digits[i]));
		assert_memory_equal(item->bytes, digits[i], item->len);
	}
	assert_int_equal(root->items[3].value->number, -1);
	assert_int_equal(root->items[4].value->number, 0);
	arena_clear(&reading.arena);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(nested_lists_need_no_recursion),
		cmocka_unit_test(list_that_holds_itself_is_read),
		cmocka_unit_test(shared_parts_are_not_copied),
		cmocka_unit_test(memo_index_of_four_billion_is_a_limit),
		cmocka_unit_test(stack_is_bounded),
		cmocka_unit_test(marks_are_bounded),
		cmocka_unit_test(calls_behind_too_many_values_are_still_named),
		cmocka_unit_test(repeated_calls_do_not_copy_without_end),
		cmocka_unit_test(number_of_calls_is_bounded),
		cmocka_unit_test(big_integers_keep_their_digits),
	};
	return run_decode_rows(&decoder_pickle, rows, ARRAY_SIZE(rows), more,
		ARRAY_SIZE(more));
}
