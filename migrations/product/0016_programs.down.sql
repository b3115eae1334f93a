drop table request_signatures;
drop table service_account_certificates;
drop table service_account_secrets;
drop table service_accounts;
drop function audited_accounts();
alter table api_keys drop column allowed_addresses, drop column permissions;
