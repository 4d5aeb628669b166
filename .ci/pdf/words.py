#!/usr/bin/env python3
"""pdftotext and mutool find the words that `chancery verify` finds.

    .ci/pdf/words.py CHANCERY FILE...

Words that are only heard, such as alternative texts, are taken from the file by
qpdf; running heads and page numbers are only seen. Everything else must be the
same, as often, for all three readers.
"""

import collections
import json
import re
import subprocess
import sys
import unicodedata


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def letters(text):
    """The runs of letters and digits, with ligatures and soft hyphens undone."""
    text = unicodedata.normalize("NFKC", text.replace("\u00ad\n", "").replace("\u00ad", ""))
    return collections.Counter("".join(re.findall(r"[^\W_]", text)))


def heard(file):
    """Alternative texts, which no eye sees."""
    data = json.loads(run("qpdf", "--json", file))
    texts = []

    def walk(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("/Alt", "/ActualText") and isinstance(inner, str):
                    texts.append(inner.removeprefix("u:"))
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(data)
    return letters(" ".join(texts))


def check(chancery, file):
    # The marks of redlines are no words: they are written by their numbers.
    printed = re.sub(r"\\u\{[0-9a-f]+\}", "", run(chancery, "verify", "--words", file))
    words = [word for word in printed.split("\n") if not word.startswith("→")]
    told = letters(" ".join(words))
    told.subtract(heard(file))
    wanted = +told
    for name, seen in (
        ("pdftotext", letters(run("pdftotext", "-enc", "UTF-8", file, "-"))),
        ("mutool", letters(run("mutool", "draw", "-q", "-F", "txt", file))),
    ):
        missing = wanted - seen
        if missing:
            return f"{name} does not find {dict(missing)}"
    return None


def main(chancery, *files):
    faults = 0
    for file in files:
        fault = check(chancery, file)
        if fault:
            faults += 1
            print(f"FAULT {file}: {fault}", file=sys.stderr)
    if faults or not files:
        sys.exit(1)
    print(f"pdftotext, mutool and Chancery find the same words in {len(files)} PDF files")


if __name__ == "__main__":
    main(*sys.argv[1:])
