revoke delete on external_identities from gatehouse_platform;
drop function begin_anew(uuid, text, boolean);
drop trigger forget_proof on users;
drop function forget_proof();
drop table mail_outbox, password_resets, second_factors;
drop trigger bump_second_factor on sessions;
alter table sessions drop column second_factor_at, drop column method;
alter table users drop column email_confirmed_at;
