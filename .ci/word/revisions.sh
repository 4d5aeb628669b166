#!/usr/bin/env bash
# Makes redlines as Word documents of the cases, and has LibreOffice accept and reject all of their
# changes: the words must be those of either version. Needs soffice and python3-uno.
#
#     .ci/word/revisions.sh CHANCERY FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
chancery=$(realpath "${1:?chancery}")
folder=${2:?folder}
cases=$here/../../tests/cases/redlines
mkdir -p "$folder/changes"
files=()
for earlier in "$cases"/*.earlier.md; do
    name=$(basename "$earlier" .earlier.md)
    for version in old new; do
        mkdir -p "$folder/$version/$name"
        cp "$cases"/*.svg "$folder/$version/$name"
    done
    cp "$earlier" "$folder/old/$name/$name.md"
    cp "$cases/$name.md" "$folder/new/$name/$name.md"
    for version in old new; do
        "$chancery" build "$folder/$version/$name/$name.md" --to docx --quiet --out "$folder/$version/made"
    done
    "$chancery" diff "$folder/old/$name/$name.md" "$folder/new/$name/$name.md" --to docx --verify --quiet \
        --out "$folder/changes"
    files+=("$folder/new/made/$name.docx" "$folder/old/made/$name.docx" "$folder/changes/$name.changes.docx")
done
/usr/bin/python3 "$here/revisions.py" "${files[@]}"
