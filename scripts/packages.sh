# shellcheck shell=bash
# Every Debian package that Gatehouse needs, in one place, and the quick check that they are there.

debian_release() { (
  # shellcheck source=/dev/null
  source /etc/os-release
  echo "${ID:-unknown}-${VERSION_ID:-}"
); }
case $(debian_release) in
  debian-12) boost=1.81 postgresql=15 ;;
  *) boost=1.83 postgresql=17 ;; # Debian 13
esac

packages_build=(
  clang-19 lld-19 llvm-19 libclang-rt-19-dev cmake ninja-build ccache pkg-config git ca-certificates curl
  "libboost$boost-dev" "libboost-json$boost-dev" "libboost-url$boost-dev"
  libpq-dev libssl-dev libcurl4-openssl-dev libsodium-dev libcjose-dev libjansson-dev
  libvectorscan-dev libre2-dev libicu-dev libfmt-dev libcli11-dev libtomlplusplus-dev libvalijson-dev
  libgtest-dev libgmock-dev libbenchmark-dev zlib1g-dev libbrotli-dev libjemalloc-dev
)
packages_database=(postgresql "postgresql-$postgresql")
packages_lint=(clang-tidy-19 clang-format-19 shellcheck)
packages_browser=(chromium fonts-liberation)
packages_bench=(nginx-light wrk)

# An installed package below this is missing too: the server refuses a PostgreSQL that leaks past row-level security.
declare -A least_version=([postgresql-15]=15.20 [postgresql-17]=17.12)

missing_packages() {
  local status name version least
  local -A present=()
  while read -r status name version; do
    [[ $status != installed ]] || present[$name]=$version
  done < <(dpkg-query -W -f='${db:Status-Status} ${Package} ${Version}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    least=${least_version[$name]:-0}
    [[ -n ${present[$name]:-} ]] && dpkg --compare-versions "${present[$name]}" ge "$least" || echo "$name"
  done
}

# install_packages NAME…: installs those that are missing. Asks for sudo's password if it must.
install_packages() {
  [[ -z ${GATEHOUSE_NO_INSTALL:-} ]] || return 0
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  case $(debian_release) in
    debian-12 | debian-13) ;;
    *) fail "Debian 12 or 13 is needed to install: ${missing[*]}" ;;
  esac
  if ((EUID)); then
    command -v sudo >/dev/null || fail "not root and no sudo; install as root: ${missing[*]}"
    sudo -v || fail "sudo refused; install as root: ${missing[*]}"
    as_root=(sudo)
  fi
  step "Installing packages (${#missing[@]} missing)" "${as_root[@]}" bash scripts/apt-install.sh "${missing[@]}" ||
    fail "could not install: ${missing[*]}"
}
