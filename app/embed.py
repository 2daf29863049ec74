#!/usr/bin/env python3
"""embed.py TEXT OUT.h NAME: a text as a constant, so that the program carries it."""
import sys

source, target, name = sys.argv[1:4]
with open(source, encoding="utf-8") as file:
    lines = file.read().split("\n")
with open(target, "w", encoding="utf-8") as file:
    file.write(f"static const char {name}[] =\n")
    for line in lines:
        file.write('  "' + line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?") + '\\n"\n')
    file.write(";\n")
