// Short names for the shapes on the wire, read off the operations so that they hold whatever the document calls them.
import type { paths } from './schema';

type Body<T> = T extends { content: { 'application/json': infer J } } ? J : never;
type Answer<P extends keyof paths, M extends 'get' | 'post' | 'patch', S extends number = 200> = paths[P][M] extends {
  responses: infer R;
}
  ? S extends keyof R
    ? Body<R[S]>
    : never
  : never;
type Item<T> = T extends { data: (infer I)[] } ? I : never;
type Sent<P extends keyof paths, M extends 'post' | 'patch'> = paths[P][M] extends { requestBody: infer B } ? Body<B> : never;

export type Me = Answer<'/api/auth/me', 'get'>;
export type Info = Answer<'/api/info', 'get'>;
export type StartedSignUp = Answer<'/api/sign-up', 'post', 201>;
export type Session = Item<Answer<'/api/auth/sessions', 'get'>>;
export type Member = Item<Answer<'/api/members', 'get'>>;
export type MemberDetail = Answer<'/api/members/{user_id}', 'get'>;
export type Organization = Answer<'/api/organization', 'get'>;
export type OrganizationSettings = NonNullable<Organization['settings']>;
export type SettingSources = NonNullable<Organization['setting_sources']>;
export type OrganizationChange = Sent<'/api/organization', 'patch'>;
export type WorkspaceChange = Sent<'/api/workspaces/{workspace_id}', 'patch'>;
export type Workspace = Item<Answer<'/api/workspaces', 'get'>>;
export type WorkspaceDetail = Answer<'/api/workspaces/{workspace_id}', 'get'>;
export type WorkspacePerson = Item<Answer<'/api/workspaces/{workspace_id}/people', 'get'>>;
export type Group = Item<Answer<'/api/groups', 'get'>>;
export type GroupMember = Item<Answer<'/api/groups/{group_id}/members', 'get'>>;
export type RoleAssignment = Item<Answer<'/api/role-assignments', 'get'>>;
export type RoleMatrix = Answer<'/api/roles/matrix', 'get'>;
export type Invitation = Item<Answer<'/api/invitations', 'get'>>;
export type OrganizationSession = Item<Answer<'/api/sessions', 'get'>>;
export type Visibility = Workspace['visibility'];
export type GovernanceRole = RoleAssignment['role'];
export type RoleCode = Member['role_code'];
export type Scim = Answer<'/api/scim', 'get'>;
export type ScimToken = Scim['tokens'][number];
export type ApiKey = Item<Answer<'/api/api-keys', 'get'>>;
export type Provider = Item<Answer<'/api/providers', 'get'>>;
export type ProviderDraft = Sent<'/api/providers', 'post'>;
export type Model = Item<Answer<'/api/models', 'get'>>;
export type Chat = Item<Answer<'/api/chats', 'get'>>;
export type ChatDetail = Answer<'/api/chats/{chat_id}', 'get'>;
export type Message = ChatDetail['messages'][number];
export type Decision = NonNullable<Message['decision']>;
export type Stamp = Decision['stamps'][number];
export type RuleMatch = Decision['rules'][number];
export type Rule = Item<Answer<'/api/policies', 'get'>>;
export type RuleDraft = Sent<'/api/policies', 'post'>;
export type Condition = Rule['condition'];
export type Outcome = Rule['outcome'];
export type Direction = Rule['directions'][number];
export type Evaluation = Answer<'/api/policies/evaluate', 'post'>;
export type Detector = Item<Answer<'/api/policies/detectors', 'get'>>;
export type AuditEvent = Item<Answer<'/api/audit/events', 'get'>>;
export type AuditRecord = Answer<'/api/audit/events/{event_id}', 'get'>;
export type Verification = Answer<'/api/audit/verify', 'post'>;
export type AuditOutcome = AuditEvent['outcome'];
export type Dashboard = Answer<'/api/dashboard', 'get'>;
export type Checklist = Answer<'/api/checklist', 'get'>;
export type Plan = Item<Answer<'/api/core/plans', 'get'>>;
export type Tenant = Item<Answer<'/api/core/tenants', 'get'>>;
export type TenantStatus = Tenant['status'];
export type TenantDetail = Answer<'/api/core/tenants/{tenant_id}', 'get'>;
export type CreatedTenant = Answer<'/api/core/tenants', 'post', 201>;
export type Permission = string;
export type Grant = Item<Answer<'/api/grants', 'get'>>;
export type GrantDraft = Sent<'/api/grants', 'post'>;
export type AclAction = Grant['action'];
export type Explanation = Answer<'/api/access/explain', 'get'>;
export type AccessReason = Explanation['reasons'][number];
export type ServiceAccount = Item<Answer<'/api/service-accounts', 'get'>>;
export type SignInWays = Answer<'/api/auth/sso/start', 'post'>;
export type OwnProfile = Answer<'/api/profile', 'get'>['profile'];
export type Logins = Answer<'/api/auth/logins', 'get'>;
export type IdentityProvider = Item<Answer<'/api/identity-providers', 'get'>>;
export type IdentityProviderDraft = Sent<'/api/identity-providers', 'post'>;
export type IdentityProviderPreset = Item<Answer<'/api/identity-provider-presets', 'get'>>;
export type ProviderTestStarted = Answer<'/api/identity-providers/{identity_provider_id}/test', 'post'>;
export type ProviderTest = Answer<'/api/identity-provider-tests/{test_id}', 'get'>;
export type Domain = Item<Answer<'/api/domains', 'get'>>;
export type StageVersion = Item<Answer<'/api/stages', 'get'>>;
export type Stage = StageVersion['stage'];
export type Execution = Item<Answer<'/api/simulator/executions', 'get'>>;
export type StageConfig = StageVersion['config'];
export type TurnReply = Answer<'/api/tenants/{organization_id}/test', 'post'>;
