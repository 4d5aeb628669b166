#!/usr/bin/env bash
# Hands the Word documents of a folder to judges from outside: an Open XML validator, and four
# programs that read them, python-docx, mammoth, pandoc and LibreOffice.
#
#     .ci/word/check.sh FOLDER [CHANCERY]
#
# Needs soffice and pdftotext.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?folder}
chancery=${2:-$here/../../target/release/chancery}
venv=$here/../../target/word

if [ ! -x "$venv/bin/openxml-audit" ] || ! "$venv/bin/python" -c 'import pypandoc' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check \
        openxml-audit==0.8.0 python-docx==1.2.0 mammoth==1.13.0 pypandoc-binary==1.17
fi

# A process for each file: within one, the validator remembers a package by its place in
# memory, which the next package may take.
find "$folder" -name '*.docx' -print0 | sort -z |
    xargs -0 --no-run-if-empty -n 1 -P 2 "$venv/bin/openxml-audit" --quiet --policy strict --format microsoft365
"$venv/bin/python" "$here/read.py" "$chancery" "$folder"
