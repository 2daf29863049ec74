#!/usr/bin/env python3
"""Reads every include and fails on a broken arrow: doc/ARCHITECTURE.md in twenty lines of rules."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
MAY_USE = {  # room: rooms whose headers it may include, besides its own
    "core": set(),
    "vision": {"core"},
    "capture": {"core", "vision"},
    "formats": {"core", "vision"},
    "annotate": {"core", "vision"},
    "qa": {"core", "vision"},
    "app": {"core", "vision", "capture", "formats", "annotate", "qa"},
}
ONE_FILE = {  # a foreign header and the only files that may know it
    r"sqlite3\.h": {"core/store-sqlite.c"},
    r"zstd\.h": {"core/shard.c"},
    r"png\.h": {"core/picture-png.c"},
    r"(turbojpeg|jpeglib)\.h": {"core/picture-jpeg.c"},
    r"sndfile\.h": {"core/sound.c", "core/sound-writer.c"},
    r"ebur128\.h": {"core/loudness.c"},
    r"libav.*|libsw.*": {"core/film-container.c", "core/film-matroska.c"},
    r"xxhash\.h": {"core/film-raw.c"},
    r"openssl/.*": {"core/sha256.c"},
    r"linux/videodev2\.h": {"capture/v4l2-control.c", "capture/v4l2-device.h", "capture/v4l2-format.c", "capture/v4l2-node.c",
                            "capture/v4l2-watch.c"},
    r"libudev\.h": {"capture/hotplug.c"},
    r"portaudio\.h": {"capture/source-portaudio.c", "capture/sink-portaudio.c"},
    r"opencv2/.*": {"vision/"},
    r"(cairo|pango).*": {"app/job-board.c", "app/chart-cairo.c", "app/chart-cairo.h", "app/report-pdf.c", "app/gui/"},
    r"(gtk|gdk|gsk|adwaita|graphene).*": {"app/gui/"},
    r"glib-object\.h": {"app/gui/"},
}
OUTSIDE_APP = re.compile(r"\b(printf|puts|putchar|fprintf|exit|abort|g_print|g_printerr|g_warning|g_message)\s*\(")

broken = []
n_files = 0
for path in sorted(p for room in MAY_USE for p in (ROOT / room).rglob("*") if p.suffix in (".c", ".h", ".cpp")):
    name = path.relative_to(ROOT).as_posix()
    room = name.split("/")[0]
    n_files += 1
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        where = f"{name}:{number}"
        if include and include[1] == '"':
            other = include[2].split("/")[0]
            if "/" in include[2] and other in MAY_USE and other != room and other not in MAY_USE[room]:
                broken.append(f"{where}: {room} may not use {other}")
            if "/" not in include[2] and not include[2].endswith("-list.h"):
                broken.append(f"{where}: spell the room: #include \"room/{include[2]}\"")
        elif include:
            for pattern, homes in ONE_FILE.items():
                if re.fullmatch(pattern, include[2]) and not any(name == h or (h.endswith("/") and name.startswith(h)) for h in homes):
                    broken.append(f"{where}: <{include[2]}> belongs in {', '.join(sorted(homes))} alone")
        elif room != "app" and OUTSIDE_APP.search(line) and not line.lstrip().startswith(("*", "/*", "//")):
            broken.append(f"{where}: only app/ prints and exits")
        if re.search(r"^\s*goto\b", line):
            broken.append(f"{where}: no goto; leaving the scope undoes")
print("\n".join(broken) or f"{n_files} files, no broken arrow")
sys.exit(1 if broken or n_files == 0 else 0)
