-- Dropping the tables is the one way out of append-only, and the owner's alone.
drop table audit_events, audit_head, audit_chain_heads;
drop function refuse_change(), refuse_going_back(), current_organization(), current_user_id(), current_reach();
alter default privileges grant execute on functions to public;
revoke select on schema_migrations from gatehouse_backup;
revoke usage on schema public from gatehouse_app, gatehouse_platform, gatehouse_audit, gatehouse_backup;
grant usage on schema public to public;
