#!/bin/sh
# Has pandoc read the DocBook and HTML editions below DIR, and make Word files
# of the trees (*.pandoc.json) below TREES: the words it finds are ours.
#
#   .ci/pandoc/check.sh DIR [TREES]
set -eu

DIR=${1:?usage: check.sh DIR [TREES]}
HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
VENV=${XDG_CACHE_HOME:-$HOME/.cache}/chancery-ci/pandoc
VERSION=1.17

if [ ! -x "$VENV/bin/python" ] || ! "$VENV/bin/python" -c 'import pypandoc'; then
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check "pypandoc-binary==$VERSION"
fi

status=0
"$VENV/bin/python" -B "$HERE/read_docbook.py" "$DIR" || status=1
"$VENV/bin/python" -B "$HERE/read_html.py" "$DIR" || status=1
if [ $# -gt 1 ]; then
  "$VENV/bin/python" -B "$HERE/through_docx.py" "$2" || status=1
fi
exit $status
