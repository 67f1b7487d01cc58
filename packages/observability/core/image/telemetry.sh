#!/bin/sh
# Lambda starts every executable file in /opt/extensions as an extension, under its file name.
set -eu
folder=$(dirname -- "$0")
# NODE_OPTIONS are the function's: a module preloaded there has no business in the extension.
unset NODE_OPTIONS
exec node "$folder/../telemetry/index.mjs" "$0"
