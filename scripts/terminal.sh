# shellcheck shell=bash
# What the person at the terminal sees: one line a step, and the whole output in build/log/.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "dev: $*"
  exit 1
}

# A descriptor that never has anything to read: `read -t` on it waits without a child process,
# which would outlive us and hold the terminal's pipe open.
exec {idle}<> <(:)
pause() { read -rt "$1" -u "$idle" || true; }

last_line() { tail -c 2000 "$1" 2>/dev/null | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c "1-$2" || true; }

# Says nothing in the first two seconds. On a terminal then one living line, elsewhere a line now and then.
show_progress() {
  local title=$1 log=$2 parent=$3 started=$SECONDS spoken=0 elapsed width
  if [[ -t 2 ]]; then
    width=$(($(tput cols 2>/dev/null || echo 80) - ${#title} - 12))
    while pause 0.25 && kill -0 "$parent" 2>/dev/null; do
      elapsed=$((SECONDS - started))
      ((elapsed < 2)) && continue
      printf '\r\033[K%s  %ss  \033[2m%s\033[0m' "$title" "$elapsed" "$(last_line "$log" $((width > 0 ? width : 1)))" >&2
    done
  else
    while pause 1 && kill -0 "$parent" 2>/dev/null; do
      elapsed=$((SECONDS - started))
      if ((elapsed >= 2 && (spoken == 0 || elapsed >= spoken + 30))); then
        if ((spoken == 0)); then say "$title …"; else say "$title … ${elapsed} s: $(last_line "$log" 100)"; fi
        spoken=$elapsed
      fi
    done
  fi
}

# step TITLE COMMAND…: runs it with its output in a log; shows the log's end if it fails, and returns its status.
step() {
  local title=$1 log started=$SECONDS status=0 progress elapsed clear=''
  shift
  mkdir -p build/log
  log=$(tr -cs '[:alnum:]\n' '-' <<<"${title,,}")
  log=build/log/${log%-}.log
  : >"$log"
  show_progress "$title" "$log" $$ &
  progress=$!
  "$@" >>"$log" 2>&1 </dev/null || status=$?
  kill "$progress" 2>/dev/null || true
  wait "$progress" 2>/dev/null || true
  elapsed=$((SECONDS - started))
  [[ -t 2 ]] && clear=$'\r\033[K'
  if ((status)); then
    say "${clear}$title failed after ${elapsed} s (status $status)."
    grep -E '(error|FAILED): ' "$log" | cut -c 1-300 | head -n 8 | sed 's/^/! /' >&2 || true
    say "The end of $log:"
    tail -n 40 "$log" | sed 's/^/  /' >&2
  elif ((elapsed >= 2)); then
    say "${clear}$title: ${elapsed} s"
  else
    printf '%s' "$clear" >&2
  fi
  return "$status"
}
