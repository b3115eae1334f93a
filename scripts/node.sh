# shellcheck shell=bash
# Node 22 in .dev/node (Debian 12's own is too old for the console), and npm packages where a lock file names them.

export PATH="$root/.dev/node/bin:$PATH"
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false

# Debian's npm is only the bootstrap: it fetches the pinned Node and npm, checked by the lock file's digests.
install_node() {
  local lock=scripts/toolchain/package-lock.json home=.dev/node arch
  cmp -s "$lock" "$home/installed" && return 0
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) fail "no pinned Node for $(uname -m)" ;;
  esac
  command -v npm >/dev/null || install_packages ca-certificates npm
  rm -rf "$home"
  mkdir -p "$home/bin"
  cp scripts/toolchain/package.json "$lock" "$home/"
  step 'Fetching Node 22' env -C "$home" npm ci --ignore-scripts || fail 'could not fetch Node'
  [[ -x $home/node_modules/node-linux-$arch/bin/node ]] || fail "npm did not install node-linux-$arch"
  ln -s "../node_modules/node-linux-$arch/bin/node" "$home/bin/node"
  ln -s ../node_modules/npm/bin/npm-cli.js "$home/bin/npm"
  ln -s ../node_modules/npm/bin/npx-cli.js "$home/bin/npx"
  hash -r
  cp "$lock" "$home/installed"
}

# install_npm DIR: the packages of DIR's lock file, if they are not there already.
install_npm() {
  local directory=$1
  install_node
  [[ -f $directory/package-lock.json ]] || return 0
  cmp -s "$directory/package-lock.json" "$directory/node_modules/.installed" && return 0
  step "Fetching the npm packages of $directory" env -C "$directory" npm ci --ignore-scripts ||
    fail "npm ci failed in $directory"
  mkdir -p "$directory/node_modules"
  cp "$directory/package-lock.json" "$directory/node_modules/.installed"
}

console_digest() {
  find console \( -name node_modules -o -path console/dist \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum
}

# Builds console/dist when a source of it changed.
build_console() {
  local digest
  [[ -f console/package.json ]] || fail 'there is no console/'
  digest=$(console_digest)
  [[ -f console/dist/index.html && $digest == "$(cat build/console.digest 2>/dev/null)" ]] && return 0
  install_npm console
  step 'Building the console' env -C console npm run build || fail 'the console does not build'
  mkdir -p build
  echo "$digest" >build/console.digest
}
