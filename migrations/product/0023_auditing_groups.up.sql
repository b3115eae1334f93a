-- Who is Auditor by a group stays in it, and the group as it is, until another administrator changes that. A directory is
-- nobody in a group, and changes its own.
create function auditing_groups() returns uuid[] language plpgsql stable security definer
  set search_path = public, pg_temp as $$
begin
  return array(select group_id from role_assignments where organization_id = current_organization()
               and role = 'Auditor' and group_id = any (my_groups()));
end $$;
grant execute on function auditing_groups() to gatehouse_app;
create policy auditor_update on groups as restrictive for update to gatehouse_app
  using (organization_id = (select current_organization()) and id <> all ((select auditing_groups())::uuid[]))
  with check (organization_id = (select current_organization()) and id <> all ((select auditing_groups())::uuid[]));
create policy auditor_delete on groups as restrictive for delete to gatehouse_app
  using (organization_id = (select current_organization()) and id <> all ((select auditing_groups())::uuid[]));
create policy auditor_delete on group_members as restrictive for delete to gatehouse_app
  using (organization_id = (select current_organization())
         and (user_id = (select current_user_id()) and group_id = any ((select auditing_groups())::uuid[])) is not true);
