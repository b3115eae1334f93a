#!/usr/bin/env bash
# Run as root by scripts/packages.sh: installs packages without starting any service of theirs.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

# Gatehouse starts its own private cluster; Debian's would sit on port 5432 unused.
cluster_config=/etc/postgresql-common/createcluster.conf
if [[ " $* " == *" postgresql"* && ! -e $cluster_config ]]; then
  mkdir -p "${cluster_config%/*}"
  echo 'create_main_cluster = false' >"$cluster_config"
fi

# invoke-rc.d asks this file before it starts a service (nginx serves the benchmarks only).
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi

wait_for_lock=(-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
apt-get "${wait_for_lock[@]}" update || echo 'Some package lists could not be read; going on with those at hand.'
apt-get "${wait_for_lock[@]}" install --yes --no-install-recommends "$@"

# Nor at the next boot.
if [[ " $* " == *" nginx-light "* ]]; then
  update-rc.d nginx disable
fi
