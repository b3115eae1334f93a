drop table policy_rules;
