#!/usr/bin/env bash
# Runs the tests that show how each capture records each way in which a call can end, and writes the table of docs/captures.md from their results.
# Needs what ./test installs. Fails where a cell is empty, or a test failed.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build ToolTrail.slnx -c Release --nologo -v quiet
reports="artifacts/matrix"
rm -rf "$reports"
mkdir -p "$reports"
for project in tests/*.Tests; do
    name="$(basename "$project")"
    grep -rqs '\[Ending(' "$project" || continue
    echo "== $name"
    env --default-signal=INT,HUP,QUIT,TERM "artifacts/bin/$name/release/$name" -noColor -noLogo -trait "Ending=*" -xml "$reports/$name.xml" | tail -n 1 || true
done
artifacts/bin/ToolTrail.Matrix/release/ToolTrail.Matrix docs/captures.md "$reports"/*.xml
echo "Written to docs/captures.md."
