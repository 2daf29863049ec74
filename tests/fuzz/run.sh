#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh FUZZER CORPUS DICTIONARY: a short search from the corpus, always the same one; at most ASSAY_FUZZ_SECONDS (20).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# New inputs go to the first folder, the corpus is only read.
"$1" -seed=1 -runs=400000 -max_total_time="${ASSAY_FUZZ_SECONDS:-20}" -max_len=8192 -rss_limit_mb=2048 -timeout=10 \
  -dict="$3" -artifact_prefix="${ASSAY_FUZZ_ARTIFACTS:-$work/}" -print_final_stats=1 "$work" "$2"
