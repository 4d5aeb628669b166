#!/usr/bin/env bash
# Judges every PDF file under a folder by tools that are not ours:
#
#   .ci/pdf/check.sh DIR
#
# veraPDF finds nothing under the profiles that a file claims, qpdf finds the
# file whole, pdftotext and mutool read the same words, and no text overlaps
# other text or leaves its page. Prints a verdict and exits with 1 on a fault.
# Needs java, mvn, qpdf, pdftotext, pdftoppm, mutool and python3.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: check.sh DIR}
jars=${CHANCERY_VERAPDF:-$here/../../target/verapdf}
faults=0

fault() {
    echo "FAULT $*" >&2
    faults=$((faults + 1))
}

for tool in java mvn qpdf pdftotext pdftoppm mutool python3; do
    command -v "$tool" >/dev/null || { echo "check.sh: $tool is missing" >&2; exit 1; }
done

mapfile -d '' -t files < <(find "$folder" -name '*.pdf' -print0 | sort -z)
if [ ${#files[@]} -eq 0 ]; then
    echo "check.sh: no PDF files in $folder" >&2
    exit 1
fi

if ! compgen -G "$jars/greenfield-apps-*.jar" >/dev/null; then
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$jars" >/dev/null ||
        { echo "check.sh: veraPDF cannot be installed" >&2; exit 1; }
fi

# The XMP packet is not compressed, so that a claim can be read off the file.
accessible=() archival=()
for file in "${files[@]}"; do
    if grep -qa '<pdfuaid:part>1<' "$file" && grep -qa '<pdfaid:conformance>A<' "$file"; then
        accessible+=("$file")
    elif grep -qa '<pdfaid:conformance>U<' "$file"; then
        archival+=("$file")
    else
        fault "$file claims nothing"
    fi
done

judge() {
    local profile=$1
    shift
    [ $# -eq 0 ] && return
    local report
    report=$(java -Xmx1g -cp "$jars/*" org.verapdf.apps.GreenfieldCliWrapper -f "$profile" --format text -v \
        --maxfailuresdisplayed 1 "$@" 2>&1)
    local passed
    passed=$(grep -c '^PASS' <<<"$report")
    if [ "$passed" -ne $# ]; then
        fault "veraPDF $profile: $passed of $# files pass"
        grep -v '^PASS' <<<"$report" | head -40 >&2
    else
        echo "veraPDF $profile: $# files pass"
    fi
}
judge ua1 "${accessible[@]}"
judge 2a "${accessible[@]}"
judge 2u "${archival[@]}"

for file in "${files[@]}"; do
    said=$(qpdf --check "$file" 2>&1) || fault "$file: qpdf: $said"
    said=$(python3 "$here/look.py" "$file" 2>&1) || fault "$file: $said"
done

if [ "$faults" -gt 0 ]; then
    echo "$faults faults in ${#files[@]} PDF files" >&2
    exit 1
fi
echo "${#files[@]} PDF files are fine"
