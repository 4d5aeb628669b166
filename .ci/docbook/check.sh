#!/bin/sh
# Judges DocBook editions: every .xml file below DIR against the RELAX NG
# grammar and the Schematron rules of DocBook 5.2. Exits with 1 on a fault.
#
#   .ci/docbook/check.sh DIR
#
# Needs jing. The schemas are fetched by Maven, once; DOCBOOK_SCHEMAS names a
# folder with docbook.rnc and a .sch file to use instead.
set -eu

DIR=${1:?usage: check.sh DIR}
HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
VERSION=5.2CR5
ARTIFACT=org.docbook:schemas-docbook:$VERSION
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/chancery-ci/docbook-$VERSION
FALLBACK=$HERE/../../../shared/schemas/docbook-5.2
COPY=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy

command -v jing >/dev/null || { echo "check.sh: jing is missing" >&2; exit 1; }

# Prints the paths of the grammar and of the rules, fetching them if need be.
schemas() {
  if [ -n "${DOCBOOK_SCHEMAS:-}" ]; then
    found "$DOCBOOK_SCHEMAS" && return
  fi
  inside=$CACHE/org/docbook/schemas/docbook/$VERSION
  if [ ! -d "$inside" ] && command -v mvn >/dev/null; then
    mkdir -p "$CACHE"
    mvn -q -B "$COPY" "-Dartifact=$ARTIFACT" "-DoutputDirectory=$CACHE" >&2 &&
      (cd "$CACHE" && jar_open "schemas-docbook-$VERSION.jar") || rm -rf "$inside"
  fi
  found "$inside" || found "$FALLBACK" || { echo "check.sh: no DocBook schemas" >&2; return 1; }
}

jar_open() {
  python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall()' "$1"
}

found() {
  for grammar in "$1/rng/docbook.rnc" "$1/docbook.rnc"; do
    for rules in "$1/sch/docbook.sch" "$1/docbook.sch" "$1/docbook-5.1.sch"; do
      if [ -f "$grammar" ] && [ -f "$rules" ]; then
        printf '%s\n%s\n' "$grammar" "$rules"
        return 0
      fi
    done
  done
  return 1
}

PATHS=$(schemas)
GRAMMAR=$(printf '%s\n' "$PATHS" | sed -n 1p)
RULES=$(printf '%s\n' "$PATHS" | sed -n 2p)

# A judge that lets these pass is no judge: an element DocBook does not have,
# and a nesting that only Schematron forbids.
TRIALS=$(mktemp -d)
trap 'rm -rf "$TRIALS"' EXIT
JUDGE=$HERE/judge.sh
for fault in '<nonsense/>' '<note><note><para/></note></note>'; do
  printf '<article xmlns="http://docbook.org/ns/docbook" version="5.2"><title/>%s</article>' "$fault" >"$TRIALS/trial.xml"
  if "$JUDGE" "$GRAMMAR" "$RULES" "$TRIALS/trial.xml" >/dev/null; then
    echo "check.sh: the schemas let $fault pass" >&2
    exit 1
  fi
done

find "$DIR" -name '*.xml' >"$TRIALS/files"
COUNT=$(wc -l <"$TRIALS/files")
[ "$COUNT" -gt 0 ] || { echo "check.sh: no .xml below $DIR" >&2; exit 1; }

# All at once is quick; one by one names the file, which Schematron does not.
if ! tr '\n' '\0' <"$TRIALS/files" | xargs -0 "$JUDGE" "$GRAMMAR" "$RULES" >/dev/null; then
  while read -r file; do
    "$JUDGE" "$GRAMMAR" "$RULES" "$file" || echo "  in $file"
  done <"$TRIALS/files"
  echo "check.sh: faults in DocBook editions" >&2
  exit 1
fi
echo "DocBook: $COUNT files are valid"
