# SPDX-License-Identifier: GPL-3.0-or-later
"""The built desktop app on a virtual screen inside the lab's guest, worked with keys and looked at pixel by pixel."""
import os
import subprocess
import sys

from lab import OUT, wait_for

HOME = "/run/desk"
SCREEN = "1280x720x24"
# Nothing moves by itself, nothing is asked of buses that are not there, and the processor draws.
ENVIRONMENT = {"HOME": HOME, "XDG_CONFIG_HOME": HOME, "XDG_CACHE_HOME": HOME, "XDG_DATA_HOME": HOME, "XDG_RUNTIME_DIR": HOME,
               "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere", "GDK_BACKEND": "x11", "GDK_DEBUG": "gl-disable",
               "GSK_RENDERER": "cairo", "GTK_A11Y": "none", "GTK_USE_PORTAL": "0", "ADW_DISABLE_PORTAL": "1",
               "GSETTINGS_BACKEND": "memory", "GIO_USE_VFS": "local", "TZ": "UTC"}
SETTINGS = """[Settings]
gtk-enable-animations=false
gtk-cursor-blink=false
gtk-font-name=DejaVu Sans 10
gtk-icon-theme-name=Adwaita
"""


class Desktop:
    """A screen, a window manager and the app. Screenshots go where the results are kept, when they are kept."""

    def __init__(self, *words):
        os.makedirs(f"{HOME}/gtk-4.0", mode=0o700, exist_ok=True)
        with open(f"{HOME}/gtk-4.0/settings.ini", "w", encoding="utf-8") as file:
            file.write(SETTINGS)
        self.environment = {**os.environ, **ENVIRONMENT}
        self.processes = []
        read, write = os.pipe()
        self.start("Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-dpi", "96", "-nolisten", "tcp", "-noreset",
                   "-extension", "GLX", pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as answer:
            self.environment["DISPLAY"] = ":" + answer.readline().strip()
        self.start("openbox", "--sm-disable")
        self.hand = self.start(os.environ["LAB_PARTS"] + "/hand", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.words = f"{OUT}/desktop.log"
        with open(self.words, "w", encoding="utf-8") as log:
            self.app = self.start(os.environ["ASSAY_DESKTOP"], *words, stdout=log, stderr=log)

    def start(self, *command, **more):
        more = {"stdout": sys.stderr, **more}
        process = subprocess.Popen(command, env=self.environment, **more)
        self.processes.append(process)
        return process

    def ask(self, line):
        self.hand.stdin.write(line + "\n")
        self.hand.stdin.flush()
        return self.hand.stdout.readline().strip()

    def press(self, *keys):
        for key in keys:
            answer = self.ask(f"key {key}")
            assert answer == "pressed", f"{key}: {answer}"

    def count(self, colour, within=20):
        return int(self.ask(f"count {colour} {within}"))

    def keep_shot(self, name):
        if os.environ.get("LAB_SHOTS"):
            assert self.ask(f"save {OUT}/{name}.png") == "saved"

    def wait_window(self):
        wait_for("the window", lambda: self.ask(f"window {self.app.pid}") == "1", 60)

    def close(self):
        """As a person closes it; what it said of itself must be no complaint."""
        self.press("ctrl+w")
        status = self.app.wait(30)
        said = open(self.words, encoding="utf-8").read()
        assert status == 0, f"the app ended with status {status}: {said}"
        assert not any(word in said for word in ("CRITICAL", "WARNING", "ERROR")), said

    def end(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                process.wait(10)
