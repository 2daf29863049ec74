#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test of a loss or a fault, with what handles it switched off: it must be red then, and green while nothing is switched
off. Arguments: NAME=PROGRAM of the tests, built with the switches of handlings.py. Prints TAP."""
import concurrent.futures
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is written among the sources
from handlings import HANDLINGS

AT_ONCE = 6  # they wait for clocks more than they work
PATIENCE_S = 30
LONGEST_FIRST = ["crash", "job-recover", "sound", "contract", "v4l2", "recorder", "gap"]
programs = dict(word.split("=", 1) for word in sys.argv[1:])


def run(command, env):
    """What it said. A test that is red leaves recorders behind: they end with it."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=env, start_new_session=True)
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            said.write(f"\nit did not end within {PATIENCE_S} s\n")
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        said.seek(0)
        return said.read()


def ask(test, switched_off):
    """True = green, False = red, or a word where the test did not get that far."""
    program, name = test.split(":")
    command = [sys.executable] if programs[program].endswith(".py") else []
    text = run(command + [programs[program]], dict(os.environ, ASSAY_TEST_FILTER=name, ASSAY_SWITCHED_OFF=switched_off))
    verdicts = [line for line in text.splitlines() if line.startswith(("ok ", "not ok ")) and name in line]
    if "not run: " in text:
        return "not run"
    if len(verdicts) != 1:
        return "undecided: " + text[-800:].replace("\n", "\n# ")
    return verdicts[0].startswith("ok ")


def judge(twin):
    began = time.monotonic()
    return *twin, ask(*twin), time.monotonic() - began


def main():
    twins = [(test, word) for word, _, _, _, tests in HANDLINGS for test in tests]
    twins += [(test, "") for test in sorted({test for test, _ in twins})]
    twins.sort(key=lambda twin: LONGEST_FIRST.index(twin[0].split(":")[0]))
    print(f"1..{len(twins)}")
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(judge, twins))
    failed = 0
    for number, (test, word, result, seconds) in enumerate(results, 1):
        if word == "" and result is False:
            result = ask(test, word)  # alone: side by side with others it may have had no time
        right = result == "not run" or result is (word == "")
        failed += not right
        said = f"{test} {'without ' + word + ' is red' if word else 'with all of them is green'} ({seconds:.1f} s)"
        print(f"{'ok' if right else 'not ok'} {number} - {said}{' # SKIP ' + result if result == 'not run' else ''}", flush=True)
        if not right:
            print(f"# it was {'green' if result is True else 'red' if result is False else result}", flush=True)
    return 1 if failed else 0


sys.exit(main())
