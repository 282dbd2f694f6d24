# What the scripts here source: environments of Python and Node, each built once from its lock file.
INTEROP=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
INTEROP_CACHE=${SCIM_INTEROP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/scim-interop}

# python_environment NAME: sets PYTHON to an interpreter with what NAME/requirements.txt lists.
python_environment() {
  local environment
  environment=$(built "$1" "$INTEROP/$1/requirements.txt" install_python)
  PYTHON=$environment/bin/python
}

# node_environment NAME: sets NODE_ENVIRONMENT to a folder with what NAME/package-lock.json lists.
node_environment() {
  NODE_ENVIRONMENT=$(built "$1" "$INTEROP/$1/package-lock.json" install_node)
}

# built NAME LOCK_FILE INSTALL: prints the folder that INSTALL has filled. Its name holds the sum of
# the lock file, so another list of packages is another folder. Of two runs one waits for the other,
# and what a run that broke off has left is made anew.
built() {
  local folder
  folder=$INTEROP_CACHE/$1-$(cksum <"$2" | cut -d ' ' -f 1)
  mkdir -p "$INTEROP_CACHE"
  (
    flock 9
    if ! [ -e "$folder/complete" ]; then
      rm -rf "$folder"
      "$3" "$folder" "$2" >&2 9>&-
      touch "$folder/complete"
    fi
  ) 9>"$folder.lock"
  printf '%s\n' "$folder"
}

install_python() {
  python3 -m venv "$1"
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$2"
}

install_node() {
  mkdir "$1"
  cp "$(dirname "$2")"/package*.json "$1"
  npm --prefix "$1" ci --no-audit --no-fund --loglevel=error
}
