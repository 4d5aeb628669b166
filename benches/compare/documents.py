"""Seeded documents for benchmarks, each as Markdown and as Typst markup.

The prose is made of invented words, so that nothing is borrowed: syllables are
joined into a vocabulary of more than 20,000 distinct words and drawn with the
skew of a natural language (Zipf). The same seed gives the same document.
"""

import itertools
import random
import struct
import sys
import zlib
from pathlib import Path

ONSETS = ["b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "l", "m", "n", "p", "pl", "pr", "qu", "r", "s", "sh", "st", "t", "tr", "v", "w"]
NUCLEI = ["a", "e", "i", "o", "u", "ai", "ea", "io", "ou"]
CODAS = ["", "", "", "l", "m", "n", "r", "s", "t", "nd", "st", "ty", "tion"]
VOCABULARY_SIZE = 24_000


def vocabulary(rng):
    syllables = ["".join(parts) for parts in itertools.product(ONSETS, NUCLEI, CODAS)]
    words = []
    seen = set()
    while len(words) < VOCABULARY_SIZE:
        count = 1 if len(words) < 300 else rng.choice([1, 2, 2, 2, 3, 3, 4])
        word = "".join(rng.choice(syllables) for _ in range(count))
        if word not in seen and len(word) < 16:
            seen.add(word)
            words.append(word)
    words.sort(key=len)
    common, rest = words[:200], words[200:]
    rng.shuffle(rest)
    return common + rest


class Writer:
    """Writes one document in both languages at once."""

    def __init__(self, seed, title):
        self.rng = random.Random(seed)
        self.words = vocabulary(self.rng)
        weights = [1 / (rank + 3) ** 0.95 for rank in range(len(self.words))]
        self.cumulative = list(itertools.accumulate(weights))
        self.notes = 0
        self.figures = 0
        self.markdown = [f"---\ntitle: {title}\nlang: en\ndate: 2026-01-01\ntoc: yes\n---\n"]
        self.typst = [
            f'#set document(title: "{title}", date: datetime(year: 2026, month: 1, day: 1))\n'
            '#set text(lang: "en", font: "Libertinus Serif", size: 10.5pt)\n'
            '#set page(paper: "a4", numbering: "1 / 1")\n'
            "#set par(justify: true)\n"
            f"#title[{title}]\n#outline()\n"
        ]
        self.note_texts = []

    def word(self):
        return self.rng.choices(self.words, cum_weights=self.cumulative)[0]

    def phrase(self, count):
        """Words of which none stands twice in a row."""
        words = []
        while len(words) < count:
            word = self.word()
            if words[-1:] != [word]:
                words.append(word)
        return words

    def sentence(self, low=8, high=24):
        words = self.phrase(self.rng.randint(low, high))
        comma = self.rng.randrange(len(words))
        if 2 < comma < len(words) - 3:
            words[comma] += ","
        return " ".join(words).capitalize() + "."

    def both(self, markdown, typst):
        self.markdown.append(markdown)
        self.typst.append(typst)

    def heading(self, level):
        title = " ".join(self.phrase(self.rng.randint(2, 6))).capitalize()
        self.both(f"{'#' * level} {title}\n", f"{'=' * level} {title}\n")

    def paragraph(self):
        markdown, typst = [], []
        for _ in range(self.rng.randint(3, 7)):
            text = self.sentence()
            kind = self.rng.random()
            if kind < 0.06:
                word = self.word()
                markdown.append(f"{text} *{word}* **{self.words[7]}**.")
                typst.append(f"{text} _{word}_ *{self.words[7]}*.")
            elif kind < 0.10:
                self.notes += 1
                note = self.sentence()
                markdown.append(f"{text}[^n{self.notes}]")
                typst.append(f"{text}#footnote[{note}]")
                self.note_texts.append(f"[^n{self.notes}]: {note}\n")
            elif kind < 0.14:
                words = " ".join(self.phrase(2))
                address = f"https://example.org/{self.word()}"
                markdown.append(f"{text} [{words}]({address}).")
                typst.append(f'{text} #link("{address}")[{words}].')
            else:
                markdown.append(text)
                typst.append(text)
        self.both(" ".join(markdown) + "\n", " ".join(typst) + "\n")

    def list(self):
        items = [self.sentence(4, 14) for _ in range(self.rng.randint(3, 6))]
        self.both("".join(f"- {item}\n" for item in items), "".join(f"- {item}\n" for item in items))

    def table(self):
        columns = 4
        rows = [[self.word(), self.word(), str(self.rng.randint(1, 9999)), f"{self.rng.random() * 100:.1f}"] for _ in range(self.rng.randint(4, 12))]
        caption = self.sentence(4, 8).rstrip(".")
        head = [self.word().capitalize() for _ in range(columns)]
        markdown = [f':::table {{caption="{caption}"}}\n| {" | ".join(head)} |\n|---|---|---:|---:|\n']
        markdown += [f"| {' | '.join(row)} |\n" for row in rows]
        cells = "".join("[" + "], [".join(row) + "],\n" for row in rows)
        header = "[" + "], [".join(head) + "]"
        self.both("".join(markdown) + ":::\n", f"#figure(table(columns: {columns}, table.header({header}),\n{cells}), caption: [{caption}])\n")

    def figure(self, folder, channels):
        self.figures += 1
        name = f"picture-{self.figures}.png"
        (folder / name).write_bytes(picture(self.rng, 640, 400, channels))
        caption = self.sentence(4, 8).rstrip(".")
        self.both(f'![{caption}]({name} "{caption}")\n', f'#figure(image("{name}", alt: "{caption}", width: 80%), caption: [{caption}])\n')

    def write(self, folder, name):
        self.markdown += self.note_texts
        (folder / f"{name}.md").write_text("\n".join(self.markdown))
        (folder / f"{name}.typ").write_text("\n".join(self.typst))


def picture(rng, width, height, channels=3):
    """A PNG of soft stripes, with opacity as its fourth channel: compressible, but not trivially."""
    base = [rng.randint(40, 200) for _ in range(channels)]
    rows = []
    for y in range(height):
        row = bytearray([0])
        for x in range(width):
            shade = ((x * base[0] + y * base[1]) >> 6) & 63
            row += bytes(min(255, channel + shade) for channel in base)
        rows.append(bytes(row))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    kind = {3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows), 6)) + chunk(b"IEND", b"")


def make(folder, name, seed, paragraphs, figures=0, channels=3):
    """Writes a document of about `paragraphs` paragraphs (some four to a page), whose
    pictures have so many channels."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    writer = Writer(seed, f"Benchmark {name}")
    every = paragraphs // figures if figures else 0
    for number in range(paragraphs):
        if number % 40 == 0:
            writer.heading(1)
        elif number % 10 == 0:
            writer.heading(2)
        writer.paragraph()
        if number % 12 == 5:
            writer.list()
        if number % 20 == 11:
            writer.table()
        if every and number % every == every - 1 and writer.figures < figures:
            writer.figure(folder, channels)
    writer.write(folder, name)


if __name__ == "__main__":
    make(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
