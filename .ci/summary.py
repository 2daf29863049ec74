#!/usr/bin/env python3
"""Adds up meson's logs, names what was not run and why, and closes with one line: N passed, N failed, N skipped."""
import json
import os
import re
import sys

passed = failed = skipped = 0
for path in sys.argv[1:]:
    if not os.path.exists(path):
        continue
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            test = json.loads(line)
            result = test["result"]
            text = test.get("stdout") or ""
            # TAP counts its own cases; other tests are one case each.
            cases = re.findall(r"^(ok|not ok)\b(.*)$", text, re.M)
            for verdict, rest in cases:
                if re.search(r"# *skip", rest, re.I):
                    skipped += 1
                elif verdict == "ok":
                    passed += 1
                else:
                    failed += 1
            if not cases:
                passed += result in ("OK", "EXPECTEDFAIL")
                skipped += result == "SKIP"
            if result in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS"):
                print("assay: failed:", test["name"])
                failed += not any(verdict == "not ok" for verdict, _ in cases)
            for reason in re.findall(r"not run: .*", text + (test.get("stderr") or "")):
                print("assay:", test["name"] + ":", reason)
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
