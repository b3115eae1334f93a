drop index memberships_invitation;
alter table memberships drop constraint memberships_invitation;
drop policy tenant on invitation_workspaces;
drop policy tenant_update on invitations;
drop policy tenant_read on invitations;
drop function invitations_in_reach();
drop table invitation_workspaces;
drop table invitations;
drop function audited_invitations();
