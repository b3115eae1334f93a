drop table operator_sessions;
drop table operators;
drop table email_regions;
drop table directory;
drop table plans;
drop type region_enum;
revoke select on schema_migrations from gatehouse_backup;
revoke usage on schema public from gatehouse_platform, gatehouse_backup;
grant usage on schema public to public;
