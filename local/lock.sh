#!/bin/sh
# Resolves every environment's pins anew, hashes included. Run by `make lock`, needs uv on PATH.
set -eu
options="--quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links"
# shellcheck disable=SC2086 # the options are words
uv pip compile $options layers/dependencies/requirements.in --output-file layers/dependencies/requirements.txt "$@"
cd requirements
for environment in uv tests emulator sam checkov; do
    # shellcheck disable=SC2086
    uv pip compile $options "$environment.in" --output-file "$environment.txt" "$@"
done
