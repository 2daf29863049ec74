#!/usr/bin/env python3
"""Adds up meson's logs, names what was not run and why, and closes with one line: N passed, N failed, N skipped.

    summary.py DIR...                    of the builds DIR: testlog.json, and again.json of what was run once more, alone
    summary.py --failed DIR              names what was red, one a line

A test that was red beside the others and green alone is no failure, but it is named with what it said: it is unsteady, and that
wants mending."""
import json
import os
import re
import sys

MOST_AGAIN = 4  # more than these red is no accident


def read(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as lines:
        return {test["name"]: test for test in map(json.loads, lines)}


def is_red(test):
    return test["result"] in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")


def list_cases(test):
    """TAP counts its own cases; other tests have none."""
    return re.findall(r"^(ok|not ok)\b(.*)$", test.get("stdout") or "", re.M)


def tell_why(test):
    """What a red test said: its cases that failed with the lines below each, else how it ended."""
    said = re.findall(r"^not ok.*(?:\n#.*){0,6}", test.get("stdout") or "", re.M)
    for words in said or [f"{test['result'].lower()}, after: " + (test.get("stdout") or "").strip()[-300:]]:
        print("  " + words.replace("\n", "\n  "))


def add_up(directories):
    passed = failed = skipped = 0
    for directory in directories:
        again = read(f"{directory}/meson-logs/again.json")
        for name, test in read(f"{directory}/meson-logs/testlog.json").items():
            if is_red(test) and name in again and not is_red(again[name]):
                print("assay: unsteady, red beside others and green alone:", name)
                tell_why(test)
                test = again[name]
            cases = list_cases(test)
            skips = sum(bool(re.search(r"# *skip", rest, re.I)) for _, rest in cases)
            reds = sum(verdict == "not ok" and not re.search(r"# *skip", rest, re.I) for verdict, rest in cases)
            passed += len(cases) - skips - reds
            skipped += skips
            failed += reds
            if not cases:
                passed += test["result"] in ("OK", "EXPECTEDFAIL")
                skipped += test["result"] == "SKIP"
            if is_red(test):
                print("assay: failed:", name)
                tell_why(test)
                failed += reds == 0
            for reason in re.findall(r"not run: .*", (test.get("stdout") or "") + (test.get("stderr") or "")):
                print("assay:", name + ":", reason)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def main():
    if sys.argv[1] != "--failed":
        return add_up(sys.argv[1:])
    red = [name for name, test in read(f"{sys.argv[2]}/meson-logs/testlog.json").items() if is_red(test)]
    if len(red) <= MOST_AGAIN:
        print("\n".join(name.rsplit(" / ", 1)[-1] for name in red))
    return 0


sys.exit(main())
