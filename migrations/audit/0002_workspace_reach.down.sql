alter policy app_read on audit_events
  using (org_id = (select current_organization())
         and ((select current_reach()) = 'organization'
              or (actor_type = 'user' and actor_id = (select current_user_id()))));
drop function current_workspace();
