"""What a build costs that follows another: nothing changed, one paragraph changed,
everything from nothing. The documents are made of the words of the sources that are
named, or of invented ones, by a seed.

    python3 benches/compare/rebuild.py [--documents N] [--seed N] [--program P]
        [--beside OTHER] [--words FOLDER]

`--beside` measures another program, an earlier build of Chancery say, in turns with it.
"""

import argparse
import pathlib
import random
import tempfile

import measure

WORKS = ["from nothing", "nothing changed", "one paragraph changed"]


def paragraphs(folder, seed):
    """Prose to write documents with: of the Markdown files below a folder, or invented."""
    found = []
    if folder:
        for path in sorted(pathlib.Path(folder).rglob("*.md")):
            for text in path.read_text(encoding="utf-8", errors="ignore").split("\n\n"):
                text = " ".join(text.split())
                plain = not any(sign in text for sign in "[]<>{}|#`:_*\\$@&^~=")
                if 80 < len(text) < 1200 and plain and text[0].isalpha() and max(map(ord, text)) < 0x250:
                    found.append(text)
    if found:
        return found
    source = random.Random(seed)
    words = ["".join(source.choices("abcdefghilmnoprstuv", k=source.randint(2, 11))) for _ in range(20_000)]
    return [" ".join(source.choices(words, k=source.randint(20, 90))).capitalize() + "." for _ in range(800)]


def write(root, count, seed, prose):
    """A project of documents of about 13 kB that name one another."""
    source = random.Random(seed)
    (root / "chancery.toml").write_text('[project]\ntitle = "Many"\n')
    size = 0
    for number in range(count):
        folder = root / "source" / f"f{number // 100:03}"
        folder.mkdir(parents=True, exist_ok=True)
        text = f"---\ntitle: Document {number}\nlang: en\n---\n\n"
        length = source.randint(8_000, 16_000)
        part = 0
        while len(text) < length:
            if part % 6 == 0:
                text += f"## Section {part // 6 + 1} of {number}\n\n"
            text += source.choice(prose) + "\n\n"
            part += 1
            if part % 9 == 0 and number % 100:
                text += f"See [](d{source.randint(number // 100 * 100, number - 1):05}.md).\n\n"
            if part % 11 == 0:
                rows = "".join(f"| Item {row} | {source.randint(1, 9999)} |\n" for row in range(5))
                text += f"| Item | Sum |\n|---|--:|\n{rows}\n"
        (folder / f"d{number:05}.md").write_text(text)
        size += len(text)
    return size


def builds(program, documents, seed, prose):
    """What each build of a project costs that follows another, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        write(root, documents, seed, prose)
        for work in WORKS:
            if work == "one paragraph changed":
                changed = root / "source" / "f000" / "d00007.md"
                changed.write_text(changed.read_text() + "Another sentence.\n")
            yield work, measure.run([program, "build", "--quiet", "--project", folder], root)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--documents", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--program", default="target/release/chancery")
    options.add_argument("--beside")
    options.add_argument("--words")
    options = options.parse_args()
    prose = paragraphs(options.words, options.seed)
    print("| program | work | CPU s | s by the clock | peak MB |")
    print("|---|---|---:|---:|---:|")
    for program in filter(None, [options.beside, options.program]):
        program = pathlib.Path(program).resolve()
        for work, cost in builds(program, options.documents, options.seed, prose):
            print(f"| {program.name} | {work} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
