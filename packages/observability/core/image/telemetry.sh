#!/bin/sh
# Lambda starts every executable file in /opt/extensions as an extension, under its file name.
set -eu
folder=${0%/*}
# NODE_OPTIONS are the function's: a module preloaded there has no business in the extension.
unset NODE_OPTIONS
# A small young generation: measured, it takes a third off the peak memory under load and costs no speed.
exec node --max-semi-space-size=1 "$folder/../telemetry/index.mjs" "$0"
