drop table sign_up_claims, operator_second_factors;
alter table operator_sessions drop column second_factor_at, drop column method;
