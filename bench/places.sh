#!/bin/sh
# Who looks where: one repository with a marked secret in each place where one
# can hide (that of the test integration.places), and which of them
# git-hygiene finds, and gitleaks, betterleaks and detect-secrets where they are
# on PATH. All are given one rule for the marks, so that it is places that are
# compared, not rules. Prints a table for Markdown; --list also each place.
# usage: places.sh <git-hygiene> [--list]; exit 1 when git-hygiene misses one.
exec python3 "$(dirname "$0")/places.py" "$@"
