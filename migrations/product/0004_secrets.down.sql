drop table person_keys;
drop table organization_keys;
