"""What input costs that was made to cost much: none may hang, crash or fill
the memory.

    python3 benches/compare/hostile.py [--program PATH] [WORD …]

Every project is built to all editions, with the processor time and the memory
of the run measured. An exit code of 1 is an answer too, a signal is not. Words
choose projects whose names hold one of them. The limits are in
docs/robustness.md.
"""

import argparse
import resource
import shutil
from pathlib import Path

from measure import WORK, chancery, run

CPU_SECONDS = 60
"""After so many the system ends a run: exit code -24 or -9."""
MEMORY = 8 << 30
FRONT = "---\ntitle: Hostile\nlang: en\n---\n\n"
WORDS = "lorem ipsum dolor sit amet "


def front(**values):
    lines = "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in values.items())
    return f"---\nlang: en\n{lines}---\n\n"


def text(size):
    """So many bytes of words."""
    return (WORDS * (size // len(WORDS) + 1))[:size].rstrip()


def bib(entries):
    return "".join(f"@book{{k{at}, title={{{title}}}, author={{A, B}}, date={{2001}}}}\n" for at, title in entries)


def amplifications():
    yield "a value of 200 kB, 5,000 times", {"bad.md": front(title="A", subtitle=text(200_000)) + "{{subtitle}}\n\n" * 5_000}
    yield "an include of 1 MB, 900 times", {
        "bad.md": FRONT + ":::include {src=_part.md}\n:::\n\n" * 900,
        "_part.md": (text(1000) + "\n\n") * 1000,
    }
    yield "a CSV of 400 kB, 500 times", {
        "bad.md": FRONT + ":::table {src=data.csv}\n:::\n\n" * 500,
        "data.csv": "a,b,c\n" + "one,two,three\n" * 30_000,
    }
    yield "a chart of 400 kB, 500 times", {
        "bad.md": FRONT + ":::chart {type=line src=data.csv x=a y=b alt=words}\n:::\n\n" * 500,
        "data.csv": "a,b,c\n" + "1,2,3\n" * 60_000,
    }
    sections = "".join(f"## Section {at} of many\n\nWords.\n\n" for at in range(2_000))
    yield "contents of 2,000 sections, 500 times", {"bad.md": FRONT + sections + ":::contents\n:::\n\n" * 500}
    tables = "".join(f":::table\nTable number {at}\n\n| a |\n|---|\n| b |\n:::\n\n" for at in range(2_000))
    yield "a list of 2,000 tables, 500 times", {"bad.md": FRONT + tables + ":::tables\n:::\n\n" * 500}
    defined = "".join(f"*[A{at}]: {text(100)}\n" for at in range(2_000))
    used = " ".join(f"A{at}" for at in range(2_000))
    yield "a list of 2,000 abbreviations, 500 times", {
        "bad.md": f"{FRONT}{used}\n\n" + ":::abbreviations\n:::\n\n" * 500 + defined
    }
    yield "an expansion of 200 kB, 5,000 times", {"bad.md": f"{FRONT}{'ABC and ' * 5_000}\n\n*[ABC]: {text(200_000)}\n"}
    caption = text(200_000)
    yield "a caption of 200 kB in 2,000 references", {
        "bad.md": f"---\ntitle: A\nnumbering: {{sections: false}}\n---\n\n## {caption} {{#s}}\n\n" + "See [@s].\n\n" * 2_000
    }
    doubling = "@string{s0 = {aaaaaaaaaaaaaaaa}}\n" + "".join(
        f"@string{{s{at} = s{at - 1} # s{at - 1}}}\n" for at in range(1, 40)
    )
    yield "`@string` doubled 40 times", {
        "bad.md": front(title="A", bibliography="a.bib") + "See [@k].\n",
        "a.bib": doubling + "@book{k, title=s39, author={A, B}, date={2001}}\n",
    }
    yield "a title of 250 kB cited 2,000 times", {
        "bad.md": front(title="A", bibliography="a.bib", citation_style="notes") + "See [@k0].\n\n" * 2_000,
        "a.bib": bib([(0, text(250_000))]),
    }
    links = "".join(f"[](other{at % 10}.md)\n\n" for at in range(20_000))
    yield "titles of 200 kB of other documents, 20,000 links", {
        "bad.md": FRONT + links,
        **{f"other{at}.md": front(title=text(200_000)) + "Words.\n" for at in range(10)},
    }
    yield "an anchor of YAML, 40,000 aliases", {
        "bad.md": f"---\ntitle: A\nx-a: &a {text(100_000)}\nx-b: [{', '.join(['*a'] * 40_000)}]\n---\n\nWords.\n"
    }
    yield "1,000 documents with titles of 100 kB", {
        f"source/d{at}.md": front(title=text(100_000)) + "Words.\n" for at in range(1000)
    }
    yield "a page header of 100 kB on 5,000 pages", {
        "bad.md": front(title=text(100_000)) + ":::pagebreak\n:::\n\nWords.\n\n" * 5_000
    }
    yield "a marking of 100 kB on 5,000 pages", {
        "bad.md": front(title="A", marking=text(100_000)) + ":::pagebreak\n:::\n\nWords.\n\n" * 5_000
    }


def squares():
    yield "two directions in each of 8,000 words", {"bad.md": FRONT + "aא" * 8_000 + "\n"}
    yield "two directions in each of 80,000 words", {"bad.md": FRONT + "aא " * 80_000 + "\n"}
    yield "two fonts in turns, 100,000 times", {"bad.md": FRONT + "aα→" * 100_000 + "\n"}
    yield "two fonts in turns, marked, 20,000 times", {"bad.md": FRONT + "*a*`b`" * 20_000 + "\n"}
    yield "words of a link, 250 kB", {"bad.md": f"{FRONT}[{text(250_000)}](https://example.org)\n"}
    yield "a title of a link, 250 kB, on 250 kB", {
        "bad.md": f"{FRONT}[{text(250_000)}](https://example.org \"{text(250_000)}\")\n"
    }
    yield "an address of 250 kB on 250 kB of words", {
        "bad.md": f"{FRONT}[{text(250_000)}](https://example.org/{'a' * 250_000})\n"
    }
    nested = "".join(f"*[{' '.join(['A'] * at)}]: {at}\n" for at in range(1, 2_000))
    yield "2,000 abbreviations, each the start of the next", {"bad.md": f"{FRONT}{'A ' * 50_000}\n\n{nested}"}
    yield "expansions compared with 1 MB of words", {
        "bad.md": f"{FRONT}{'ABC (ABC) ' * 20_000}\n\n*[ABC]: {text(100_000)}\n"
    }
    yield "a heading of 20,000 words over 2,000 pages", {
        "bad.md": f"{FRONT}## {'word ' * 20_000}\n\n" + (text(2_000) + "\n\n") * 4_000
    }
    row = "<tr>" + "<td rowspan=1000 colspan=1000>x</td>" * 140 + "</tr>\n"
    yield "cells over 1,000 rows and columns, 140 × 140", {"bad.md": f"{FRONT}<table>\n{row * 140}</table>\n"}
    yield "10,000 rows with a cell over all of them", {
        "bad.md": FRONT + "<table>\n" + "<tr><td rowspan=60000>x</td></tr>\n" * 10_000 + "</table>\n"
    }
    yield "20,000 rows of a cell over 1,000 columns", {
        "bad.md": FRONT + "<table>\n" + "<tr><td colspan=1000>x</td></tr>\n" * 20_000 + "</table>\n"
    }
    part = "".join(f"## H{at}\n\nWords.\n\n" for at in range(5_000))
    links = "".join(f"[x](other.md#h{at})\n\n" for at in range(100))
    yield "100 links into a conditional document of 5,000 sections", {
        "source/bad.md": FRONT + links,
        "source/other.md": FRONT + ":::include {src=_part.md}\n:::\n",
        "source/_part.md": part,
    }
    yield "20,000 documents' ids in 20,000 links", {
        "source/bad.md": FRONT + "".join(f"[x](other.md#h{at})\n\n" for at in range(15_000)),
        "source/other.md": FRONT + "".join(f"## H{at}\n\nWords.\n\n" for at in range(15_000)),
    }


def masses():
    yield "200 MB of Markdown", {"bad.md": FRONT + (text(1000) + "\n\n") * 200_000}
    yield "CSV of 100 MB", {
        "bad.md": FRONT + ":::table {src=data.csv}\n:::\n",
        "data.csv": "a,b,c\n" + f"{text(30)},{text(30)},{text(30)}\n" * 1_080_000,
    }
    yield "CSV of 1,000 × 2,000 cells", {
        "bad.md": FRONT + ":::table {src=data.csv}\n:::\n",
        "data.csv": (",".join(str(at) for at in range(1000)) + "\n") * 2_000,
    }
    yield ".bib of 20 MB", {
        "bad.md": front(title="A", bibliography="a.bib") + "See [@k1].\n",
        "a.bib": bib((at, text(100)) for at in range(130_000)),
    }
    yield "a table of 50,000 × 10", {"bad.md": f"{FRONT}{'| a ' * 10}|\n{'|---' * 10}|\n" + ("| b " * 10 + "|\n") * 50_000}
    yield "ten million paragraphs", {"bad.md": FRONT + "a\n\n" * 10_000_000}
    yield "a line of 30 MB, words", {"bad.md": FRONT + text(30_000_000) + "\n"}
    yield "a line of 30 MB, one word", {"bad.md": FRONT + "x" * 30_000_000 + "\n"}
    yield "30 lines of a megabyte, words", {"bad.md": FRONT + (text(1_000_000) + "\n\n") * 30}
    yield "30 lines of a megabyte, one word", {"bad.md": FRONT + ("x" * 1_000_000 + "\n\n") * 30}
    yield "two million marks", {"bad.md": FRONT + "*a* " * 2_000_000 + "\n"}
    yield "a million list items", {"bad.md": FRONT + "- a\n" * 1_000_000}
    yield "200,000 notes", {"bad.md": FRONT + "".join(f"a[^{at}]\n\n[^{at}]: b\n\n" for at in range(200_000))}
    yield "300,000 links", {"bad.md": FRONT + "[a](https://example.org) " * 300_000 + "\n"}
    yield "one link a paragraph, 200,000 times", {"bad.md": FRONT + "[a](https://example.org)\n\n" * 200_000}
    yield "20 MB of code", {"bad.md": FRONT + "```\n" + "let x = 1;\n" * 2_000_000 + "```\n"}
    yield "20 MB of Chinese", {"bad.md": FRONT + ("汉字文本测试" * 50 + "\n\n") * 22_000}
    yield "20 MB of Arabic", {"bad.md": FRONT + ("كلمة نص عربي " * 50 + "\n\n") * 18_000}
    yield "200,000 lines of raw HTML", {"bad.md": FRONT + "<b>a</b><i>b</i>\n" * 200_000}
    yield "200,000 definitions", {"bad.md": FRONT + "a\n: b\n\n" * 200_000}
    yield "CSL of 512 kB", {
        "bad.md": front(title="A", bibliography="a.bib", citation_style="a.csl") + "See [@k1].\n",
        "a.bib": bib([(1, "T")]),
        "a.csl": '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>t</title>'
        "<id>t</id><updated>2020-01-01T00:00:00Z</updated></info><citation><layout>"
        + '<text variable="title"/>' * 20_000 + "</layout></citation></style>",
    }
    yield "5,000 citations of 5,000 entries", {
        "bad.md": front(title="A", bibliography="a.bib") + "".join(f"See [@k{at}].\n\n" for at in range(5_000)),
        "a.bib": bib((at, f"Title {at}") for at in range(5_000)),
    }
    yield "an address of 2 MB without a break", {"bad.md": f"{FRONT}<https://example.org/{'a' * 2_000_000}>\n"}
    yield "a code span of 2 MB", {"bad.md": f"{FRONT}`{'a' * 2_000_000}`\n"}
    yield "an alternative text of 5 MB", {
        "bad.md": f"{FRONT}![{text(5_000_000)}](a.svg)\n",
        "a.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>",
    }


def write(folder, files):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    project = any(name.startswith("source/") for name in files)
    (folder / "chancery.toml").write_text("" if project else 'source = "."\n')
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return [] if project or "bad.md" not in files else ["bad.md"]


def bound():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", type=Path)
    arguments.add_argument("words", nargs="*")
    given = arguments.parse_args()
    program = given.program.resolve() if given.program else chancery()
    folder = WORK / "hostile"
    print("| input | exit code | CPU s | peak MB |")
    print("|---|---:|---:|---:|", flush=True)
    for group in (amplifications, squares, masses):
        for name, files in group():
            if given.words and not any(word in name for word in given.words):
                continue
            documents = write(folder, files)
            command = [program, "build", *documents, "--out", "out", "--to", "pdf,html,docbook,text,brief", "--quiet"]
            cost = run(command, folder, may_fail=True, before=bound)
            print(f"| {name} | {cost.code} | {cost.cpu:.1f} | {cost.memory:.0f} |", flush=True)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
