#!/usr/bin/env bash
# Depfiles with make and ninja: check.sh CHANCERY
#
# A change of an included file rebuilds what includes it; without a change
# nothing is rebuilt; a file that is gone stops neither.
set -euo pipefail
chancery=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

mkdir -p source
touch chancery.toml
printf '# A\n\n:::include {src=_part.md}\n:::\n' >source/a.md
printf '# B\n\nWords.\n' >source/b.md
printf 'A part.\n' >source/_part.md

cat >Makefile <<MAKE
all: outputs/a.txt outputs/b.txt
outputs/%.txt: source/%.md
	@$chancery build \$< --to text --deps \$*.d --quiet
	@echo made \$*
-include a.d b.d
MAKE
cat >build.ninja <<NINJA
rule chancery
  command = $chancery build \$in --to text --deps \$out.d --quiet --out ninja && echo made \$in
  depfile = \$out.d
  description = editions
build ninja/a.txt: chancery source/a.md
build ninja/b.txt: chancery source/b.md
NINJA

fail() {
    printf 'depfiles: %s\n' "$1"
    exit 1
}

# expect TOOL WORDS WHY: what one run of a tool says it made.
expect() {
    local said
    said=$("$1" 2>&1) || fail "$1 fails ($3): $said"
    said=$(grep -o 'made .*' <<<"$said" | sed 's/source.//; s/\.md//' | sort | tr '\n' ' ') || true
    [ "$said" = "$2" ] || fail "$1 says \"$said\" instead of \"$2\" ($3)"
}

for tool in make ninja; do
    expect "$tool" "made a made b " "the first time"
    expect "$tool" "" "without a change"
    sleep 1
    printf 'Another part.\n' >source/_part.md
    expect "$tool" "made a " "after a change of the part"
    grep -q 'Another part' outputs/a.txt || grep -q 'Another part' ninja/a.txt || fail "the change is not in the edition"
    expect "$tool" "" "without another change"
    printf 'A part.\n' >source/_part.md
done
printf 'depfiles: make and ninja rebuild what changed\n'
