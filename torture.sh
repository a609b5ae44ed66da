#!/usr/bin/env bash
# Kills, starves, fills and unplugs what the recorder stands on, and compares what it acknowledged with what is there: docs/reliability.md, "The torture
# bench". Needs root (it mounts disks of its own) and, in full, about two hours. Usage: ./torture.sh [--minutes N] [row ...]
set -euo pipefail
cd "$(dirname "$0")"
[ "$(id -u)" = 0 ] || { echo "torture.sh mounts disks of its own: run it as root." >&2; exit 2; }

# Command, then the Debian package that has it.
missing=()
while read -r command package; do
    command -v "$command" >/dev/null || missing+=("$package")
done <<'NEEDS'
strace strace
xfs_io xfsprogs
mkfs.ext4 e2fsprogs
rsync rsync
afl-fuzz afl++
NEEDS
if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]}"
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build ToolTrail.slnx -c Release --nologo -v quiet
exec artifacts/bin/ToolTrail.Torture/release/ToolTrail.Torture "$@"
