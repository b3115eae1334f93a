-- The dashboard: usage by the reach of who looks, and a checklist that each person can put away.

-- The workspace that the call is made in, for those whose reach ends there; of metering_events it is so already.
alter policy tenant_read on usage_snapshots
  using (organization_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or ((select current_reach()) = 'workspace' and workspace_id = (select current_workspace()))));
-- One's own thirty days: the sums do not tell people apart.
create index metering_events_actor on metering_events (organization_id, actor_id, created_at);

alter table memberships add column checklist_put_away boolean not null default false;
grant update (checklist_put_away) on memberships to gatehouse_app;
