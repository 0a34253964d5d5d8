"""Makes a Maildir tree of mbox files, one folder for each.

usage: maildir.py OUT MBOX...

A line that begins with `From ` opens a message at the start of the file or after an empty line; the empty line before
the next one is not part of the message, and one `>` is taken from quoted `From ` lines (mboxrd).
"""

import pathlib
import re
import sys

QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)


def messages(mbox):
    current, after_empty = None, True
    for line in mbox:
        if after_empty and line.startswith(b"From "):
            if current is not None:
                yield finish(current)
            current = []
        elif current is not None:
            current.append(line)
        after_empty = line in (b"\n", b"\r\n")
    if current is not None:
        yield finish(current)


def finish(lines):
    if lines and lines[-1] in (b"\n", b"\r\n"):
        lines.pop()
    return QUOTED.sub(b"", b"".join(lines))


def main():
    out = pathlib.Path(sys.argv[1])
    for path in map(pathlib.Path, sys.argv[2:]):
        folder = out / path.stem
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True)
        with path.open("rb") as mbox:
            for n, message in enumerate(messages(mbox)):
                (folder / "cur" / f"{n:06d}.{path.stem}:2,S").write_bytes(message)


if __name__ == "__main__":
    main()
