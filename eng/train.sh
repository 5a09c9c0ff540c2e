#!/usr/bin/env bash
# Trains the grounding networks, two at a time, and exports them into models/grounding: two seeds of the attention model
# and the baselines. Goes on where it was broken off.
# What it writes differs in the last digits from machine to machine, since sums are taken in another order.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WORK=$ROOT/artifacts/training
AT_ONCE=2
cd "$ROOT"

python() { /usr/bin/python3 -B "$@"; }

# train VARIANT SEED STEPS
train() {
    python -m training.grounding.train --variant "$1" --seed "$2" --steps "$3" --out "$WORK"
}

# export_as VARIANT SEED FILE
export_as() {
    local reference=()
    [[ $3 != attention ]] || reference=(--reference models/grounding/reference.json)
    python -W ignore -m training.grounding.export --variant "$1" --checkpoint "$WORK/$1-$2.pt" --out "models/grounding/$3.onnx" "${reference[@]}"
}

echo "checking the training code"
python -m unittest discover -t . -s training/tests
python -m training.grounding.vocabulary
python -m training.grounding.vectors
python -m training.ears.train
python -m training.ears.vectors
while read -r variant seed steps; do
    while (($(jobs -rp | wc -l) >= AT_ONCE)); do wait -n; done
    train "$variant" "$seed" "$steps" &
done <training/networks.txt
wait
while read -r variant seed _; do
    export_as "$variant" "$seed" "$variant$( ((seed == 1)) || echo "-seed$seed")"
done <training/networks.txt
python -m training.grounding.manifests
python -m training.evaluation.calibrate
