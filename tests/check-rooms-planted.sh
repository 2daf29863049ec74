#!/bin/sh
# Each kind of broken arrow, planted in an empty house, must be found by check-rooms.py.
set -eu
check=$1
house=$(mktemp -d)
trap 'rm -rf "$house"' EXIT
planted=0
plant() { # plant FILE LINE
  rm -rf "$house"/*
  mkdir -p "$house/$(dirname "$1")"
  printf '%s\n' "$2" >"$house/$1"
  if python3 "$check" "$house" >/dev/null; then
    echo "not found: $1: $2"
    exit 1
  fi
  planted=$((planted + 1))
}
plant core/a.c '#include "qa/check.h"'
plant formats/a.c '#include "capture/source.h"'
plant core/a.c '#include <sqlite3.h>'
plant qa/a.c '#include <gtk/gtk.h>'
plant app/cli/a.c '#include <adwaita.h>'
plant annotate/a.c '  printf ("hello");'
plant core/a.c '    goto out;'
plant core/a.c '#include "item.h"'
echo "$planted planted, $planted found"
