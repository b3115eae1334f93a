-- Whose domain it is: one organization's of the whole installation. Keyed hashes, no names.
create table verified_domains (
  domain_hash     bytea primary key check (octet_length(domain_hash) = 32),
  organization_id uuid not null references directory (organization_id) on delete cascade,
  region          region_enum not null,
  verified_at     timestamptz not null default now()
);
create index verified_domains_organization on verified_domains (organization_id);
grant select, insert, delete on verified_domains to gatehouse_platform;
grant select on verified_domains to gatehouse_backup;
