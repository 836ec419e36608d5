#!/bin/sh
# Runs one fuzz target on stable Rust, with coverage but without a sanitizer:
#   fuzz/run.sh import|score|render [SECONDS]
# Seeds are our own items and, beside a checkout that has them, the shared samples.
set -eu
cd "$(dirname "$0")"
target=$1
seconds=${2:-600}
corpus=corpus/$target
mkdir -p "$corpus"
for folder in ../tests/items ../../../../shared/qti; do
    [ -d "$folder" ] || continue
    find "$folder" -name '*.xml' -size -40k | while read -r file; do
        cp "$file" "$corpus/$(echo "$file" | cksum | cut -d' ' -f1).xml"
    done
done
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
flags="$flags -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
flags="$flags -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
host=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS=$flags cargo build --release --bin "$target" --target "$host"
exec "target/$host/release/$target" "$corpus" -max_total_time="$seconds" -max_len=60000 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1
