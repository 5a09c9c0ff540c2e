# shellcheck shell=bash
# Real pictures for the evaluation of grounding. Sourced by eng/setup.sh, which gives ROOT and CACHE, after eng/setup/models.sh.
# None is in this repository: Debian's packages and npm's bring them; pictures.tsv has their checksums.

# Lays the pictures that pictures.tsv lists into .cache/evaluation/pictures.
place_real_pictures() {
    local folder=$ROOT/training/evaluation/real partial=$CACHE/evaluation/packages.partial packages
    mapfile -t packages < <(sed -n 's/^[^\t]*\tnpm:\([^\t]*\)\t.*/\1/p' "$folder/pictures.tsv" | sort -u)
    unpack_packages real-pictures "$folder/pictures.tsv" "$partial" "${packages[@]}"
    # Debian's Python by its path: another one first in PATH lacks Debian's PIL.
    /usr/bin/python3 -B "$folder/extract.py" "$partial/unpacked" "$CACHE/evaluation/pictures" ||
        fail "the real pictures could not be laid into .cache/evaluation/pictures"
    rm -rf "$partial"
}
