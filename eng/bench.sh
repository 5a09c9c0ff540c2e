#!/usr/bin/env bash
# Builds the service and the benchmarks for speed and runs the benchmarks; arguments go to them.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"

echo "building the benchmarks"
dotnet build benchmarks/EdgePerception.Benchmarks --configuration Release --nologo --verbosity quiet
exec dotnet run --project benchmarks/EdgePerception.Benchmarks --configuration Release --no-build -- "$@"
