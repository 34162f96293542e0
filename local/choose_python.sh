#!/bin/sh
# Prints the interpreter to use for tests, emulator and template alike: the newest of 3.13, 3.12, 3.11
# that really runs and can make a virtual environment. A name on PATH proves nothing (version managers
# put stand-ins there that fail when run), so each candidate is tried by running it.
runs() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info[:2] != (3, int(sys.argv[1])))' "$2" >/dev/null 2>&1
}
if [ -n "${PYTHON:-}" ]; then
    for minor in 13 12 11; do
        if runs "$PYTHON" "$minor"; then
            "$PYTHON" -c 'import os, sys; print(os.path.realpath(sys.executable))'
            exit 0
        fi
    done
    echo "$PYTHON does not run, or is not Python 3.11, 3.12 or 3.13" >&2
    exit 1
fi
for minor in 13 12 11; do
    for candidate in "python3.$minor" python3 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$minor".*/bin/python3."$minor" \
        "${XDG_DATA_HOME:-$HOME/.local/share}"/uv/python/cpython-3."$minor".*/bin/python3."$minor" \
        /opt/homebrew/bin/python3."$minor" /usr/local/bin/python3."$minor"; do
        if runs "$candidate" "$minor"; then
            "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))'
            exit 0
        fi
    done
done
echo "No Python 3.11, 3.12 or 3.13 that runs was found: install one, or name it: make PYTHON=/path/to/python3.13" >&2
exit 1
