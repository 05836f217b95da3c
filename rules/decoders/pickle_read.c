/* The walk over a pickle: operands read, opcodes handed to the machine. */
#include "rules/decoders/pickle.h"

#include "base/array.h"
#include "rules/decoders/pickle_machine.h"

#include <stdlib.h>
#include <string.h>

static bool read_span(
	struct machine *machine, struct operand *operand, uint64_t len)
{
	if (len > machine->len - machine->at)
		return false;
	operand->bytes = machine->bytes + machine->at;
	operand->len = (size_t)len;
	machine->at += operand->len;
	return true;
}

static bool read_number(
	struct machine *machine, struct operand *operand, size_t width)
{
	if (!read_span(machine, operand, width))
		return false;
	operand->number = 0;
	for (size_t i = width; i-- > 0;)
		operand->number = operand->number << 8 | operand->bytes[i];
	return true;
}

static bool read_counted(
	struct machine *machine, struct operand *operand, size_t width)
{
	return read_number(machine, operand, width) &&
		read_span(machine, operand, operand->number);
}

static bool read_line(struct machine *machine, struct operand *operand)
{
	const unsigned char *start = machine->bytes + machine->at;
	const unsigned char *end =
		memchr(start, '\n', machine->len - machine->at);
	if (!end)
		return false;
	operand->bytes = start;
	operand->len = (size_t)(end - start);
	machine->at += operand->len + 1;
	return true;
}

static bool read_two_lines(struct machine *machine, struct operand *operand)
{
	struct operand second;
	if (!read_line(machine, operand) || !read_line(machine, &second))
		return false;
	operand->more = second.bytes;
	operand->more_len = second.len;
	return true;
}

static bool read_operand(struct machine *machine, struct operand *operand,
	enum operand_kind kind)
{
	switch (kind) {
	case NO_OPERAND:
		return true;
	case UINT1:
		return read_number(machine, operand, 1);
	case UINT2:
		return read_number(machine, operand, 2);
	case UINT4:
		return read_number(machine, operand, 4);
	case INT4:
		if (!read_number(machine, operand, 4))
			return false;
		operand->number = (uint64_t)(int64_t)(int32_t)operand->number;
		return true;
	case UINT8:
		return read_number(machine, operand, 8);
	case EIGHT_BYTES:
		return read_span(machine, operand, 8);
	case LINE:
		return read_line(machine, operand);
	case TWO_LINES:
		return read_two_lines(machine, operand);
	case COUNTED1:
		return read_counted(machine, operand, 1);
	case COUNTED4:
		return read_counted(machine, operand, 4);
	case COUNTED8:
		return read_counted(machine, operand, 8);
	}
	return false;
}

static bool start(struct machine *machine)
{
	machine->filler =
		arena_alloc(machine->builder->arena, sizeof(*machine->filler));
	machine->none = machine_make(machine, VALUE_NULL);
	machine->yes = machine_make(machine, VALUE_BOOL);
	machine->no = machine_make(machine, VALUE_BOOL);
	if (machine->out->truncated)
		return machine_bound_hit(machine);
	machine->yes->number = 1;
	ARRAY_GROW(
		machine->stack, machine->stack_count, machine->stack_capacity);
	return true;
}

static bool walk(struct machine *machine)
{
	while (!machine->stopped) {
		if (machine->at == machine->len)
			return false;
		const struct opcode *opcode =
			&pickle_opcodes[machine->bytes[machine->at++]];
		struct operand operand = { 0 };
		if (!opcode->run ||
			!read_operand(machine, &operand, opcode->operand) ||
			!opcode->run(machine, &operand))
			return false;
	}
	return true;
}

int pickle_read(struct pickle *out, struct value_builder *builder,
	const unsigned char *bytes, size_t len, struct err *err)
{
	*out = (struct pickle){ 0 };
	struct machine machine = {
		.out = out,
		.builder = builder,
		.bytes = bytes,
		.len = len,
	};
	bool whole = start(&machine) && walk(&machine);
	free(machine.stack);
	free(machine.marks);
	free(machine.memo);
	if (machine.limited)
		return err_set(err, ERR_LIMIT,
			"pickle with too large a stack or memo");
	if (!whole)
		return 0;
	out->consumed = machine.at;
	out->truncated |= out->calls.truncated;
	return 1;
}
