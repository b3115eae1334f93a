#!/bin/bash
# Run once by the compose file's PostgreSQL, as its superuser: the roles with their passwords, the databases.
set -euo pipefail
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --file /gatehouse/roles.sql
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 \
  --set owner="$GATEHOUSE_OWNER_PASSWORD" --set app="$GATEHOUSE_APP_PASSWORD" \
  --set platform="$GATEHOUSE_PLATFORM_PASSWORD" --set audit="$GATEHOUSE_AUDIT_PASSWORD" \
  --set backup="$GATEHOUSE_BACKUP_PASSWORD" <<'SQL'
alter role gatehouse_owner password :'owner';
alter role gatehouse_app password :'app';
alter role gatehouse_platform password :'platform';
alter role gatehouse_audit password :'audit';
alter role gatehouse_backup password :'backup';
create database gatehouse_control owner gatehouse_owner;
create database gatehouse_us owner gatehouse_owner;
create database gatehouse_us_audit owner gatehouse_owner;
SQL
