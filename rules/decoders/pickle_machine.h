/*
 * The parts of the pickle walk: the machine, and what each opcode does to it.
 * Seen by pickle_read.c, pickle_machine.c and pickle_ops.c alone.
 *
 * Invariants: `at` never passes `len`, and no stack item below the newest mark
 * is popped. When the builder's bound is reached, `filler` stands for every
 * further value.
 */
#ifndef RULES_DECODERS_PICKLE_MACHINE_H
#define RULES_DECODERS_PICKLE_MACHINE_H

#include "rules/decoders/pickle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine {
	struct pickle *out;
	struct value_builder *builder;
	const unsigned char *bytes;
	size_t len;
	size_t at;

	struct value **stack;
	size_t stack_count, stack_capacity;
	size_t *marks; /* stack_count at each MARK */
	size_t mark_count, mark_capacity;
	struct value **memo; /* NULL where nothing was put */
	size_t memo_size;
	size_t memo_count; /* MEMOIZE puts here */

	struct value *none, *yes, *no;
	struct value *filler;
	bool stopped;
	bool limited; /* a bound of the walk itself was hit */
};

/** How an operand is written. */
enum operand_kind {
	NO_OPERAND,
	UINT1,
	UINT2,
	UINT4,
	INT4,
	UINT8,
	EIGHT_BYTES,
	LINE,
	TWO_LINES,
	COUNTED1, /* bytes behind their little-endian length */
	COUNTED4,
	COUNTED8,
};

struct operand {
	uint64_t number;
	const unsigned char *bytes;
	size_t len;
	const unsigned char *more; /* the second line */
	size_t more_len;
};

/** Works on the machine; false when this is no pickle, or a bound is hit. */
typedef bool machine_op(struct machine *machine, const struct operand *operand);

struct opcode {
	machine_op *run; /* NULL: no such opcode */
	enum operand_kind operand;
};

extern const struct opcode pickle_opcodes[256];

/** Notes that a bound of the walk itself was hit; returns false. */
bool machine_bound_hit(struct machine *machine);

bool machine_push(struct machine *machine, struct value *value);

/** Items above the newest mark. */
size_t machine_available(const struct machine *machine);

/** The item on top, or NULL when there is none above the newest mark. */
struct value *machine_top(const struct machine *machine);
struct value *machine_pop(struct machine *machine);

/** Takes the newest mark; what lay above it stays readable until a push. */
bool machine_pop_mark(
	struct machine *machine, struct value ***items, size_t *count);

bool machine_memo_get(struct machine *machine, uint64_t index);
bool machine_memo_put(struct machine *machine, uint64_t index);

/** The value, or the filler for NULL. */
struct value *machine_or_filler(struct machine *machine, struct value *value);

struct value *machine_make(struct machine *machine, enum value_type type);
struct value *machine_make_named(struct machine *machine, const char *name);

/** An object named "module.name", which is noted as what a load would call. */
struct value *machine_import(struct machine *machine,
	const unsigned char *module, size_t module_len,
	const unsigned char *name, size_t name_len);

bool machine_is_container(
	const struct machine *machine, const struct value *value);

/** False when the builder's bound is reached: stop adding. */
bool machine_add(struct machine *machine, struct value *parent,
	struct value *key, struct value *value);
void machine_add_all(struct machine *machine, struct value *parent,
	struct value *const *items, size_t count);

/** Keys and values in turn; false when one is left over. */
bool machine_add_pairs(struct machine *machine, struct value *parent,
	struct value *const *items, size_t count);
void machine_copy_items(struct machine *machine, struct value *parent,
	const struct value *from);

#endif
