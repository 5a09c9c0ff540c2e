#!/usr/bin/env bash
# Evaluates grounding by the product's own answers to held-out cases, spoken commands and commands on real pictures;
# leaves report.md, results.json and plots in artifacts/evaluation. Answers are kept by content, so that a second run is
# quick; those to spoken commands are asked for anew.
# Arguments: --scale SHARE of the held-out cases, --spoken for spoken commands alone, --no-spoken for all else,
# --json.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"

# Debian's Python by its path: another one first in PATH lacks Debian's numpy and matplotlib. Figures need no threads of
# their own beside the two programs that answer.
OPENBLAS_NUM_THREADS=1 exec /usr/bin/python3 -B -m training.evaluation "$@"
