#!/usr/bin/env python3
"""Checks the arrows of the house: which room may include which (services/README.md is the map).

Since all headers share one include root, the compiler can not stop a wrong include; this does.
Usage: check_layers.py [--self-test] [REPO]
"""

import pathlib
import re
import sys
import tempfile

# Rooms of the chassis, from the inside outward: each may include those named, and itself.
CHASSIS = {
    "values": [],
    "redis": ["values"],
    "store": ["values", "redis"],
    "telemetry": [],
    "streams": ["values", "redis", "store", "telemetry"],
    "rpc": ["values", "store", "telemetry"],
    "admin": ["values", "redis", "store", "streams", "rpc"],
    "process": ["values", "redis", "store", "telemetry", "streams", "rpc", "admin"],
}
# Generated protos that the chassis may know: the envelope, the declared limits, and the operator's API that it serves.
# The rest are words of the domain.
CHASSIS_PROTOS = ("fuju/event/v1/", "fuju/type/v1/constraints.", "fuju/admin/v1/")

# Services with a domain inside: pure decisions, which see plain values only.
SERVICES = ["applications", "catalogue", "dispatch", "fitting"]
# Rooms that are edge throughout: they show and carry, and decide nothing.
EDGE_ROOMS = ["audit", "fujuctl"]
# Rooms that several others include, and what these include themselves.
INNER = {
    "vocabulary": [],
    "edge_formats": ["chassis/process", "chassis/rpc", "chassis/values", "vocabulary"],
}
ROOMS = SERVICES + EDGE_ROOMS + list(INNER)
# Edge files of a service: wiring, gRPC, reactions, settings, metrics. Anything else is domain.
EDGE_FILE = re.compile(
    r"^(main|reactions|settings|wiring|metrics|\w+_(service|reactions|settings|metrics|watcher|importer))\.(cc|h)$")
# Further edge files, by name, with the reason why the pattern does not say it.
EDGE_FILES = {
    "catalogue/assessor.cc",  # commits what a person's record holds
    "catalogue/assessor.h",
    "catalogue/catalogue_finder.cc",  # reads versions from the store
    "catalogue/catalogue_finder.h",
    "catalogue/decision/grant_pages.cc",  # reads an index and what it names
    "catalogue/decision/grant_pages.h",
    "catalogue/decision/grant_walk.cc",  # takes turns of a thread between reads
    "catalogue/decision/grant_walk.h",
    "catalogue/decision/replay_run.cc",  # reads versions as they come
    "catalogue/decision/replay_run.h",
    "catalogue/decision/run_thread.cc",  # is a thread
    "catalogue/decision/run_thread.h",
    "fitting/slot_search.cc",  # reads the calendars of several technicians at once
    "fitting/slot_search.h",
    "catalogue/funds_reader.cc",  # reads counters
    "catalogue/funds_reader.h",
    "catalogue/queue_server.cc",  # reads and commits one case after the other
    "catalogue/queue_server.h",
    "catalogue/ledger/batch_maker.cc",  # reads indexes and what they name, then commits
    "catalogue/ledger/batch_maker.h",
    "catalogue/ledger/statement_reader.cc",  # reads all records of an area
    "catalogue/ledger/statement_reader.h",
    "catalogue/versions/version_reader.cc",  # reads versions that are kept and not in memory
    "catalogue/versions/version_reader.h",
    "applications/needs/import_thread.cc",  # reads files off the threads of gRPC and Redis
    "applications/needs/import_thread.h",
    "applications/needs/survey_session.cc",  # commits rows and answers over a stream
    "applications/needs/survey_session.h",
    "applications/desk/bulk_approval.cc",  # makes many commits
    "applications/desk/bulk_approval.h",
    "applications/desk/evidence_reader.cc",  # reads store and catalogue at once
    "applications/desk/evidence_reader.h",
    "applications/desk/queue_reader.cc",  # reads indexes and what they name
    "applications/desk/queue_reader.h",
    "applications/desk/remote_catalogue.cc",  # asks another service
    "applications/desk/remote_catalogue.h",
    "applications/desk/workload_reader.cc",  # reads indexes and counters
    "applications/desk/workload_reader.h",
    "applications/notices/letter_provider.cc",  # writes files
    "applications/notices/letter_provider.h",
    "applications/notices/notice_sender.cc",  # waits for channels, on threads of its own
    "applications/notices/notice_sender.h",
    "applications/notices/webhook_provider.cc",  # posts over HTTP
    "applications/notices/webhook_provider.h",
}

# What only edges may see of the libraries: the domain knows no clock, no Redis, no gRPC, no flags, no log.
DOMAIN_FORBIDDEN = re.compile(
    r"^(grpc/|grpcpp/|hiredis/|uv\.h|spdlog/|prometheus/|soci/|httplib|sqlite3|absl/flags/|absl/time/clock\.h"
    r"|absl/synchronization/|thread$|mutex$|random$)")
DOMAIN_CLOCK = re.compile(r"\babsl::Now\(|system_clock::now\(|steady_clock::now\(|\bstd::time\(|\btime\(nullptr\)")

# Folders that become everybody's drawer.
DRAWERS = re.compile(r"(^|/)(common|utils?|helpers?|misc|shared)(/|\.|$)")

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
THIRD_PARTY = re.compile(r"^(absl|google|grpc|grpcpp|gtest|gmock|benchmark|hiredis|prometheus|spdlog|nlohmann|openssl"
                         r"|soci|uv\.h|uv/|httplib\.h|sqlite3\.h|src/proto)")


class House:
    def __init__(self, repo):
        self.repo = repo
        self.services = repo / "services"
        self.failures = []

    def fail(self, where, what, rule):
        self.failures.append(f"{where}: {what}\n    {rule}")

    def check(self):
        for path in sorted(self.services.rglob("*")):
            if "node_modules" in path.parts or "web" in path.relative_to(self.services).parts:
                continue
            relative = path.relative_to(self.services).as_posix()
            if path.suffix in (".cc", ".h"):
                self.check_place(relative)
                self.check_source(path, relative)
            elif path.name == "CMakeLists.txt":
                self.check_links(path, relative)
            elif path.suffix == ".lua":
                self.check_embedded(path, relative)
        self.check_map()
        return self.failures

    def check_map(self):
        """Every room has its row in the map, and the map names no room that is not there."""
        readme = self.services / "README.md"
        if not readme.exists():
            return
        rows = set(re.findall(r"^\| `([\w/]+)` \|", readme.read_text(encoding="utf-8"), flags=re.M))
        rooms = {path.parent.relative_to(self.services).as_posix() for path in self.services.rglob("CMakeLists.txt")}
        rooms.discard(".")
        for room in sorted(rooms - rows):
            self.fail("services/README.md", f"has no row for {room}", "The map names every room, in a line.")
        for room in sorted(rows - rooms):
            self.fail("services/README.md", f"names {room}, which is not there", "The map is what the house is.")

    def check_place(self, relative):
        if DRAWERS.search(relative):
            self.fail(f"services/{relative}", "a drawer for everything",
                      "Name the file or room after the one thing it is about; there is no common, no utils.")
        if re.fullmatch(r"(chassis/)?[^/]+", relative):
            self.fail(f"services/{relative}", "a loose file",
                      "Every file lives in a room: services/<room>/ or services/chassis/<room>/.")

    def check_source(self, path, relative):
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            where = f"services/{relative}:{number}"
            if is_domain(relative) and DOMAIN_CLOCK.search(line.split("//")[0]):
                self.fail(where, "reads the clock",
                          "A decision takes the time as an argument, so that it can be tested and run again.")
            match = INCLUDE.match(line)
            if not match:
                continue
            quoted, target = match.group(1) == '"', match.group(2)
            message = self.judge(relative, target, quoted)
            if message:
                self.fail(where, f'includes "{target}"', message)

    def judge(self, includer, target, quoted):
        """The rule that `includer` (path under services/) breaks by including `target`, or None."""
        own = room_of(includer)
        if DRAWERS.search(target) and not THIRD_PARTY.match(target):
            return "There is no common and no utils: name what is needed after what it is about."
        if target.startswith("fuju/"):
            return judge_proto(own, target)
        if not quoted or THIRD_PARTY.match(target):
            if is_domain(includer) and DOMAIN_FORBIDDEN.match(target):
                return ("This file is domain: it sees vocabulary, chassis/values, its messages and Abseil values. I/O, "
                        "clock and flags belong in main, *_service, reactions or settings.")
            if own == "vocabulary" and re.match(r"(grpc|hiredis|uv|spdlog|prometheus|soci|httplib)", target):
                return "vocabulary holds value types: no I/O."
            return None
        if target.startswith("support/"):
            return "The product does not include what is made for tests."
        theirs = room_of(target)
        if "/" not in target or theirs is None:
            return 'Write the path from services/, such as "chassis/store/keys.h" (or name a new library in THIRD_PARTY).'
        if theirs == own:
            return None
        return judge_room(includer, own, theirs)

    def check_links(self, path, relative):
        own = room_of(relative)
        if own is None:
            return
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for name in re.findall(r"\bfuju_(\w+)", line.split("#")[0]):
                theirs = room_of_target(name)
                if theirs is None or theirs == own:
                    continue
                # The programs of a room link its edge, so its CMakeLists.txt is judged as an edge.
                message = judge_room(f"{own}/main.cc", own, theirs)
                if message:
                    self.fail(f"services/{relative}:{number}", f"links fuju_{name}", message)

    def check_embedded(self, path, relative):
        lists = path.parent / "CMakeLists.txt"
        text = lists.read_text(encoding="utf-8") if lists.exists() else ""
        if "fuju_embed_text(" not in text or not re.search(r"(?<![\w.])" + re.escape(path.name), text):
            self.fail(f"services/{relative}", "is not embedded",
                      f"Add fuju_embed_text(... FILE {path.name} ...) to the room's CMakeLists.txt, or delete it.")


def room_of(path):
    """The room of a path under services/, or None."""
    parts = path.split("/")
    if parts[0] == "chassis":
        return f"chassis/{parts[1]}" if len(parts) > 2 else None
    if len(parts) > 1 and parts[0] in ROOMS:
        return parts[0]
    return None


def room_of_target(name):
    """The room that owns the CMake target fuju_<name>, or None."""
    if name.startswith("chassis_"):
        room = name.removeprefix("chassis_").split("_")[0]
        return f"chassis/{room}" if room in CHASSIS else None
    for room in ROOMS:
        if name == room or name.startswith(room + "_"):
            return room
    return None


def is_domain(path):
    parts = path.split("/")
    return parts[0] in SERVICES and not EDGE_FILE.match(parts[-1]) and path not in EDGE_FILES


def judge_proto(own, target):
    if own and own.startswith("chassis/") and not target.startswith(CHASSIS_PROTOS):
        return "The chassis knows no word of the domain: of the protos only " + " and ".join(CHASSIS_PROTOS) + "*."
    if own == "vocabulary" and not target.startswith("fuju/type/"):
        return "vocabulary sits below the services: of the protos it sees fuju/type only."
    return None


def judge_room(includer, own, theirs):
    if own is None:
        return f"{includer} is in no room that this check knows: add it to ROOMS or CHASSIS in scripts/check_layers.py."
    if own.startswith("chassis/"):
        if not theirs.startswith("chassis/"):
            return "The chassis uses nothing of ours: it knows no word of the domain."
        me, other = own.split("/")[1], theirs.split("/")[1]
        if me not in CHASSIS or other not in CHASSIS:
            return "A new room of the chassis needs a row in CHASSIS of scripts/check_layers.py."
        if other not in CHASSIS[me]:
            return f"{own} may include of the chassis: {', '.join(CHASSIS[me]) or 'nothing'}. Arrows point inward."
        return None
    if own in INNER:
        if theirs not in INNER[own]:
            return f"{own} may include: {', '.join(INNER[own]) or 'only itself and Abseil'}. Arrows point inward."
        return None
    if theirs == "edge_formats" and is_domain(includer):
        return "This file is domain: formats of request fields are the edge's business."
    if theirs in INNER:
        return None
    if theirs.startswith("chassis/"):
        if is_domain(includer) and theirs != "chassis/values":
            return ("This file is domain: of the chassis it sees chassis/values only. Redis, gRPC and streams are the "
                    "business of main, *_service, reactions and settings.")
        return None
    return "No service includes another: publish a fact and react to it, or ask by gRPC through the other's proto."


SELF_TEST = [
    # includer, content, part of the expected message (None: allowed)
    ("applications/application.cc", '#include "chassis/values/decision.h"', None),
    ("applications/application.cc", '#include "vocabulary/money.h"', None),
    ("applications/application.cc", '#include "fuju/catalogue/v1/catalogue_events.pb.h"', None),
    ("applications/application.cc", '#include "chassis/store/keys.h"', "chassis/values only"),
    ("applications/application.cc", "#include <grpcpp/grpcpp.h>", "is domain"),
    ("applications/application.cc", "auto now = absl::Now();", "takes the time"),
    ("applications/application.cc", '#include "catalogue/budget.h"', "No service includes another"),
    ("applications/application.cc", '#include "money.h"', "Write the path"),
    ("applications/applications_service.cc", '#include "chassis/store/keys.h"', None),
    ("applications/reactions.cc", '#include "dispatch/round.h"', "No service includes another"),
    ("audit/archive.cc", '#include "applications/application.h"', "No service includes another"),
    ("audit/archive.cc", '#include "chassis/streams/consumer.h"', None),
    ("chassis/store/store.cc", '#include "chassis/redis/client.h"', None),
    ("chassis/store/store.cc", '#include "fuju/event/v1/event.pb.h"', None),
    ("chassis/store/store.cc", '#include "fuju/applications/v1/application.pb.h"', "no word of the domain"),
    ("chassis/store/store.cc", '#include "vocabulary/money.h"', "nothing of ours"),
    ("chassis/redis/client.cc", '#include "chassis/store/keys.h"', "point inward"),
    ("chassis/utils.h", "", "a drawer"),
    ("chassis/keys.h", "", "a loose file"),
    ("vocabulary/money.h", '#include "chassis/values/decision.h"', "only itself and Abseil"),
    ("vocabulary/money.h", '#include "fuju/fitting/v1/fitting.pb.h"', "fuju/type only"),
    ("edge_formats/formats.cc", '#include "chassis/rpc/validation.h"', None),
    ("edge_formats/formats.cc", '#include "chassis/redis/client.h"', "edge_formats may include"),
    ("applications/application.cc", '#include "edge_formats/formats.h"', "edge's business"),
    ("dispatch/CMakeLists.txt", "fuju_room(NAME dispatch DEPENDS fuju_chassis_store fuju_vocabulary fuju_proto)", None),
    ("dispatch/CMakeLists.txt", "fuju_room(NAME dispatch DEPENDS fuju_fitting)", "No service includes another"),
    ("chassis/store/commit.lua", "-- not embedded", "is not embedded"),
]


def self_test():
    """Plants each case alone in an empty house, so that a check which never fires is noticed."""
    wrong = []
    for path, content, expected in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "services" / path
            file.parent.mkdir(parents=True)
            file.write_text(content + "\n", encoding="utf-8")
            failures = "\n".join(House(pathlib.Path(folder)).check())
        if expected is None and failures or expected is not None and expected not in failures:
            wrong.append(f"{path}: {content}\n    expected {expected!r}, got {failures!r}")
    return wrong


def main(arguments):
    if arguments[:1] == ["--self-test"]:
        failures = self_test()
        title = "check_layers.py --self-test"
    else:
        repo = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parent.parent
        failures = House(repo).check()
        title = "check_layers.py"
    for failure in failures:
        print(failure, file=sys.stderr)
    if failures:
        print(f"{title}: {len(failures)} failures", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
