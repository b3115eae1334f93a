drop table policy_hits;
drop table policy_rules;
