// What the wire's words are called for people.
import type { TFunction } from 'i18next';
import type { GovernanceRole, RoleCode, Visibility, WorkspacePerson } from '@/api/types';

export const roleCodes: readonly RoleCode[] = ['OA', 'WM', 'UR'];
export const governanceRoles: readonly GovernanceRole[] = ['WorkspaceAdmin', 'Operator', 'Approver', 'Auditor', 'IntegrationAdmin'];
export const visibilities: readonly Visibility[] = ['public', 'organization', 'team', 'private'];
export const rolesInWorkspace: readonly WorkspacePerson['role_in_workspace'][] = ['owner', 'admin', 'member'];

export const roleName = (t: TFunction, role: RoleCode) => t(`roles.${role}`);
export const governanceName = (t: TFunction, role: GovernanceRole) => t(`governance.${role}`);
export const visibilityName = (t: TFunction, visibility: Visibility) => t(`workspaces.visibility_${visibility}`);
