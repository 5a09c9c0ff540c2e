# shellcheck shell=bash
# What is made in the checkout: the detector, and the benchmarks' baselines. Sourced by eng/setup.sh.
# Each is made under another name and moved into place when it is whole.

CENTERNET_MANIFEST=configs/models/centernet-mobilenetv3-coco.yaml
CENTERNET_MODEL=models/fetched/centernet-mobilenetv3-coco.onnx

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

# Converts the detector, and checks the result against its manifest: the conversion gives the same bytes everywhere.
convert_centernet() {
    local source=$CACHE/npm/@vladmandic/human partial=$CENTERNET_MODEL.partial wanted
    wanted=$(sed -n 's/^sha256: *\([0-9a-f]\{64\}\).*/\1/p' "$CENTERNET_MANIFEST")
    mkdir -p models/fetched
    # Debian's Python by its path: another one first in PATH lacks Debian's onnx.
    /usr/bin/python3 -B eng/models/convert_tfjs.py centernet "$source/models/centernet.json" "$partial" ||
        fail "the detector could not be converted"
    sha256sum --check --status <<<"$wanted  $partial" ||
        fail "the converted detector differs from the checksum in $CENTERNET_MANIFEST; kept for a look: $partial"
    cp "$source/LICENSE" models/fetched/centernet-mobilenetv3-coco.LICENSE
    mv "$partial" "$CENTERNET_MODEL"
}
