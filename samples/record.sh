#!/bin/sh
# Any script can write to the trail: one JSON object a line, "user", "tool" and "status" at least (docs/record-format.md).
# tooltrail record returns once the records are on disk; it exits with 3 if it refused one, with 4 if it could not write.
set -eu

started=$(date +%s)
if output=$(uname -s 2>&1); then status=ok; else status=error; fi
seconds=$(($(date +%s) - started))

printf '{"user":"%s","tool":"uname","args":{"flags":"-s"},"status":"%s","result":"%s","duration_ms":%d,"source":"record.sh"}\n' \
    "${TRAIL_USER:-$(id -un)}" "$status" "$output" "$((seconds * 1000))" | tooltrail record
