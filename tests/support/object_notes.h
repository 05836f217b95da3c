/*
 * A sink's notes, to be held against what objects_each() says of deltas: each
 * note is a copy of its object.
 */
#ifndef TESTS_SUPPORT_OBJECT_NOTES_H
#define TESTS_SUPPORT_OBJECT_NOTES_H

#include "scanner/objects/objects.h"

#include <stdbool.h>

/** Leaves a note where the run wants one. */
void leave_copy(const struct object *object);

/** False when a copy of object->delta names bytes that differ from the base's,
 * leads out of either object, or is not in order. */
bool copies_are_right(const struct object *object);

#endif
