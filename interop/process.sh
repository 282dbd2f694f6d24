# What the scripts here source: one service provider that runs beside the script, and ends with it.
SCRATCH=$(mktemp -d)
SERVER_PID=""

end() {
  if [ -n "$SERVER_PID" ]; then
    kill -KILL "$SERVER_PID" 2>/dev/null || true
    wait "$SERVER_PID" 2>/dev/null || true
  fi
  rm -rf "$SCRATCH"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start NAME COMMAND...: a service provider that prints `BASE_URL=…` and `TOKEN=…` when it listens;
# sets SERVER_PID, BASE_URL and SCIM_TOKEN.
start() {
  printf '\n--- %s\n' "$1"
  # It makes a token of its own.
  env -u SCIM_TOKEN "${@:2}" >"$SCRATCH/out" 2>"$SCRATCH/err" &
  SERVER_PID=$!
  within "${START_TENTHS:-100}" grep -q '^TOKEN=' "$SCRATCH/out" || give_up "it does not start"
  BASE_URL=$(sed -n 's/^BASE_URL=//p' "$SCRATCH/out")
  SCIM_TOKEN=$(sed -n 's/^TOKEN=//p' "$SCRATCH/out")
  export SCIM_TOKEN
}

# Asks it to end, which it must do with status 0.
stop() {
  local pid=$SERVER_PID status=0
  kill -TERM "$pid" || give_up "it has ended by itself"
  within 150 is_over "$pid" || give_up "it does not end"
  SERVER_PID=""
  wait "$pid" || status=$?
  [ "$status" -eq 0 ] || give_up "it ended with status $status"
}

is_over() { ! kill -0 "$1" 2>/dev/null; }

# within TENTHS COMMAND...: whether COMMAND succeeds in that many tenths of a second.
within() {
  for _ in $(seq "$1"); do
    if "${@:2}"; then return 0; fi
    sleep 0.1
  done
  return 1
}

give_up() {
  echo "$1" >&2
  cat "$SCRATCH/err" >&2
  exit 1
}

# example NAME: builds an example and prints where it is.
example() {
  cargo build --release --example "$1" >&2
  cargo metadata --format-version 1 --no-deps |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])' |
    sed "s#\$#/release/examples/$1#"
}
