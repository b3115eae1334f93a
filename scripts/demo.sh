# shellcheck shell=bash
# The demo: start it, look into its database, call its API.

dev_up() {
  if [[ " $* " =~ \ (-h|--help)\  ]]; then
    usage
    return
  fi
  install_packages "${packages_build[@]}" "${packages_database[@]}"
  build_targets release gatehouse
  build_console
  cd "$caller" # so that --data and --ready-file mean what the caller sees
  exec "$root/build/release/gatehouse" demo --console "$root/console/dist" "$@"
}

default_data() {
  if ((EUID)); then echo "${XDG_DATA_HOME:-$HOME/.local/share}/gatehouse"; else echo /var/lib/gatehouse; fi
}

# ready_value FILE KEY…: one value of the file that the demo writes when it is ready.
ready_value() {
  local file=$1
  shift
  [[ -r $file ]] || fail "no demo has run here: $file is missing (start it with ./dev up, or name its folder with --data DIR)"
  # shellcheck disable=SC2016
  node -e 'const [file, ...keys] = process.argv.slice(1);
    const value = keys.reduce((object, key) => object?.[key], JSON.parse(require("fs").readFileSync(file, "utf8")));
    if (typeof value !== "string") { console.error(`${file} has no ${keys.join(".")}`); process.exit(1); }
    console.log(value);' "$file" "$@"
}

dev_db() {
  local data database=us dsn
  data=$(default_data)
  while (($#)); do
    case $1 in
      --data) data=$(cd "$caller" && realpath -m -- "$2") && shift 2 ;;
      control | us | eu | us_audit | eu_audit) database=$1 && shift ;;
      *) fail "usage: ./dev db [--data DIR] [control|us|eu|us_audit|eu_audit]" ;;
    esac
  done
  install_packages "${packages_database[@]}"
  install_node
  dsn=$(ready_value "$data/ready.json" postgres "$database")
  exec psql "$dsn"
}

dev_smoke() {
  local data url key ready
  data=$(default_data)
  if [[ ${1:-} == --data ]]; then
    (($# > 1)) || fail "usage: ./dev smoke [--data DIR] [URL [KEY]]"
    data=$(cd "$caller" && realpath -m -- "$2") && shift 2
  fi
  url=${1:-} key=${2:-}
  install_packages curl ca-certificates
  install_node
  ready=$data/ready.json
  [[ -n $url ]] || url=$(ready_value "$ready" url)
  [[ -n $key ]] || key=$(ready_value "$ready" api_keys acme)
  # The key goes in by standard input: a command line is public.
  curl --silent --show-error --no-buffer --max-time 60 --include --header @- \
    --data '{"model":"demo/echo","stream":true,"messages":[{"role":"user","content":"smoke test"}]}' \
    "${url%/}/v1/chat/completions" <<<"authorization: Bearer $key
content-type: application/json" | node scripts/smoke.mjs 'smoke test'
}
