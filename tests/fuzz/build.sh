#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# build.sh CLANG OUTPUT DEPFILE ROOT SOURCE...: a libFuzzer program with address and undefined-behaviour sanitizers.
set -eu
clang=$1 output=$2 depfile=$3 root=$4
shift 4
packages="glib-2.0 jansson libcrypto libpng libjpeg libxxhash libavformat libavcodec libavutil"
flags="-std=gnu17 -g -O1 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -fno-strict-aliasing -fsanitize=fuzzer,address,undefined
  -fno-sanitize-recover=undefined -I$root $(pkg-config --cflags $packages)"
objects=
: >"$depfile"
for source in "$@"; do
  object=$output.$(basename "$source").o
  # shellcheck disable=SC2086
  "$clang" $flags -MMD -MT "$output" -MF "$object.d" -c "$source" -o "$object"
  cat "$object.d" >>"$depfile"
  objects="$objects $object"
done
# shellcheck disable=SC2046,SC2086
"$clang" $flags $objects -o "$output" -Wl,--as-needed $(pkg-config --libs $packages) -lm
