#!/usr/bin/env python3
"""Checks the repository's files: size, links, leftovers, paths of one machine.

Usage: check_files.py FILE... (paths relative to the working folder) | --self-test
"""

import pathlib
import re
import sys
import tempfile
import urllib.parse

MAX_BYTES = 1 << 20
MAX_LINES = 600
OUR_CODE = re.compile(r"^(services|tests|proto|scripts|deploy|helm)/")
CODE = (".cc", ".h", ".lua", ".proto", ".py", ".sh", ".ts", ".tsx")

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|not implemented", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.}])/(root|work|home|Users|tmp/[a-z])[/\w]")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|absl::SleepFor|usleep|nanosleep)\s*\(|(?<![\w.:>])sleep\(\d")
KEY_LITERAL = re.compile(r'"fuju:')
PROTO_SERVICE = re.compile(r"^service\s+\w+\s*\{", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def check_file(path):
    """The complaints about one file, each with the line it is about."""
    name = path.as_posix()
    size = path.stat().st_size
    if size > MAX_BYTES:
        yield f"{name}: {size} bytes. Nothing over 1 MiB belongs in the repository; generate it or leave it out."
        return
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    if path.suffix == ".md":
        yield from check_links(path, text)
    if not OUR_CODE.match(name) or name.startswith("scripts/check_"):
        return
    lines = text.splitlines()
    if path.suffix in CODE and len(lines) > MAX_LINES:
        yield f"{name}: {len(lines)} lines. Over {MAX_LINES} a file is more than one room; split it by its jobs."
    if path.suffix == ".proto" and PROTO_SERVICE.search(text) and not name.endswith("_service.proto"):
        yield f"{name}: defines a service. Such a file is named *_service.proto; proto/CMakeLists.txt goes by the name."
    for number, line in enumerate(lines, start=1):
        where = f"{name}:{number}"
        if path.suffix in CODE and UNFINISHED.search(line):
            yield f"{where}: unfinished work ({line.strip()[:60]}). Finish it, or write an issue."
        if not name.startswith("services/"):
            continue
        if MACHINE_PATH.search(line):
            yield f"{where}: a path of one machine ({line.strip()[:60]}). Take it from a flag or the environment."
        if SLEEP.search(line):
            yield f"{where}: sleeps. Wait for the event, or use a timer."
        if path.suffix in (".cc", ".h") and KEY_LITERAL.search(line) and not name.startswith("services/chassis/store/keys."):
            yield f"{where}: builds a Redis key. All keys are built in services/chassis/store/keys.{{h,cc}}."


def check_links(path, text):
    """Relative links of a Markdown file lead to a file that is there."""
    for target in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z][a-z+.-]*:|#|//", target):
            continue
        file = urllib.parse.unquote(target.split("#")[0])
        if not (path.parent / file).exists():
            yield f"{path.as_posix()}: the link to {target} leads nowhere."


SELF_TEST = [
    ("services/a/a.cc", "// TODO(me): later\n", "unfinished"),
    ("services/a/a.cc", 'Open("/home/me/x");\n', "path of one machine"),
    ("services/a/a.cc", "absl::SleepFor(absl::Seconds(1));\n", "sleeps"),
    ("services/a/a.cc", 'auto key = "fuju:" + id;\n', "Redis key"),
    ("services/chassis/store/keys.cc", 'auto key = "fuju:" + id;\n', None),
    ("services/a/a.cc", "int x;\n" * (MAX_LINES + 1), "lines"),
    ("proto/a/noun.proto", "service Nouns {\n}\n", "_service.proto"),
    ("proto/a/nouns_service.proto", "service Nouns {\n}\n", None),
    ("README.md", "[here](gone.md)\n", "leads nowhere"),
    ("README.md", "[here](README.md#top), [there](https://example.org)\n```\n[x](y)\n```\n", None),
    ("data.csv", "x" * (MAX_BYTES + 1), "1 MiB"),
]


def self_test():
    import os

    before, wrong = os.getcwd(), []
    for name, content, expected in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            path = pathlib.Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            found = "\n".join(check_file(path))
            os.chdir(before)
        if expected is None and found or expected is not None and expected not in found:
            wrong.append(f"{name}: expected {expected!r}, got {found!r}")
    return wrong


def main(arguments):
    if arguments == ["--self-test"]:
        failures = self_test()
    else:
        failures = [failure for name in arguments for failure in check_file(pathlib.Path(name))]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
