drop index audit_events_decisions;
