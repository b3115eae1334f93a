drop table verified_domains;
