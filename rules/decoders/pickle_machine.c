/* Stack, memo and values of the pickle walk. */
#include "rules/decoders/pickle_machine.h"

#include "base/array.h"

#include <stdio.h>
#include <string.h>

#define MAX_STACK ((size_t)1 << 22)
#define MAX_MEMO  ((size_t)1 << 20)
#define MAX_NAME  256 /* bytes of a module or class name */

bool machine_bound_hit(struct machine *machine)
{
	machine->limited = true;
	return false;
}

bool machine_push(struct machine *machine, struct value *value)
{
	if (machine->stack_count == MAX_STACK)
		return machine_bound_hit(machine);
	ARRAY_GROW(
		machine->stack, machine->stack_count, machine->stack_capacity);
	machine->stack[machine->stack_count++] = value;
	return true;
}

static size_t floor_of(const struct machine *machine)
{
	return machine->mark_count ? machine->marks[machine->mark_count - 1]
				   : 0;
}

size_t machine_available(const struct machine *machine)
{
	return machine->stack_count - floor_of(machine);
}

struct value *machine_top(const struct machine *machine)
{
	return machine_available(machine)
		? machine->stack[machine->stack_count - 1]
		: NULL;
}

struct value *machine_pop(struct machine *machine)
{
	struct value *value = machine_top(machine);
	if (value)
		machine->stack_count--;
	return value;
}

bool machine_pop_mark(
	struct machine *machine, struct value ***items, size_t *count)
{
	if (!machine->mark_count)
		return false;
	size_t first = machine->marks[--machine->mark_count];
	*items = machine->stack + first;
	*count = machine->stack_count - first;
	machine->stack_count = first;
	return true;
}

struct value *machine_or_filler(struct machine *machine, struct value *value)
{
	if (value)
		return value;
	machine->out->truncated = true;
	return machine->filler;
}

struct value *machine_make(struct machine *machine, enum value_type type)
{
	return machine_or_filler(machine, value_new(machine->builder, type));
}

struct value *machine_make_named(struct machine *machine, const char *name)
{
	struct value *value = machine_make(machine, VALUE_OBJECT);
	if (value != machine->filler)
		value->name = name;
	return value;
}

struct value *machine_import(struct machine *machine,
	const unsigned char *module, size_t module_len,
	const unsigned char *name, size_t name_len)
{
	char text[2 * MAX_NAME + 2];
	snprintf(text, sizeof(text), "%.*s.%.*s",
		(int)(module_len < MAX_NAME ? module_len : MAX_NAME), module,
		(int)(name_len < MAX_NAME ? name_len : MAX_NAME), name);
	const char *kept = call_list_add(
		&machine->out->calls, machine->builder->arena, text);
	return machine_make_named(machine, kept ? kept : "unnamed");
}

bool machine_is_container(
	const struct machine *machine, const struct value *value)
{
	return value == machine->filler || value->type == VALUE_LIST ||
		value->type == VALUE_MAP || value->type == VALUE_OBJECT;
}

bool machine_add(struct machine *machine, struct value *parent,
	struct value *key, struct value *value)
{
	if (parent == machine->filler)
		return false;
	if (value_add(machine->builder, parent, key, value))
		return true;
	machine->out->truncated = true;
	return false;
}

void machine_add_all(struct machine *machine, struct value *parent,
	struct value *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!machine_add(machine, parent, NULL, items[i]))
			return;
}

bool machine_add_pairs(struct machine *machine, struct value *parent,
	struct value *const *items, size_t count)
{
	if (count % 2)
		return false;
	for (size_t i = 0; i < count; i += 2)
		if (!machine_add(machine, parent, items[i], items[i + 1]))
			break;
	return true;
}

void machine_copy_items(
	struct machine *machine, struct value *parent, const struct value *from)
{
	size_t count = from->count; /* `from` may be `parent` */
	for (size_t i = 0; i < count; i++)
		if (!machine_add(machine, parent, from->items[i].key,
			    from->items[i].value))
			return;
}

bool machine_memo_get(struct machine *machine, uint64_t index)
{
	return index < machine->memo_size && machine->memo[index] &&
		machine_push(machine, machine->memo[index]);
}

/** Text can hold a few opcodes by chance, but neither PROTO nor many PUTs. */
static bool is_surely_pickle(const struct machine *machine)
{
	return machine->out->protocol >= 2 ||
		machine->memo_count >= MAX_MEMO / 2;
}

bool machine_memo_put(struct machine *machine, uint64_t index)
{
	struct value *value = machine_top(machine);
	if (!value)
		return false;
	if (index >= MAX_MEMO)
		return is_surely_pickle(machine) && machine_bound_hit(machine);
	if (index >= machine->memo_size) {
		/* picklers count up: doubling keeps it linear */
		size_t size = machine->memo_size ? machine->memo_size : 64;
		while (size <= index)
			size *= 2;
		machine->memo = xreallocarray(
			machine->memo, size, sizeof(struct value *));
		memset(machine->memo + machine->memo_size, 0,
			(size - machine->memo_size) * sizeof(struct value *));
		machine->memo_size = size;
	}
	machine->memo_count += !machine->memo[index];
	machine->memo[index] = value;
	return true;
}
