drop table logout_tokens;
-- Without its origin such a session would speak for its person everywhere.
delete from sessions s using session_origins o
  where o.organization_id = s.organization_id and o.session_id = s.id;
drop table session_origins;
drop table sign_in_attempts;
drop table external_role_grants;
drop table external_workspace_grants;
drop trigger find_lost_groups on memberships;
drop function find_lost_groups();
drop table external_identities;
drop table organization_domains;
drop table identity_providers;
