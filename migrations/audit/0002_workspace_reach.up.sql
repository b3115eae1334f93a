-- An Auditor of one workspace reads that workspace's events.
create function current_workspace() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.workspace_id', true), '')::uuid;
grant execute on function current_workspace() to gatehouse_app;

alter policy app_read on audit_events
  using (org_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or ((select current_reach()) in ('workspace', 'workspaces') and workspace_id = (select current_workspace()))
              or (actor_type = 'user' and actor_id = (select current_user_id()))));
