alter table memberships drop column checklist_put_away;
drop index metering_events_actor;
alter policy tenant_read on usage_snapshots
  using (organization_id = (select current_organization()) and (select current_reach()) = 'organization');
