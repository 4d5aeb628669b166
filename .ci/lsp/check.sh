#!/usr/bin/env bash
# `check.sh CHANCERY`: the language server with clients that others wrote: Neovim, Emacs with eglot,
# and the client of pygls, whose types refuse every answer that is not of the protocol.
set -euo pipefail
cd "$(dirname "$0")"
export CHANCERY=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for client in neovim emacs; do
    mkdir -p "$folder/$client/source"
    cp project/chancery.toml "$folder/$client"
    cp project/*.md project/*.bib "$folder/$client/source"
done
timeout 300 env FOLDER="$folder/neovim" nvim --headless -u NONE -i NONE -n -c 'luafile neovim.lua'
timeout 300 env FOLDER="$folder/emacs" EDITORS="$PWD/../../docs/editors.md" emacs --batch --load emacs.el

python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
timeout 600 "$folder/python/bin/pytest" --quiet -p no:cacheprovider \
    -o asyncio_default_fixture_loop_scope=function client.py
