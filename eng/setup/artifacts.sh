# shellcheck shell=bash
# What is made in the checkout: the ONNX Runtime package and the models. Sourced by eng/setup.sh.
# Each is made under another name and moved into place when it is whole.

CENTERNET_MANIFEST=configs/models/centernet-mobilenetv3-coco.yaml
CENTERNET_MODEL=models/fetched/centernet-mobilenetv3-coco.onnx

# fetch_npm_files SOURCE TARGET
# Unpacks the npm packages of a folder with package.json and files.sha256, checks the files that are used, and keeps only
# those.
fetch_npm_files() {
    local source=$ROOT/$1 target=$2 partial=$2.partial
    check_npm
    rm -rf "$partial"
    mkdir -p "$partial/kept"
    cp "$source/package.json" "$source/package-lock.json" .npmrc "$partial"
    watched npm npm ci --prefix "$partial" --ignore-scripts --prefer-offline --no-audit --no-fund \
        --loglevel=error ||
        fail "npm could not fetch the packages of $1/package.json; check the network and run this again"
    (cd "$partial/node_modules" && sha256sum --check --quiet --strict "$source/files.sha256" >&2) ||
        fail "files from npm are not the ones that $1/files.sha256 lists; none was used"
    (cd "$partial/node_modules" && cut -c 67- "$source/files.sha256" | xargs cp --parents --target-directory ../kept)
    rm -rf "$target"
    mv "$partial/kept" "$target"
    rm -rf "$partial"
}

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

# Packs the bindings and native libraries of ONNX Runtime as the NuGet package that the projects reference.
pack_onnxruntime() {
    local partial=$CACHE/nuget-feed.partial
    rm -rf "$partial"
    watched onnxruntime dotnet pack eng/onnxruntime --configuration Release --output "$partial" --nologo \
        --disable-build-servers -p:NpmRoot="$CACHE/npm" ||
        fail "Microsoft.ML.OnnxRuntime could not be packed"
    mv "$partial"/*.nupkg "$CACHE/nuget-feed/"
    rm -rf "$partial" "$CACHE/onnxruntime"
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
