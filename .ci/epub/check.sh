#!/usr/bin/env bash
# Hands the e-books of a folder to epubcheck and to DAISY Ace.
#
#     .ci/epub/check.sh FOLDER
#
# Needs java, mvn, npm and chromium. Ace ends well whatever it finds, so that its report is
# read; it is asked about a few e-books only, as it opens a browser for each.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?folder}
jars=$here/../../target/epubcheck
ace_files=4
failed=0

fault() {
    printf 'check.sh: %s\n' "$1" >&2
    failed=1
}

for tool in java mvn npm chromium; do
    command -v "$tool" >/dev/null || { echo "check.sh: $tool is missing" >&2; exit 1; }
done

mapfile -d '' -t files < <(find "$folder" -name '*.epub' -print0 | sort -z)
if [ ${#files[@]} -eq 0 ]; then
    echo "check.sh: no e-books in $folder" >&2
    exit 1
fi

if ! compgen -G "$jars/epubcheck-*.jar" >/dev/null; then
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$jars" >/dev/null ||
        { echo "check.sh: epubcheck cannot be installed" >&2; exit 1; }
fi

# epubcheck FILE: what it finds fault with. It runs for a few seconds only, so that the quick
# compiler of Java is the better one.
epubcheck() {
    local report
    report=$(java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$jars/*" com.adobe.epubcheck.tool.Checker \
        --failonwarnings "$1" 2>&1) && return
    fault "$1: $(grep -aE '^(FATAL|ERROR|WARNING)' <<<"$report" | head -5)"
    return 1
}
export -f epubcheck fault
export jars
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P 2 bash -c 'epubcheck "$1"' _ || failed=1

# Its scripts would fetch a browser of their own.
(cd "$here" && npm ci --silent --no-audit --no-fund --ignore-scripts) || fault "Ace cannot be installed"

# ace FILE: the kinds of what Ace finds fault with, by its report.
ace() {
    local out
    out=$(mktemp -d)
    PUPPETEER_EXECUTABLE_PATH=$(command -v chromium) "$here/node_modules/.bin/ace-puppeteer" \
        --silent --outdir "$out" "$1" >/dev/null 2>&1
    python3 - "$out/report.json" <<'PY' || fault "$1: Ace finds fault with it"
import json, sys
report = json.load(open(sys.argv[1]))
found = [
    (test["earl:test"]["earl:impact"], test["earl:test"]["dct:title"])
    for file in report["assertions"]
    for test in file["assertions"]
]
for impact, title in sorted(set(found)):
    print(f"check.sh: {impact}: {title}", file=sys.stderr)
sys.exit(bool(found))
PY
    rm -r "$out"
}

for file in "${files[@]:0:$ace_files}"; do ace "$file"; done

[ "$failed" -eq 0 ] && printf 'check.sh: %s e-books pass\n' "${#files[@]}"
exit "$failed"
