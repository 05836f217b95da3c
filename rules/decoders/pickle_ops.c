/*
 * What each pickle opcode does, by CPython's pickletools.py, without importing
 * or calling: a result of a call is an object named after what is called.
 */
#include "rules/decoders/pickle_machine.h"

#include "base/array.h"
#include "rules/decoders/big_int.h"
#include "rules/decoders/pickle_text.h"

#include <stdio.h>
#include <string.h>

#define MAX_MARKS    ((size_t)1 << 20)
#define MAX_PROTOCOL 5

/**
 * What a call would give: an object named after what is called, holding the
 * arguments. copyreg's helpers make an object of the class they are given
 * (PEP 307).
 */
static bool push_result(struct machine *machine, const struct value *callable,
	const struct value *args)
{
	static const char *const makers[] = { "copy_reg._reconstructor",
		"copyreg._reconstructor", "copy_reg.__newobj__",
		"copyreg.__newobj__" };
	const char *name = callable->name ? callable->name : "unnamed";
	for (size_t i = 0; i < ARRAY_SIZE(makers); i++)
		if (!strcmp(name, makers[i]) && args->count &&
			args->items[0].value->name)
			name = args->items[0].value->name;
	struct value *result = machine_make_named(machine, name);
	machine_copy_items(machine, result, args);
	return machine_push(machine, result);
}

static bool push_text(
	struct machine *machine, const unsigned char *bytes, size_t len)
{
	return machine_push(machine,
		machine_or_filler(
			machine, value_text(machine->builder, bytes, len)));
}

static bool push_int(struct machine *machine, int64_t number)
{
	return machine_push(machine,
		machine_or_filler(
			machine, value_int(machine->builder, number)));
}

/* Opcodes: scalars */

static bool op_none(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return machine_push(machine, machine->none);
}

static bool op_true(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return machine_push(machine, machine->yes);
}

static bool op_false(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return machine_push(machine, machine->no);
}

static bool op_number(struct machine *machine, const struct operand *operand)
{
	return push_int(machine, (int64_t)operand->number);
}

static bool push_decimal(
	struct machine *machine, const unsigned char *line, size_t len)
{
	int64_t number;
	if (pickle_decimal(&number, line, len))
		return push_int(machine, number);
	if (!pickle_is_decimal(line, len))
		return false;
	struct value *value = machine_make(machine, VALUE_INT);
	if (value != machine->filler) {
		value->bytes = line;
		value->len = len;
	}
	return machine_push(machine, value);
}

static bool op_int_line(struct machine *machine, const struct operand *operand)
{
	/* "00" and "01" are how protocol 0 writes False and True */
	if (operand->len == 2 && operand->bytes[0] == '0' &&
		(operand->bytes[1] == '0' || operand->bytes[1] == '1'))
		return machine_push(machine,
			operand->bytes[1] == '1' ? machine->yes : machine->no);
	return push_decimal(machine, operand->bytes, operand->len);
}

static bool op_long_line(struct machine *machine, const struct operand *operand)
{
	size_t len = operand->len;
	if (len && operand->bytes[len - 1] == 'L')
		len--;
	return push_decimal(machine, operand->bytes, len);
}

static bool op_long(struct machine *machine, const struct operand *operand)
{
	return machine_push(machine,
		machine_or_filler(machine,
			big_int_twos_complement(machine->builder,
				operand->bytes, operand->len)));
}

static bool push_real(struct machine *machine, double real)
{
	struct value *value = machine_make(machine, VALUE_FLOAT);
	if (value != machine->filler)
		value->real = real;
	return machine_push(machine, value);
}

static bool op_float_line(
	struct machine *machine, const struct operand *operand)
{
	double real;
	return pickle_real(&real, operand->bytes, operand->len) &&
		push_real(machine, real);
}

static bool op_float(struct machine *machine, const struct operand *operand)
{
	uint64_t bits = 0; /* big-endian, unlike all integers */
	for (size_t i = 0; i < 8; i++)
		bits = bits << 8 | operand->bytes[i];
	double real;
	memcpy(&real, &bits, sizeof(real));
	return push_real(machine, real);
}

/* Opcodes: text and bytes */

static bool op_text(struct machine *machine, const struct operand *operand)
{
	return push_text(machine, operand->bytes, operand->len);
}

static bool op_bytes(struct machine *machine, const struct operand *operand)
{
	return machine_push(machine,
		machine_or_filler(machine,
			value_bytes(machine->builder, operand->bytes,
				operand->len)));
}

static bool op_string_line(
	struct machine *machine, const struct operand *operand)
{
	struct pickle_span span;
	return pickle_unquote(&span, machine->builder->arena, operand->bytes,
		       operand->len) &&
		push_text(machine, span.bytes, span.len);
}

static bool op_unicode_line(
	struct machine *machine, const struct operand *operand)
{
	struct pickle_span span;
	return pickle_unescape(&span, machine->builder->arena, operand->bytes,
		       operand->len) &&
		push_text(machine, span.bytes, span.len);
}

/* Opcodes: containers */

static bool op_empty_list(
	struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return machine_push(machine, machine_make(machine, VALUE_LIST));
}

static bool op_empty_map(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return machine_push(machine, machine_make(machine, VALUE_MAP));
}

static bool op_list(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value **items;
	size_t count;
	if (!machine_pop_mark(machine, &items, &count))
		return false;
	struct value *list = machine_make(machine, VALUE_LIST);
	machine_add_all(machine, list, items, count);
	return machine_push(machine, list);
}

static bool op_map(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value **items;
	size_t count;
	if (!machine_pop_mark(machine, &items, &count))
		return false;
	struct value *map = machine_make(machine, VALUE_MAP);
	return machine_add_pairs(machine, map, items, count) &&
		machine_push(machine, map);
}

static bool push_tuple(struct machine *machine, size_t count)
{
	if (machine_available(machine) < count)
		return false;
	machine->stack_count -= count;
	struct value *list = machine_make(machine, VALUE_LIST);
	machine_add_all(
		machine, list, machine->stack + machine->stack_count, count);
	return machine_push(machine, list);
}

static bool op_tuple1(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return push_tuple(machine, 1);
}

static bool op_tuple2(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return push_tuple(machine, 2);
}

static bool op_tuple3(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return push_tuple(machine, 3);
}

static bool op_append(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value *item = machine_pop(machine);
	struct value *list = machine_top(machine);
	if (!item || !list || !machine_is_container(machine, list))
		return false;
	machine_add(machine, list, NULL, item);
	return true;
}

static bool op_appends(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value **items;
	size_t count;
	if (!machine_pop_mark(machine, &items, &count))
		return false;
	struct value *list = machine_top(machine);
	if (!list || !machine_is_container(machine, list))
		return false;
	machine_add_all(machine, list, items, count);
	return true;
}

static bool op_set_item(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value *value = machine_pop(machine);
	struct value *key = machine_pop(machine);
	struct value *map = machine_top(machine);
	if (!value || !key || !map || !machine_is_container(machine, map))
		return false;
	machine_add(machine, map, key, value);
	return true;
}

static bool op_set_items(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value **items;
	size_t count;
	if (!machine_pop_mark(machine, &items, &count))
		return false;
	struct value *map = machine_top(machine);
	return map && machine_is_container(machine, map) &&
		machine_add_pairs(machine, map, items, count);
}

/* Opcodes: stack and memo */

static bool op_mark(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	if (machine->mark_count == MAX_MARKS)
		return machine_bound_hit(machine);
	ARRAY_GROW(machine->marks, machine->mark_count, machine->mark_capacity);
	machine->marks[machine->mark_count++] = machine->stack_count;
	return true;
}

static bool op_pop(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	if (machine_pop(machine))
		return true;
	if (!machine->mark_count)
		return false;
	machine->mark_count--; /* a mark can be popped like an item */
	return true;
}

static bool op_pop_mark(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value **items;
	size_t count;
	return machine_pop_mark(machine, &items, &count);
}

static bool op_dup(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value *value = machine_top(machine);
	return value && machine_push(machine, value);
}

static bool op_get(struct machine *machine, const struct operand *operand)
{
	return machine_memo_get(machine, operand->number);
}

static bool op_get_line(struct machine *machine, const struct operand *operand)
{
	int64_t index;
	return pickle_decimal(&index, operand->bytes, operand->len) &&
		index >= 0 && machine_memo_get(machine, (uint64_t)index);
}

static bool op_put(struct machine *machine, const struct operand *operand)
{
	return machine_memo_put(machine, operand->number);
}

static bool op_put_line(struct machine *machine, const struct operand *operand)
{
	int64_t index;
	return pickle_decimal(&index, operand->bytes, operand->len) &&
		index >= 0 && machine_memo_put(machine, (uint64_t)index);
}

static bool op_memoize(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return machine_memo_put(machine, machine->memo_count);
}

/* Opcodes: what a load would import, make or call */

static bool op_global(struct machine *machine, const struct operand *operand)
{
	return machine_push(machine,
		machine_import(machine, operand->bytes, operand->len,
			operand->more, operand->more_len));
}

static bool op_stack_global(
	struct machine *machine, const struct operand *operand)
{
	(void)operand;
	const struct value *name = machine_pop(machine);
	const struct value *module = machine_pop(machine);
	if (!name || !module)
		return false;
	if (name == machine->filler || module == machine->filler)
		return machine_push(
			machine, machine_make_named(machine, "unnamed"));
	return name->type == VALUE_TEXT && module->type == VALUE_TEXT &&
		machine_push(machine,
			machine_import(machine, module->bytes, module->len,
				name->bytes, name->len));
}

/** Copyreg's extension registry (PEP 307) says what the number stands for. */
static bool op_extension(struct machine *machine, const struct operand *operand)
{
	static const char module[] = "copyreg";
	char name[32];
	int len = snprintf(name, sizeof(name), "extension %llu",
		(unsigned long long)operand->number);
	return machine_push(machine,
		machine_import(machine, (const unsigned char *)module,
			sizeof(module) - 1, (const unsigned char *)name,
			(size_t)len));
}

static bool op_reduce(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	const struct value *args = machine_pop(machine);
	const struct value *callable = machine_pop(machine);
	return args && callable && push_result(machine, callable, args);
}

static bool op_new_extended(
	struct machine *machine, const struct operand *operand)
{
	(void)operand;
	const struct value *keywords = machine_pop(machine);
	const struct value *args = machine_pop(machine);
	const struct value *class = machine_pop(machine);
	if (!keywords || !args || !class || !push_result(machine, class, args))
		return false;
	machine_copy_items(machine, machine_top(machine), keywords);
	return true;
}

static bool op_instance(struct machine *machine, const struct operand *operand)
{
	struct value **items;
	size_t count;
	if (!machine_pop_mark(machine, &items, &count))
		return false;
	struct value *object = machine_import(machine, operand->bytes,
		operand->len, operand->more, operand->more_len);
	machine_add_all(machine, object, items, count);
	return machine_push(machine, object);
}

static bool op_object(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value **items;
	size_t count;
	if (!machine_pop_mark(machine, &items, &count) || !count)
		return false;
	struct value *object = machine_make_named(
		machine, items[0]->name ? items[0]->name : "unnamed");
	machine_add_all(machine, object, items + 1, count - 1);
	return machine_push(machine, object);
}

/** A state is a dict, or a pair of two: __dict__ and slots (PEP 307). */
static bool op_build(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value *state = machine_pop(machine);
	struct value *object = machine_top(machine);
	if (!state || !object || !machine_is_container(machine, object))
		return false;
	if (state->type == VALUE_MAP) {
		machine_copy_items(machine, object, state);
		return true;
	}
	if (state->type != VALUE_LIST || state->count != 2 ||
		state->items[1].value->type != VALUE_MAP) {
		machine_add(machine, object, NULL, state);
		return true;
	}
	for (size_t i = 0; i < 2; i++)
		machine_copy_items(machine, object, state->items[i].value);
	return true;
}

static bool op_persistent(
	struct machine *machine, const struct operand *operand)
{
	(void)operand;
	struct value *id = machine_pop(machine);
	if (!id)
		return false;
	struct value *object = machine_make_named(machine, "persistent_load");
	machine_add(machine, object, NULL, id);
	return machine_push(machine, object);
}

static bool op_persistent_line(
	struct machine *machine, const struct operand *operand)
{
	return push_text(machine, operand->bytes, operand->len) &&
		op_persistent(machine, operand);
}

static bool op_buffer(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return machine_push(machine, machine_make_named(machine, "buffer"));
}

static bool op_keep_top(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	return machine_top(machine) != NULL;
}

/* Opcodes: the stream itself */

static bool op_protocol(struct machine *machine, const struct operand *operand)
{
	machine->out->protocol = (unsigned)operand->number;
	return operand->number <= MAX_PROTOCOL;
}

static bool op_frame(struct machine *machine, const struct operand *operand)
{
	return operand->number <= machine->len - machine->at;
}

static bool op_stop(struct machine *machine, const struct operand *operand)
{
	(void)operand;
	machine->out->root = machine_pop(machine);
	machine->stopped = true;
	return machine->out->root != NULL;
}

const struct opcode pickle_opcodes[256] = {
	['('] = { op_mark, NO_OPERAND },
	[')'] = { op_empty_list, NO_OPERAND }, /* an empty tuple */
	['.'] = { op_stop, NO_OPERAND },
	['0'] = { op_pop, NO_OPERAND },
	['1'] = { op_pop_mark, NO_OPERAND },
	['2'] = { op_dup, NO_OPERAND },
	['B'] = { op_bytes, COUNTED4 },
	['C'] = { op_bytes, COUNTED1 },
	['F'] = { op_float_line, LINE },
	['G'] = { op_float, EIGHT_BYTES },
	['I'] = { op_int_line, LINE },
	['J'] = { op_number, INT4 },
	['K'] = { op_number, UINT1 },
	['L'] = { op_long_line, LINE },
	['M'] = { op_number, UINT2 },
	['N'] = { op_none, NO_OPERAND },
	['P'] = { op_persistent_line, LINE },
	['Q'] = { op_persistent, NO_OPERAND },
	['R'] = { op_reduce, NO_OPERAND },
	['S'] = { op_string_line, LINE },
	['T'] = { op_text, COUNTED4 },
	['U'] = { op_text, COUNTED1 },
	['V'] = { op_unicode_line, LINE },
	['X'] = { op_text, COUNTED4 },
	[']'] = { op_empty_list, NO_OPERAND },
	['a'] = { op_append, NO_OPERAND },
	['b'] = { op_build, NO_OPERAND },
	['c'] = { op_global, TWO_LINES },
	['d'] = { op_map, NO_OPERAND },
	['e'] = { op_appends, NO_OPERAND },
	['g'] = { op_get_line, LINE },
	['h'] = { op_get, UINT1 },
	['i'] = { op_instance, TWO_LINES },
	['j'] = { op_get, UINT4 },
	['l'] = { op_list, NO_OPERAND },
	['o'] = { op_object, NO_OPERAND },
	['p'] = { op_put_line, LINE },
	['q'] = { op_put, UINT1 },
	['r'] = { op_put, UINT4 },
	['s'] = { op_set_item, NO_OPERAND },
	['t'] = { op_list, NO_OPERAND }, /* a tuple */
	['u'] = { op_set_items, NO_OPERAND },
	['}'] = { op_empty_map, NO_OPERAND },
	[0x80] = { op_protocol, UINT1 },
	[0x81] = { op_reduce, NO_OPERAND }, /* NEWOBJ: class and arguments */
	[0x82] = { op_extension, UINT1 },
	[0x83] = { op_extension, UINT2 },
	[0x84] = { op_extension, UINT4 },
	[0x85] = { op_tuple1, NO_OPERAND },
	[0x86] = { op_tuple2, NO_OPERAND },
	[0x87] = { op_tuple3, NO_OPERAND },
	[0x88] = { op_true, NO_OPERAND },
	[0x89] = { op_false, NO_OPERAND },
	[0x8A] = { op_long, COUNTED1 },
	[0x8B] = { op_long, COUNTED4 },
	[0x8C] = { op_text, COUNTED1 },
	[0x8D] = { op_text, COUNTED8 },
	[0x8E] = { op_bytes, COUNTED8 },
	[0x8F] = { op_empty_list, NO_OPERAND }, /* a set */
	[0x90] = { op_appends, NO_OPERAND },    /* ADDITEMS, to a set */
	[0x91] = { op_list, NO_OPERAND },       /* a frozenset */
	[0x92] = { op_new_extended, NO_OPERAND },
	[0x93] = { op_stack_global, NO_OPERAND },
	[0x94] = { op_memoize, NO_OPERAND },
	[0x95] = { op_frame, UINT8 },
	[0x96] = { op_bytes, COUNTED8 }, /* a bytearray */
	[0x97] = { op_buffer, NO_OPERAND },
	[0x98] = { op_keep_top, NO_OPERAND }, /* READONLY_BUFFER */
};
