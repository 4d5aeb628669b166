"""Redlines of real revisions beside what others mark as changed.

    python3 benches/compare/redlines.py CHANCERY OLD.md NEW.md [OLD.md NEW.md …]

Says of each pair how many changes are found, how many words are marked as deleted or inserted by
Chancery, by `git diff --word-diff` of the sources, and by the same of the plain text that pandoc
makes of both, and what the redline as HTML and as Word document takes.
"""

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def run(*command):
    begin = time.monotonic()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    return done, time.monotonic() - begin


def words(text):
    return len(re.findall(r"\w+", text))


def word_diff(old, new):
    """Words that git marks; what it prints of the files' names is no word of theirs."""
    done, _ = run("git", "diff", "--no-index", "--word-diff=porcelain", old, new)
    lines = [line for line in done.stdout.splitlines()[4:] if line[:1] in "+-"]
    return sum(words(line[1:]) for line in lines)


def redline(chancery, old, new, folder):
    done, _ = run(chancery, "diff", old, new, "--message-format", "json")
    changes = next((json.loads(line) for line in done.stdout.splitlines() if '"type":"changes"' in line), None)
    if changes is None:
        sys.exit(f"redlines.py: {old} and {new} are not compared:\n{done.stdout}{done.stderr}")
    moved = ("moved-to", "moved-from")
    marked = [change for change in changes["changes"] if change["kind"] not in moved]
    seconds = [run(chancery, "diff", old, new, "--to", to, "--out", folder, "--quiet")[1] for to in ("html", "docx")]
    return len(changes["changes"]), sum(words(f'{change["old"]} {change["new"]}') for change in marked), seconds


def main(arguments):
    chancery, *pairs = arguments
    print("| Revision | Changes | Words marked | git | git of pandoc's text | HTML | Word |")
    print("|:--|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for old, new in zip(pairs[::2], pairs[1::2]):
            count, marked, seconds = redline(chancery, old, new, folder)
            plain = []
            for side, path in (("old", old), ("new", new)):
                text, _ = run("pandoc", "--from", "markdown", "--to", "plain", "--wrap", "none", path)
                plain.append(Path(folder) / f"{side}.txt")
                plain[-1].write_text(text.stdout)
            row = [Path(new).stem, count, marked, word_diff(old, new), word_diff(*plain)]
            row += [f"{taken:.2f} s" for taken in seconds]
            print(f"| {' | '.join(map(str, row))} |")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\nMost memory: {peak} MB")


main(sys.argv[1:])
