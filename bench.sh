#!/usr/bin/env bash
# Measures ToolTrail beside other libraries on this machine and writes the figures into docs/benchmarks.md. Takes about 40 minutes; the machine should
# have nothing else to do. --quick: a few records and rounds, to see that it works; writes to artifacts/bench/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")"
root="$PWD"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet build bench/ToolTrail.Bench -c Release --nologo -v quiet
# The files that are measured lie on the repository's own disk.
mkdir -p artifacts/bench
document="$root/docs/benchmarks.md"
if [[ "${1:-}" == "--quick" ]]; then
    document="$root/artifacts/bench/benchmarks.md"
    cp docs/benchmarks.md "$document"
fi

proxy="$root/artifacts/bench/proxy.md"
rm -f "$proxy"
if [[ -d bench/ToolTrail.Bench.Proxy ]]; then
    dotnet build bench/ToolTrail.Bench.Proxy -c Release --nologo -v quiet
    artifacts/bin/ToolTrail.Bench.Proxy/release/ToolTrail.Bench.Proxy >"$proxy" || echo "The proxy adds more than it should: see its table."
fi

cd artifacts/bench
"$root/artifacts/bin/ToolTrail.Bench/release/ToolTrail.Bench" all "$document" "$proxy" "$@"
echo "Written to ${document#"$root"/}."
