#!/bin/sh
# Judges files by a RELAX NG grammar and Schematron rules with jing, whose
# lists of what would have been right are cut short.
#
#   judge.sh GRAMMAR RULES FILE…
GRAMMAR=$1 RULES=$2
shift 2
LONGEST=300
faults=$(mktemp)
trap 'rm -f "$faults"' EXIT
status=0
# What jing says on standard error is about optional Java libraries.
jing -c "$GRAMMAR" "$@" >"$faults" 2>/dev/null || status=1
jing "$RULES" "$@" >>"$faults" 2>/dev/null || status=1
cut -c "1-$LONGEST" "$faults"
exit $status
