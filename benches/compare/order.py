"""Which functions a short document needs, for the order of the program's file (build.rs).

    cargo build --release --config 'profile.release.debug="line-tables-only"'
    python3 benches/compare/order.py target/release/chancery

writes assets/order.txt. A program with debug information is in the compiler's order, which
valgrind knows its way in. The list need not be exact: of what is missing a piece of the file
is mapped more, and what is gone costs nothing. Needs valgrind and nm.
"""

import argparse
import bisect
import collections
import pathlib
import re
import subprocess

import compare
import core
import measure

LIST = measure.ROOT / "assets" / "order.txt"
# What the functions of one name must have executed of their bytes, to be put together.
SHARE = 0.05
# What makes names unique: the hash of a function, and that of a crate.
HASH, CRATE = re.compile(r"17h[0-9a-f]{16}E.*$"), re.compile(r"Cs[0-9A-Za-z]+_")


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
            if not is_call and current == str(program):
                yield address
            is_call = False


def names(program, folder, command):
    """Names of functions that are worth putting together."""
    known = functions(program)
    starts = [start for start, _ in known]
    used = {bisect.bisect_right(starts, address) - 1 for address in executed(program, folder, command)}
    sizes, used_sizes = collections.Counter(), collections.Counter()
    for index, (start, name) in enumerate(known[:-1]):
        name = CRATE.sub("Cs*_", HASH.sub("17h*", name))
        size = starts[index + 1] - start
        sizes[name] += size
        if index in used:
            used_sizes[name] += size
    return sorted(name for name, size in used_sizes.items() if size and size >= SHARE * sizes[name])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program", type=pathlib.Path)
    program = options.parse_args().program.resolve()
    if b".text.first" in program.read_bytes():
        raise SystemExit("this program is in such an order: build one with debug information")
    folder = measure.project("order")
    seed, *shape, _ = core.DOCUMENTS["brief"]
    compare.make(folder, seed, "document", *shape)
    command = ["build", "document.md", "--to", "pdf", "--out", "out", "--quiet"]
    found = names(program, folder, command)
    LIST.write_text("".join(f"{name}\n" for name in found))
    print(f"{len(found)} names")


if __name__ == "__main__":
    main()
