#!/usr/bin/env bash
# A judge that cannot say no is no judge: check.sh must pass a file as it is,
# and reject it with one tag, one width or one alternative text corrupted.
#
#   .ci/pdf/trial.sh FILE
#
# FILE is an edition with a table and a figure. Needs what check.sh needs.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
file=${1:?usage: trial.sh FILE}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
faults=0

# trial NAME VERDICT [PATTERN REPLACEMENT]: judges a copy in which the first
# match of a pattern is replaced by as many bytes, so that the file stays whole.
trial() {
    local name=$1 expected=$2 verdict=passes
    mkdir "$scratch/$name"
    python3 - "$scratch/whole.pdf" "$scratch/$name/$name.pdf" "${@:3}" <<'EOF'
import re, sys
source, target, *change = sys.argv[1:]
data = open(source, "rb").read()
if change:
    pattern, replacement = (part.encode() for part in change)
    changed = re.sub(pattern, replacement, data, count=1)
    if changed == data or len(changed) != len(data):
        sys.exit(f"trial.sh: {change[0]} changes nothing, or the file's length")
    data = changed
open(target, "wb").write(data)
EOF
    "$here/check.sh" "$scratch/$name" >"$scratch/$name.log" 2>&1 || verdict=fails
    if [ "$verdict" = "$expected" ] && { [ "$expected" = passes ] || grep -q 'FAULT veraPDF' "$scratch/$name.log"; }; then
        echo "$name: $verdict, as it must"
    else
        echo "FAULT $name: $verdict, but not as it must" >&2
        cat "$scratch/$name.log" >&2
        faults=$((faults + 1))
    fi
}

qpdf --object-streams=disable --newline-before-endstream "$file" "$scratch/whole.pdf"
trial whole passes
trial tag fails '/S /TR\b' '/S /TH'
trial width fails '(/W \[\s+\d+\s+\[\s+)(\d)' '\g<1>9'
trial alternative fails '/Alt (?=[(<])' '/Alz '
[ "$faults" -eq 0 ]
