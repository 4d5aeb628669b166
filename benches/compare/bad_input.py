"""What unreasonable documents cost: none may hang, crash or fill the memory.

Run `python3 benches/compare/bad_input.py`. Every document is built to PDF
within a limit of time; an exit code of 1 is an answer too, a signal is not.
"""

import struct
import zlib

from measure import chancery, project, run

FRONT = "---\ntitle: Bad input\nlang: en\n---\n\n"
SIDE = 30_000


def image(path):
    """A grey PNG of 30,000 by 30,000 points, which deflates to next to nothing."""
    deflater = zlib.compressobj(1)
    row = bytes(1 + SIDE)
    data = b"".join(deflater.compress(row) for _ in range(SIDE)) + deflater.flush()

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def documents(folder):
    """Name and text of every document."""
    yield "a line of 1 MB in words", FRONT + "lorem ipsum " * 87_000 + "\n"
    yield "a line of 1 MB without a space", FRONT + "x" * 1_000_000 + "\n"
    rows = "".join(f"| {row} | row {row} | {row * 7 % 1000} |\n" for row in range(100_000))
    yield "a table of 100,000 rows", f"{FRONT}| No | Name | Sum |\n|---|---|---:|\n{rows}"
    yield "quotations 10,000 deep", FRONT + ">" * 10_000 + " deep\n"
    yield "brackets 100,000 deep", FRONT + "[" * 100_000 + "x" + "]" * 100_000 + "\n"
    yield "emphasis opened 100,000 times", FRONT + "*a **b " * 100_000 + "\n"
    yield "a million headings", FRONT + "".join(f"## Heading {number}\n\n" for number in range(1_000_000))
    image(folder / "large.png")
    yield "a picture of 30,000 × 30,000", FRONT + "![large](large.png)\n"


def main():
    program = chancery()
    folder = project("bad-input")
    print("| input | CPU s | s by the clock | peak MB | exit code |")
    print("|---|---:|---:|---:|---:|")
    for name, text in documents(folder):
        (folder / "bad.md").write_text(text)
        cost = run([program, "build", "bad.md", "--to", "pdf", "--out", "out", "--quiet"], folder, may_fail=True)
        print(f"| {name} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.memory:.0f} | {cost.code} |", flush=True)


if __name__ == "__main__":
    main()
