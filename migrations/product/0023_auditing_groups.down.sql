drop policy auditor_delete on group_members;
drop policy auditor_delete on groups;
drop policy auditor_update on groups;
drop function auditing_groups();
