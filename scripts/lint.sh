# shellcheck shell=bash
# The checks of ./dev lint, each a step with its own log; ./dev test counts each as one test.

lint_format() { cpp_sources | xargs -0 -r clang-format-19 --dry-run -Werror; }
lint_tidy() { node scripts/lint/tidy.mjs build/asan; }
lint_layers() { node scripts/lint/layers.mjs .; }
lint_files() { node scripts/lint/files.mjs .; }
lint_rules() { node --test tests/lint/*.test.mjs; }
lint_shell() { shellcheck --external-sources --check-sourced dev .ci/run scripts/apt-install.sh; }
lint_console() { env -C console npm run lint; }
# eslint_programs [OPTION…]: what Node runs outside of the console, by the console's linter.
eslint_programs() {
  console/node_modules/.bin/eslint --config console/eslint.programs.config.js --max-warnings 0 "$@" tests bench scripts
}

# lint_check TITLE COMMAND…
lint_check() {
  if step "Lint: $1" "${@:2}"; then lint_passed=$((lint_passed + 1)); else lint_failed=$((lint_failed + 1)); fi
}

run_lint() {
  lint_passed=0 lint_failed=0
  install_packages "${packages_build[@]}" "${packages_lint[@]}"
  install_node
  lint_check 'the rules themselves' lint_rules
  lint_check 'layers' lint_layers
  lint_check 'files' lint_files
  lint_check 'shell scripts' lint_shell
  lint_check 'clang-format' lint_format
  install_npm console
  lint_check 'console' lint_console
  lint_check 'programs of Node' eslint_programs
  # clang-tidy reads the compile commands and the precompiled header of the build that the tests use.
  build_targets asan gatehouse_pch
  lint_check 'clang-tidy' lint_tidy
}

dev_lint() {
  run_lint
  say "lint: $lint_passed checks passed, $lint_failed failed"
  ((lint_failed == 0))
}
