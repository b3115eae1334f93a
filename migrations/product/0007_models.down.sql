drop procedure ensure_partitions(int);
drop table metering_events;
drop table model_calls;
drop table models;
drop table provider_keys;
drop table providers;
