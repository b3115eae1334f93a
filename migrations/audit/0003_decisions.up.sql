-- What policies decided, by day, from the index alone: model calls are a part of the events, and a row is over a kilobyte.
create index audit_events_decisions on audit_events (org_id, sealed_at)
  include (decision, workspace_id, actor_type, actor_id)
  where decision is not null and action <> 'policy.evaluate';
