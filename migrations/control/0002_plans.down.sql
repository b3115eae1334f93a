revoke delete on directory from gatehouse_platform;
drop index directory_reserved;
drop index directory_request;
drop index directory_plan;
alter table directory drop column plan_id, drop column request_key, drop column request_hash;
drop trigger note_change on plans;
drop function note_plan_change();
alter table plans
  drop constraint plans_name_length, drop constraint plans_slug_form, drop constraint plans_max_tenants_range,
  drop constraint plans_max_requests_range, drop constraint plans_features_object, drop column version;
