"""Which functions a short document needs, for the order of the program's file (build.rs).

    cargo build --release
    python3 benches/compare/order.py target/release/chancery

writes assets/order.txt. The list need not be exact: of what is missing a piece of the file
is mapped more, and what is gone costs nothing. Needs valgrind and nm.

Many functions can have one name, such as all that sort. Where a document needs few of them,
these are named by their hashes, which are the same in every release build until the compiler,
the version or a type is another.
"""

import argparse
import bisect
import collections
import itertools
import pathlib
import re
import subprocess

import compare
import core
import measure

LIST = measure.ROOT / "assets" / "order.txt"
# What the functions of one name that execute must be of all their bytes, to be named together.
SHARE = 0.5
# What makes names unique: the hash of a function, and that of a crate.
HASH, CRATE = re.compile(r"17h[0-9a-f]{16}E.*$"), re.compile(r"Cs[0-9A-Za-z]+_")
# Where valgrind puts a program. It knows only one section with instructions; of what is executed
# in another it tells the place in memory.
BASE = 0x108000
UNKNOWN = "???"
# Bytes that are counted together.
PIECE = 16
# What the linker may add to a name.
ADDED = re.compile(r"(17h[0-9a-f]{16}E).*$")


def functions(program):
    """The functions of the program: where each begins, and its name."""
    lines = subprocess.run(["nm", "--defined-only", program], check=True, capture_output=True, text=True).stdout
    symbols = (line.split(" ", 2) for line in lines.splitlines())
    return sorted({int(address, 16): name for address, kind, name in symbols if kind in "tTwW"}.items())


def executed(program, folder, command):
    """Addresses in the program's file of the instructions that a command executes."""
    trace = folder / "callgrind.out"
    valgrind = ["valgrind", "-q", "--tool=callgrind", "--dump-instr=yes", f"--callgrind-out-file={trace}"]
    subprocess.run([*valgrind, program, *command], cwd=folder, check=True, capture_output=True)
    objects, current, address, is_call = {}, None, 0, False
    for line in trace.read_text(errors="replace").splitlines():
        if named := re.match(r"(c?ob)=\((\d+)\)(?: (.*))?$", line):
            kind, number, path = named.groups()
            if path:
                objects[number] = path
            if kind == "ob":
                current = objects[number]
        elif line.startswith("calls="):
            is_call = True
        elif place := re.match(r"0x[0-9a-f]+|[+-]\d+|\*", line):
            text = place.group()
            address = int(text, 16) if text.startswith("0x") else address + (0 if text == "*" else int(text))
            # The line behind a call is the place it is made at.
            if not is_call and current in (str(program), UNKNOWN):
                yield address - (BASE if current == UNKNOWN else 0)
            is_call = False


def names(program, folder, command):
    """Names of functions that are worth putting together, those first of which most executes: a
    piece of the file is then mapped for much or not at all."""
    known = functions(program)
    starts = [start for start, _ in known]
    sizes = [end - start for start, end in zip(starts, starts[1:])]
    pieces = collections.defaultdict(set)
    # The second time its edition is there already.
    for address in itertools.chain.from_iterable(executed(program, folder, command) for _ in range(2)):
        pieces[bisect.bisect_right(starts, address) - 1].add(address // PIECE)
    together = collections.defaultdict(list)
    for index, (_, name) in enumerate(known[:-1]):
        together[CRATE.sub("Cs*_", HASH.sub("17h*", name))].append(index)
    shares = {}
    for name, functions_of_name in together.items():
        used = [index for index in functions_of_name if pieces.get(index)]
        size, used_size = (sum(sizes[index] for index in some) for some in (functions_of_name, used))
        named = {name: functions_of_name}
        if used and used_size < SHARE * size:
            named = {CRATE.sub("Cs*_", ADDED.sub(r"\1*", known[index][1])): [index] for index in used}
        for each, indices in named.items():
            touched = PIECE * sum(len(pieces.get(index, ())) for index in indices)
            if touched:
                shares[each] = touched / sum(sizes[index] for index in indices)
    return sorted(shares, key=lambda name: (-round(shares[name], 2), name))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program", type=pathlib.Path)
    program = options.parse_args().program.resolve()
    folder = measure.project("order")
    seed, *shape, _ = core.DOCUMENTS["brief"]
    compare.make(folder, seed, "document", *shape)
    command = ["build", "document.md", "--to", "pdf", "--out", "out", "--quiet"]
    found = names(program, folder, command)
    LIST.write_text("".join(f"{name}\n" for name in found))
    print(f"{len(found)} names")


if __name__ == "__main__":
    main()
