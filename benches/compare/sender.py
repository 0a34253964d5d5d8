"""Prints the address that most mails of a Maildir tree are from.

usage: sender.py MAILDIR
"""

import collections
import os
import re
import sys

FROM = re.compile(rb"^From:[^\n]*?([\w.+-]+@[\w.-]+\w)", re.IGNORECASE | re.MULTILINE)


def main():
    counts = collections.Counter()
    for folder, _, names in os.walk(sys.argv[1]):
        for name in names:
            with open(os.path.join(folder, name), "rb") as mail:
                found = FROM.search(mail.read(16384).split(b"\n\n")[0])
            if found:
                counts[found[1].decode().lower()] += 1
    if not counts:
        sys.exit("no mail there has a From field: name a directory of mail")
    print(counts.most_common(1)[0][0])


if __name__ == "__main__":
    main()
