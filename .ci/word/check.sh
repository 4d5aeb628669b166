#!/usr/bin/env bash
# Hands the Word documents of a folder to judges from outside: an Open XML validator, and two
# programs that read them, python-docx and mammoth.
#
#     .ci/word/check.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?folder}
venv=$here/../../target/word

if [ ! -x "$venv/bin/openxml-audit" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check \
        openxml-audit==0.8.0 python-docx==1.2.0 mammoth==1.13.0
fi

"$venv/bin/openxml-audit" --recursive --quiet --policy strict --format microsoft365 "$folder"
"$venv/bin/python" "$here/read.py" "$folder"
