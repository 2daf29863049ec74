# SPDX-License-Identifier: GPL-3.0-or-later
"""A venv for one peer, in a directory that outlives the run, so that the second one needs no download."""
import os
import subprocess
import sys

CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "assay-peers")


def not_run(why):
    print(f"not run: {why}")
    sys.exit(77)


def enter(name, module, wanted):
    """Runs the script again inside the venv NAME; made first, with the packages `wanted`, where `module` cannot be imported."""
    venv = os.path.join(CACHE, f"{name}-{sys.version_info[0]}.{sys.version_info[1]}")
    python = os.path.join(venv, "bin", "python")
    if sys.prefix == venv:
        return
    ready = os.path.exists(python) and subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0
    if not ready:
        try:
            subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True, timeout=120)
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True,
                           capture_output=True, timeout=400)
        except (subprocess.SubprocessError, OSError) as error:
            words = (getattr(error, "stderr", b"") or b"").decode().strip().splitlines()
            not_run(f"{wanted[-1]} could not be installed: {words[-1] if words else error}")
    os.execv(python, [python, *sys.argv])
