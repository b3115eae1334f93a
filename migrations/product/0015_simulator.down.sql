drop table execution_logs;
drop function refuse_logged_content();
drop table stage_configs;
drop type stage_enum;
