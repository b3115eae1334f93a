# shellcheck shell=bash
# ./dev test: each part writes JUnit files to build/test/PART, and those are counted. A part without tests fails.

test_parts=(lint unit pg api isolation chaos fuzz e2e)

test_lint() {
  run_lint
  passed=$lint_passed failed=$lint_failed
}

# Programs with a ctest label. GTest writes one file a program; ctest's own (SUMMARY) tells of those that died before.
run_ctest() {
  local label=$1 out=$root/build/test/$1 summary=${2:-ctest.xml}
  build_targets asan
  ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-19/bin/llvm-symbolizer UBSAN_OPTIONS=print_stacktrace=1 GTEST_OUTPUT="xml:$out/" \
    step "Tests: $label" ctest --test-dir build/asan --label-regex "^$label\$" --parallel "$(nproc)" --no-tests=error \
    --output-on-failure --output-junit "$out/$summary" || true
}

test_unit() {
  install_packages "${packages_build[@]}"
  run_ctest unit
  install_npm console
  step 'Tests: console' env -C console npm test -- --run --reporter=default --reporter=junit \
    --outputFile.junit="$root/build/test/unit/console.xml" || status=1
}

test_pg() {
  install_packages "${packages_build[@]}" "${packages_database[@]}"
  run_ctest pg
}

# The suites in tests/PART/*.test.{mjs,ts}, under Node's own runner; each starts the real binary on a port of its own.
run_node_suite() {
  local part=$1 files
  build_targets asan gatehouse
  build_console
  install_npm tests
  mapfile -t files < <(find "tests/$part" -name node_modules -prune -o \( -name '*.test.mjs' -o -name '*.test.ts' \) -print | sort)
  ((${#files[@]})) || return 0
  GATEHOUSE_BINARY=$root/build/asan/gatehouse GATEHOUSE_CONSOLE=$root/console/dist \
    ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-19/bin/llvm-symbolizer UBSAN_OPTIONS=print_stacktrace=1 \
    step "Tests: $part" env -C tests node --test --test-concurrency=1 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=junit --test-reporter-destination="$root/build/test/$part/node.xml" "${files[@]#tests/}" || status=1
}

test_api() {
  install_packages "${packages_build[@]}" "${packages_database[@]}"
  run_node_suite api
}

test_isolation() {
  install_packages "${packages_build[@]}" "${packages_database[@]}"
  run_ctest isolation
}

test_chaos() {
  install_packages "${packages_build[@]}" "${packages_database[@]}"
  run_node_suite chaos
}

# A program is one test.
test_fuzz() {
  install_packages "${packages_build[@]}"
  run_ctest fuzz programs.xml
}

test_e2e() {
  install_packages "${packages_build[@]}" "${packages_database[@]}" "${packages_browser[@]}"
  GATEHOUSE_CHROMIUM=$(command -v chromium || echo /usr/bin/chromium)
  export GATEHOUSE_CHROMIUM
  run_node_suite e2e
}

# One part in a shell of its own, so that a failure in it (a build, an install) ends that part alone.
# Prints "PASSED FAILED" as its last line on standard output.
run_part() (
  local part=$1 passed=0 failed=0 status=0
  rm -rf "build/test/$part"
  mkdir -p "build/test/$part"
  "test_$part" 1>&2
  if [[ $part != lint ]]; then
    install_node 1>&2
    read -r passed failed < <(node scripts/count-tests.mjs "build/test/$part")
  fi
  # A runner that fails though every test passed, or a part with nothing in it, is a failure of its own.
  if ((status != 0 && failed == 0)) || ((passed + failed == 0)); then failed=$((failed + 1)); fi
  echo "$passed $failed"
)

dev_test() {
  local part parts=("$@") passed failed all_passed=0 all_failed=0 started summary=()
  ((${#parts[@]})) || parts=("${test_parts[@]}")
  for part in "${parts[@]}"; do
    [[ " ${test_parts[*]} " == *" $part "* ]] || fail "no such part: $part (there are: ${test_parts[*]})"
  done
  for part in "${parts[@]}"; do
    started=$SECONDS passed=0 failed=0
    read -r passed failed < <(run_part "$part" | tail -n 1) || true
    [[ $failed =~ ^[0-9]+$ ]] || passed=0 failed=1
    summary+=("$(printf '%-10s %5d passed, %d failed  (%d s)' "$part" "$passed" "$failed" $((SECONDS - started)))")
    say "${summary[-1]}"
    all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed))
  done
  ((${#parts[@]} == 1)) || printf '%s\n' '' "${summary[@]}"
  echo "$all_passed passed, $all_failed failed"
  ((all_failed == 0))
}
