#!/usr/bin/env bash
# Measures ToolTrail beside other libraries and proxies on this machine and writes the figures into docs/benchmarks.md. The machine should have nothing else to do.
#   ./bench.sh            everything: about 45 minutes
#   ./bench.sh records    what recording costs: its own part of the document alone
#   ./bench.sh captures   what functions, MCP proxies and the hook cost: their own part alone, about 6 minutes
# --quick behind it: a few records, calls and rounds, to see that it works; writes to artifacts/bench/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")"
root="$PWD"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

part=all
case "${1:-}" in
    records | captures) part="$1" && shift ;;
esac

# The files that are measured lie on the repository's own disk.
mkdir -p artifacts/bench
document="$root/docs/benchmarks.md"
if [[ "${1:-}" == "--quick" ]]; then
    document="$root/artifacts/bench/benchmarks.md"
    cp docs/benchmarks.md "$document"
fi

# Runs a project of bench/ on its part of the document.
measure() {
    local name="$1"
    shift
    dotnet build "bench/$name" -c Release --nologo -v quiet
    (cd artifacts/bench && "$root/artifacts/bin/$name/release/$name" all "$document" "$@")
}

# What only the captures' part needs: a linker for the hook's program, and the proxies beside which ToolTrail's is measured.
prepare_captures() {
    local missing=()
    command -v clang >/dev/null || missing+=(clang)
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    if [ ${#missing[@]} -gt 0 ]; then
        local sudo=""
        [ "$(id -u)" = 0 ] || sudo="sudo"
        $sudo apt-get update -q >/dev/null
        DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
    fi
    (cd bench/peers && npm ci --no-audit --no-fund --loglevel=error)
    dotnet publish src/ToolTrail.Hook -c Release --nologo -v quiet
}

[[ "$part" == captures ]] || measure ToolTrail.Bench "$@"
if [[ "$part" != records ]]; then
    prepare_captures
    measure ToolTrail.Bench.Captures "$@"
fi
echo "Written to ${document#"$root"/}."
