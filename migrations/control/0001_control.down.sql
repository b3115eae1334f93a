drop table operator_sessions;
drop table operators;
drop table email_regions;
drop table directory;
drop table plans;
drop type region_enum;
revoke usage on schema public from gatehouse_platform, gatehouse_backup;
grant usage on schema public to public;
