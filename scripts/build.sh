# shellcheck shell=bash
# The C++ build, and what is written from it.

# build_targets PRESET [TARGET…]: configures build/PRESET if needed and builds (everything by default).
build_targets() {
  local preset=$1 title="Building $1"
  shift
  if [[ ! -f build/$preset/build.ninja ]]; then
    step "Configuring $preset" cmake --preset "$preset" || fail "cmake failed"
  fi
  [[ $# == 0 ]] || title+=" ($*)"
  step "$title" ninja -C "build/$preset" "$@" || fail "the $preset build failed"
}

dev_build() {
  local preset=${1:-release}
  [[ $# -le 1 && $preset =~ ^(release|asan|tsan)$ ]] || fail 'usage: ./dev build [release|asan|tsan]'
  install_packages "${packages_build[@]}"
  build_targets "$preset"
}

cpp_sources() { find src tests -name node_modules -prune -o \( -name '*.h' -o -name '*.cpp' \) -print0; }

dev_fmt() {
  install_packages "${packages_lint[@]}"
  cpp_sources | xargs -0 -r clang-format-19 -i
  install_npm console
  step 'Mending the console' env -C console npm run fmt || fail 'ESLint finds what it cannot mend in console/'
  step 'Mending the programs of Node' eslint_programs --fix || fail 'ESLint finds what it cannot mend'
}

dev_openapi() {
  install_packages "${packages_build[@]}"
  build_targets release gatehouse
  mkdir -p docs
  build/release/gatehouse openapi >build/openapi.json
  mv build/openapi.json docs/openapi.json
  build/release/gatehouse permissions >docs/permissions.md
  build/release/gatehouse errors >docs/errors.md
  install_npm console
  step 'Generating the console types' env -C console npx --no-install openapi-typescript ../docs/openapi.json \
    -o src/api/schema.d.ts || fail 'openapi-typescript failed'
  say 'docs/openapi.json, docs/permissions.md, docs/errors.md and console/src/api/schema.d.ts are written'
}

dev_bench() {
  install_packages "${packages_build[@]}" "${packages_database[@]}"
  if [[ ! -x /usr/sbin/nginx || ! -x /usr/bin/wrk ]]; then install_packages "${packages_bench[@]}"; fi
  [[ -f bench/run.mjs ]] || fail 'there is no bench/run.mjs'
  build_targets release
  build_console
  install_npm bench
  export GATEHOUSE_BINARY=$root/build/release/gatehouse GATEHOUSE_CONSOLE=$root/console/dist
  exec node bench/run.mjs "$@"
}
