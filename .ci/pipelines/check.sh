#!/usr/bin/env bash
# Work that is shared out: check.sh CHANCERY
#
# Shards, GNU parallel, ninja and make come to the bytes of one build; ninja and make build
# again what changed, and nothing else.
set -euo pipefail
chancery=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
mkdir bin
ln -s "$chancery" bin/chancery
PATH=$scratch/bin:$PATH

fail() {
    printf 'pipelines: %s\n' "$1"
    exit 1
}

# project NAME: a project whose documents use one another.
project() {
    mkdir -p "$1/source/deep"
    cd "$scratch/$1"
    printf '[project]\nformats = ["html", "text", "pdf"]\n' >chancery.toml
    printf '# First\n\nSee [](deep/second.md) and [the form](form.pdf).\n' >source/first.md
    printf '# Second\n\n:::include {src=_part.md}\n:::\n' >source/deep/second.md
    printf '# Deep\n\n:::members\n:::\n' >source/deep/index.md
    printf 'A part.\n' >source/deep/_part.md
    printf '# It costs $5\n\nWords.\n' >"source/a b's \$paper.md"
    printf 'A form.\n' >source/form.pdf
    printf 'A note.\n' >source/_note.md
    printf '# Alone\n\n:::include {src=_note.md}\n:::\n' >source/alone.md
    for number in $(seq 20); do printf '# Paper %s\n\nWords.\n' "$number" >"source/paper-$number.md"; done
}

# same NAME: what a project made is what one build makes.
same() {
    diff -r --exclude=.chancery "$scratch/one/outputs" "$scratch/$1/outputs" || fail "$1: not what one build makes"
    chancery build --locked --quiet || fail "$1: not what the sources make"
    printf 'pipelines: %s makes what one build makes\n' "$1"
}

project one && chancery build --quiet
cd "$scratch" && project parallel
seq 4 | parallel --will-cite -j 2 chancery build --shard {}/4 --quiet
chancery manifest merge --quiet
same parallel

# Shards with folders of their own, as on several machines.
cd "$scratch" && project machines
for shard in 1 2 3; do chancery build --shard $shard/3 --out "../machine-$shard" --quiet; done
chancery manifest merge ../machine-1 ../machine-2 ../machine-3 --quiet
same machines

# built TOOL WORDS WHY: what one run of a tool builds.
built() {
    local said
    case $1 in
    ninja) said=$(ninja -v 2>&1) || fail "ninja fails ($3): $said" ;;
    make) said=$(make 2>&1) || fail "make fails ($3): $said" ;;
    esac
    said=$(grep -oE 'chancery (build [^ ]+|manifest merge)' <<<"$said" | sed 's/chancery //; s/build source.//' | sort | tr '\n' ' ') || true
    [ "$said" = "$2" ] || fail "$1 builds \"$said\" instead of \"$2\" ($3)"
}

for tool in ninja make; do
    cd "$scratch" && project $tool
    case $tool in
    ninja) chancery plan --format ninja >build.ninja && ninja --quiet ;;
    make) chancery plan --format make >Makefile && make --silent -j2 ;;
    esac
    same $tool
    built $tool "" "without a change"
    sleep 1.1
    printf 'Another part.\n' >source/deep/_part.md
    # What leads to a document shows what it says of itself.
    built $tool "deep/index.md deep/second.md first.md manifest merge " "after a change of an included file"
    sleep 1.1
    printf 'Another note.\n' >source/_note.md
    built $tool "alone.md manifest merge " "after a change of a file that one document includes"
    built $tool "" "without another change"
    grep -q 'Another part' outputs/deep/second.txt || fail "$tool: the change is not in the edition"
    sleep 1.1
    printf '# Paper 7\n\nOther words.\n' >source/paper-7.md
    rm outputs/paper-9.txt
    built $tool "manifest merge paper-7.md paper-9.md " "after a change, and where an edition is gone"
    # A document more: the plan is made again, and so is what lists it.
    sleep 1.1
    printf '# Third\n\nWords.\n' >source/deep/third.md
    case $tool in
    ninja) chancery plan --format ninja >build.ninja ;;
    make) chancery plan --format make >Makefile ;;
    esac
    case $tool in
    ninja) ninja --quiet || fail "ninja fails" ;;
    make) make --silent || fail "make fails" ;;
    esac
    grep -q Third outputs/deep/index.txt || fail "$tool: the new document is not listed"
    built $tool "" "after a document more"
    chancery build --locked --quiet || fail "$tool: not what the sources make"
done
printf 'pipelines: ninja and make build what changed, and nothing else\n'
