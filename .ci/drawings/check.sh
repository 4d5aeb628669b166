#!/usr/bin/env bash
# A drawing looks the same in the PDF and in a browser:
#
#   .ci/drawings/check.sh CHANCERY
#
# Builds each drawing beside this script into a document of its own, and
# compares pictures of both editions. The drawings hold no text, as a browser
# has other fonts. Needs pdftoppm, chromium and ImageMagick.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
chancery=$(realpath "${1:?usage: check.sh CHANCERY}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# The share of the range of a channel by which pixels may differ on average:
# edges are smoothed differently.
most=0.08
faults=0

for drawing in "$here"/*.svg; do
    name=$(basename "$drawing" .svg)
    cp "$drawing" "$scratch/"
    printf '![A drawing](%s.svg)\n' "$name" >"$scratch/$name.md"
    (cd "$scratch" && "$chancery" build "$name.md" --to pdf,html --out . --verify --quiet)
    # The picture alone, as the HTML edition holds it.
    grep -o 'data:image/svg+xml;base64,[^"]*' "$scratch/$name.html" | head -1 | sed 's/^[^,]*,//' |
        base64 -d >"$scratch/$name.shown.svg"
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=2 --window-size=600,500 \
        --screenshot="$scratch/$name.html.png" "file://$scratch/$name.shown.svg" >/dev/null 2>&1
    pdftoppm -r 192 -f 1 -l 1 -png -singlefile -x 0 -y 235 -W 1600 -H 1200 "$scratch/$name.pdf" "$scratch/$name.pdf"
    # The title stands above what is cut out. The drawing has a frame all round.
    for edition in html pdf; do
        convert "$scratch/$name.$edition.png" -fuzz 2% -trim +repage -resize '480x320!' "$scratch/$name.$edition.cut.png"
    done
    difference=$(compare -metric RMSE "$scratch/$name.html.cut.png" "$scratch/$name.pdf.cut.png" null: 2>&1 || true)
    difference=${difference##*(}
    difference=${difference%)*}
    if awk -v found="$difference" -v most="$most" 'BEGIN { exit !(found <= most) }'; then
        echo "$name: $difference"
    else
        echo "FAULT $name: the editions differ by $difference" >&2
        faults=$((faults + 1))
    fi
done
[ "$faults" -eq 0 ]
