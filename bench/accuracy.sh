#!/bin/sh
# How much is found, and how much of what is found is none: secrets made from
# the vendors' formats (accuracy/formats.py), planted in many languages and
# encodings, and the present files of repositories that hold none. Wants of the
# first 99 of 100 found, each by the right rule, and of the second at most one
# finding of high or certain confidence a 10 MB.
# usage: accuracy.sh <git-hygiene> [--list] [--judged=<file>] [<repository or
# folder>...]; exit 1 when a bound is passed.
exec python3 "$(dirname "$0")/accuracy/measure.py" "$@"
