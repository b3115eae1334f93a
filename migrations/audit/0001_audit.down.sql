-- Dropping the tables is the one way out of append-only, and the owner's alone.
drop table audit_events, audit_head, audit_chain_heads;
drop function refuse_change(), refuse_going_back(), current_organization();
alter default privileges grant execute on functions to public;
revoke usage on schema public from gatehouse_app, gatehouse_platform, gatehouse_audit, gatehouse_backup;
grant usage on schema public to public;
