#!/usr/bin/env bash
# Builds the benchmarks for speed, with the service and the baselines in C and C++ beside them, and runs them; arguments
# name the benchmarks to run, none runs all.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
EXTERNAL=$ROOT/artifacts/bench/external
cd "$ROOT"

# A baseline that cannot be built is left out, and the benchmark says so.
build_opencv_baseline() {
    local flags
    read -ra flags <<<"$(pkg-config --cflags opencv4)"
    mkdir -p "$EXTERNAL"
    g++ -std=c++17 -O3 -march=native benchmarks/external/opencv/baseline.cpp -o "$EXTERNAL/opencv-baseline" "${flags[@]}" \
        -lopencv_dnn -lopencv_imgproc -lopencv_core
}

build_messaging_baseline() {
    mkdir -p "$EXTERNAL"
    gcc -O2 -Wall -Wextra -Werror benchmarks/external/messaging/baseline.c -o "$EXTERNAL/messaging-baseline" \
        -lzmq -lmosquitto -lpthread
}

echo "building the benchmarks"
./edge-perception --version >/dev/null # builds what the start is measured with
dotnet build benchmarks/EdgePerception.Benchmarks --configuration Release --nologo --verbosity quiet
rm -f "$EXTERNAL/opencv-baseline" "$EXTERNAL/messaging-baseline"
build_opencv_baseline || echo "OpenCV's baseline could not be built" >&2
build_messaging_baseline || echo "the baseline of messaging could not be built" >&2
exec dotnet run --project benchmarks/EdgePerception.Benchmarks --configuration Release --no-build -- "$@"
