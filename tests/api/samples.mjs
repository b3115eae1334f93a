// What each operation needs beyond ids in its path to succeed. An operation that takes a body, needs a query parameter or
// a header and stands not here fails the tests, and so does an entry without an operation.
//
//   body, query, headers   values, or functions of {actor, ids, demo}
//   status                 when it is not the documented one
//   events                 [action, outcome] of each event, when it is not one success of the documented action by the caller
//   spends                 the call ends or replaces the caller's session, so it is made from a session of its own
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Directory } from '../harness/directory.mjs';
import { IdentityProvider } from '../harness/identity-provider.mjs';
import { untilAll } from '../harness/until.mjs';

const rule = () => ({
  name: `Sample ${randomUUID()}`, outcome: 'warn', message: 'Sample',
  condition: { phrases: { texts: [`sample-${randomUUID()}`] } },
});
const provider = () => ({
  name: `sample-${randomUUID().slice(0, 8)}`, base_url: 'http://127.0.0.1:9/v1', api_key: 'sample-provider-key',
  models: [{ name: 'sample' }],
});
const plan = () => {
  const slug = `sample-${randomUUID().slice(0, 13)}`;
  return { name: `Sample ${slug}`, slug };
};
const operator = (demo) => demo.as('operator@gatehouse.test');
const tenant = async ({ demo }) => {
  const { data } = await (await operator(demo)).expect(200, 'GET', '/api/core/plans');
  const slug = `sample-${randomUUID().slice(0, 13)}`;
  return { name: 'Sample', slug, owner_email: `owner@${slug}.test`, plan_id: data.find((each) => each.slug === 'pro').id, region: 'eu' };
};
/** An identity provider that is there as long as the tests are. */
let running;
const identityProvider = async () => {
  running ??= IdentityProvider.start();
  const provider = await running;
  provider.server.unref();
  return provider;
};
const organizationsProvider = async () => {
  const { issuer, clientId, clientSecret } = await identityProvider();
  return { name: `Sample ${randomUUID()}`, issuer, client_id: clientId, client_secret: clientSecret };
};
const newProvider = async (admin) => admin.expect(201, 'POST', '/api/identity-providers', { body: await organizationsProvider() });
const adminOf = (actor, demo) => demo.as(actor.organization?.slug === 'borealis' ? 'admin@borealis.test' : 'admin@acme.test');
const everywhere = async (demo, sql, values) => {
  for (const region of ['us', 'eu']) await demo.databases.rows(region, sql, values);
};
const asRead = { 'if-match': '"1"' };
const adminFor = (actor) => actor.demo.as(actor.organization?.slug === 'borealis' ? 'admin@borealis.test' : 'admin@acme.test');
// What a body names is made only for those whose call gets that far: refused calls change nothing.
const may = (actor, permission) => Boolean(actor.me?.permissions.includes(permission));
const workspaceOf = async (person) => (await (await adminFor(person)).expect(201, 'POST', '/api/workspaces', {
  body: { name: `Sample ${randomUUID().slice(0, 8)}`, visibility: 'private', owner_user_id: person.me.user.id },
})).id;
const invitation = async (admin, body = {}) =>
  admin.expect(201, 'POST', '/api/invitations', { body: { max_uses: 5, ...body } });
/** A person of the organization whom nothing else is about. */
async function newcomer(admin) {
  const email = `sample-${randomUUID()}@people.test`;
  const { code } = await invitation(admin);
  const body = { code, email, name: 'Sample Person', password: 'a long enough password' };
  await admin.demo.nobody().expect(201, 'POST', '/api/invitations/accept', { body });
  const { data } = await admin.expect(200, 'GET', `/api/members?q=${email}`);
  return data[0].user_id;
}
/** A call by the same person before the one that is looked at; what comes of it shows there. */
const after = (method, path) => async ({ actor, ids }) => {
  await actor.send(method, path(ids), { body: {} });
  return {};
};
const message = () => ({
  id: randomUUID(), trigger: 'submit-message',
  messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'A sample' }] }],
});

async function group({ demo, organization }) {
  const id = randomUUID();
  await demo.databases.rows(organization.region, 'insert into groups (organization_id, id, name) values ($1, $2, $3)', [organization.id, id, id]);
  await demo.databases.rows(organization.region,
    'insert into group_members (organization_id, group_id, user_id) select $1, $2, user_id from memberships where organization_id = $1 and is_active', [organization.id, id]);
  return id;
}
/** A grant on a chat of one's own, if one may have any, to an administrator; of the organization with one person to a group. */
async function chatGrant(actor) {
  const chat = await actor.post('/api/chats', { model: 'demo/echo' });
  const grant = { resource_kind: 'CHT', resource_id: chat.status === 201 ? chat.json().id : randomUUID(), action: 'REA' };
  if (actor.organization?.slug === 'borealis') return { ...grant, created_for_group_id: await group(actor) };
  return { ...grant, created_for_email: actor.me?.user.email === 'admin@acme.test' ? 'user@acme.test' : 'admin@acme.test' };
}

const serviceAccount = (admin) => admin.expect(201, 'POST', '/api/service-accounts', { body: { name: `Sample ${randomUUID()}`, permissions: ['models_read'] } });
/** A new certificate each time: an account takes one once. */
export function certificate() {
  const { status, stdout, stderr } = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=sample', '-keyout', '/dev/null'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const scimUser = (name) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: name });
const scimGroup = (name) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: name });
const scimPatch = (...operations) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations });
/** There is one: the one that is there ends before another is made. */
async function newScimToken(admin) {
  for (const { id } of (await admin.expect(200, 'GET', '/api/scim')).tokens) await admin.expect(204, 'DELETE', `/api/scim/tokens/${id}`);
  return (await admin.expect(201, 'POST', '/api/scim/tokens')).scim.tokens[0].id;
}

export const samples = {
  'POST /api/auth/sign-in': {
    body: ({ actor, demo }) => {
      const { email, password } = demo.account(actor.me?.user.email ?? 'user@acme.test');
      return { email, password };
    },
    spends: true,
  },
  'POST /api/auth/sign-in/second-factor': { body: { challenge: 'none', code: '000000' }, status: 401 },
  'POST /api/auth/sign-out': { spends: true },
  'PATCH /api/checklist': { body: { put_away: true } },
  // Not put in force, or the demo's accounts could not sign in any more; so the others find none to take a code of.
  'POST /api/auth/second-factor': { body: ({ actor, demo }) => ({ password: demo.account(actor.me?.user.email)?.password }) },
  'POST /api/auth/second-factor/confirm': {
    body: async ({ actor, demo }) => {
      await actor.post('/api/auth/second-factor', { password: demo.account(actor.me?.user.email)?.password });
      return { code: 'no code' };
    },
    status: 422,
  },
  'POST /api/auth/second-factor/verify': { body: { code: '000000' }, status: 422 },
  'POST /api/auth/second-factor/recovery-codes': { body: { code: '000000' }, status: 422 },
  'POST /api/auth/second-factor/disable': {
    body: ({ actor, demo }) => ({ password: demo.account(actor.me?.user.email)?.password, code: '000000' }),
    status: 422,
  },
  // A new password would end the sessions of the other tests.
  'POST /api/auth/password': { body: { current_password: 'not looked at', new_password: 'too short' }, status: 422 },
  'POST /api/auth/password/forgot': { body: () => ({ email: `${randomUUID()}@nowhere.test` }), events: [['password.forgot', 'success']] },
  'POST /api/auth/password/reset': { body: { token: 'none', password: 'orbital lantern quiet moss' }, status: 422 },
  'POST /api/members/{user_id}/password-reset': {},
  'POST /api/sign-up': {
    body: () => ({ email: `${randomUUID()}@nowhere.test`, name: 'Nobody Yet', password: 'orbital lantern quiet moss', region: 'us' }),
    events: [['sign_up.start', 'success']],
  },
  'POST /api/sign-up/confirm': { body: { sign_up: 'none', code: '000000' }, status: 422 },
  'POST /api/sign-up/organization': { body: { sign_up: 'none', name: 'None', slug: 'none' }, status: 422 },
  'POST /api/sign-up/join': { body: { sign_up: 'none' }, status: 422 },
  'GET /api/sign-up/organization': { query: { slug: 'no-such-organization' }, status: 404 },
  'POST /api/auth/token': {},
  'POST /api/auth/sso/start': { body: { email: 'somebody@example.test' }, events: [] },
  'GET /api/auth/sso/{provider_address}/start': { events: [] },
  // Nobody left for anywhere.
  'GET /api/auth/sso/callback/{provider_address}': { events: [['session.create', 'failed']] },
  'POST /api/auth/sso/backchannel-logout/{provider_address}': {
    body: async () => new URLSearchParams({ logout_token: (await identityProvider()).logoutToken({ sid: randomUUID() }) }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    events: [['session.revoke', 'success']],
  },
  'POST /api/auth/logins': {
    body: async ({ actor, demo }) => ({ identity_provider_id: actor.organization ? (await newProvider(await adminOf(actor, demo))).id : randomUUID() }),
    // An operator belongs to no organization.
    status: ({ actor }) => (actor.organization ? 200 : 404),
  },
  'POST /api/identity-providers': { body: organizationsProvider },
  'PATCH /api/identity-providers/{identity_provider_id}': { body: { jit: true }, headers: asRead },
  'POST /api/identity-providers/{identity_provider_id}/test': {},
  'POST /api/domains': { body: () => ({ domain: `${randomUUID()}.test` }) },
  // Of one that is proved already: no name server is asked.
  'POST /api/domains/{domain_id}/verify': {},
  'PATCH /api/auth/me': { body: { language: 'en' } },
  'POST /api/auth/switch': {
    // An operator belongs to no organization.
    body: ({ actor }) => ({ organization_id: actor.organization?.id ?? randomUUID() }),
    status: ({ actor }) => (actor.organization ? 200 : 403),
  },
  'POST /api/api-keys': { body: { name: 'Sample' } },
  'POST /api/providers': { body: provider },
  'PATCH /api/providers/{provider_id}': { body: { is_active: true }, headers: asRead },
  'DELETE /api/providers/{provider_id}': { headers: asRead },
  'POST /api/chats': { body: { model: 'demo/echo' } },
  'PATCH /api/chats/{chat_id}': { body: { is_pinned: true } },
  'POST /api/chats/{chat_id}/messages': { body: message },
  'POST /api/chats/{chat_id}/stop': {},
  'GET /api/chats/{chat_id}/stream': { status: 204 },
  'POST /api/grants': {
    body: ({ actor }) => chatGrant(actor),
  },
  'POST /api/grants/{grant_id}/revoke': { body: {} },
  'GET /api/access/explain': { query: { permission: 'chats_read' } },
  'POST /api/oauth/token': {
    body: async ({ demo }) => {
      const admin = await demo.as('admin@acme.test');
      const { id } = await serviceAccount(admin);
      const { client_id, client_secret } = await admin.expect(201, 'POST', `/api/service-accounts/${id}/secrets`, { body: {} });
      return new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret }).toString();
    },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  'POST /api/service-accounts': { body: () => ({ name: `Sample ${randomUUID()}`, permissions: ['models_read'] }) },
  'PATCH /api/service-accounts/{service_account_id}': { body: { description: 'Changed' }, headers: asRead },
  'POST /api/service-accounts/{service_account_id}/secrets': { body: {} },
  'POST /api/service-accounts/{service_account_id}/certificates': { body: () => ({ pem: certificate() }) },
  'POST /api/tenants/{organization_id}/test': { body: { stage: 'atendimento', message: 'A sample' } },
  'PUT /api/stages': {
    body: async ({ actor }) => {
      const stages = await actor.get('/api/stages');
      return { stage: 'cobranca', based_on: stages.status === 200 ? stages.json().data.find((each) => each.stage === 'cobranca').version : 1, config: { tone: 'friendly' } };
    },
  },
  'GET /api/stages/versions': { query: { stage: 'atendimento' } },
  'POST /api/policies': { body: rule },
  'PATCH /api/policies/{rule_id}': { body: { message: 'Changed' }, headers: asRead },
  'DELETE /api/policies/{rule_id}': { headers: asRead },
  'POST /api/policies/order': {
    body: async ({ actor, demo }) => {
      const admin = await demo.as(actor.organization?.slug === 'borealis' ? 'admin@borealis.test' : 'admin@acme.test');
      const { data } = await admin.expect(200, 'GET', '/api/policies');
      return { rule_ids: data.map((each) => each.id) };
    },
  },
  'POST /api/policies/evaluate': { body: { text: 'A sample' } },
  'POST /api/audit/verify': {},
  'GET /api/audit/export': { query: { format: 'jsonl' } },
  'POST /api/core/plans': { body: plan },
  'PATCH /api/core/plans/{plan_id}': { body: { name: 'Changed' }, headers: asRead },
  'POST /api/core/tenants': { body: tenant, events: [['tenant.create', 'success']] },
  'PATCH /api/core/tenants/{tenant_id}': { body: { name: 'Changed' } },
  'PATCH /api/core/tenants/{tenant_id}/status': { body: { status: 'suspended' } },
  'POST /api/core/tenants/{tenant_id}/secret': { body: {} },
  'PATCH /api/organization': {
    body: { profile: { industry: 'Manufacturing' } },
    headers: async ({ actor }) => ({ 'if-match': (await actor.get('/api/organization')).headers.etag ?? '"1"' }),
  },
  'POST /api/workspaces': { body: { name: 'Sample' } },
  'PATCH /api/workspaces/{workspace_id}': { body: { description: 'Changed' }, headers: asRead },
  'POST /api/workspaces/{workspace_id}/join': {},
  'POST /api/workspaces/{workspace_id}/leave': {},
  'PUT /api/workspaces/{workspace_id}/people/{user_id}': { body: { role_in_workspace: 'member' } },
  'DELETE /api/workspaces/{workspace_id}/people/{user_id}': {
    headers: after('PUT', (ids) => `/api/workspaces/${ids.workspace_id}/people/${ids.user_id}`),
  },
  'PATCH /api/members/{user_id}': { body: { profile: { job_title: 'Engineer' } } },
  'GET /api/profile': { status: ({ actor }) => (actor.organization ? 200 : 404) },
  'PATCH /api/profile': { body: { profile: { job_title: 'Engineer' } }, status: ({ actor }) => (actor.organization ? 200 : 404) },
  'POST /api/groups': { body: () => ({ name: `Sample ${randomUUID()}` }) },
  'PATCH /api/groups/{group_id}': { body: { description: 'Changed' } },
  'PUT /api/groups/{group_id}/members/{user_id}': {},
  'DELETE /api/groups/{group_id}/members/{user_id}': {
    headers: after('PUT', (ids) => `/api/groups/${ids.group_id}/members/${ids.user_id}`),
  },
  'POST /api/role-assignments': {
    body: async ({ actor }) => ({
      role: 'Operator', user_id: actor.me?.user.id ?? randomUUID(),
      workspace_id: may(actor, 'roles_manage') ? await workspaceOf(actor) : randomUUID(),
    }),
  },
  'POST /api/invitations': {
    body: async ({ actor }) => ({
      workspaces: [{ workspace_id: may(actor, 'invitations_manage') ? await workspaceOf(actor) : randomUUID() }],
    }),
  },
  'POST /api/invitations/preview': { body: async ({ actor }) => ({ code: (await invitation(await adminFor(actor))).code }) },
  'POST /api/invitations/accept': {
    body: async ({ actor }) => ({
      code: (await invitation(await adminFor(actor))).code,
      email: `sample-${randomUUID()}@people.test`, name: 'Sample Person', password: 'a long enough password',
    }),
  },
  'POST /api/invitations/join': {
    body: async ({ actor }) => {
      if (!actor.organization) return { code: 'none' };
      const admin = await adminFor(actor);
      const workspace = await workspaceOf(await actor.demo.as(actor.organization.slug === 'acme' ? 'manager@acme.test' : 'admin@borealis.test'));
      if (actor.me.user.email !== 'user@acme.test') await admin.send('DELETE', `/api/workspaces/${workspace}/people/${actor.me.user.id}`);
      return { code: (await invitation(admin, { workspaces: [{ workspace_id: workspace }] })).code };
    },
    status: ({ actor }) => (actor.organization ? 200 : 403),
  },
  'POST /api/scim/tokens': {
    headers: async ({ actor }) => {
      if (!may(actor, 'scim_manage')) return {};
      for (const { id } of (await actor.expect(200, 'GET', '/api/scim')).tokens) await actor.expect(204, 'DELETE', `/api/scim/tokens/${id}`);
      return {};
    },
  },
  'POST /api/scim/tokens/rotate': {
    body: async ({ actor }) => {
      if (may(actor, 'scim_manage')) await newScimToken(actor);
      return {};
    },
  },
  // No role opens these: a directory does.
  'POST /scim/v2/Users': { body: () => scimUser(`sample-${randomUUID().slice(0, 13)}@directory.test`) },
  'PUT /scim/v2/Users/{user_id}': {
    body: async ({ actor, ids }) => scimUser(actor instanceof Directory ? (await actor.scim(200, 'GET', `/Users/${ids.user_id}`)).userName : 'sample@acme.test'),
  },
  'PATCH /scim/v2/Users/{user_id}': { body: scimPatch({ op: 'replace', path: 'active', value: false }) },
  'POST /scim/v2/Groups': { body: () => scimGroup(`Sample ${randomUUID()}`) },
  'PUT /scim/v2/Groups/{group_id}': { body: () => scimGroup(`Sample ${randomUUID()}`) },
  'PATCH /scim/v2/Groups/{group_id}': { body: () => scimPatch({ op: 'replace', path: 'externalId', value: randomUUID() }) },
  'POST /v1/chat/completions': { body: { model: 'demo/echo', messages: [{ role: 'user', content: 'A sample' }] } },
};

/** How to make what an id in a path names. `personal`: its owner's alone, unless a permission reaches the organization. `platform`: no organization's; every operator's. */
export const resources = {
  chat_id: {
    personal: true,
    make: async (actor) => (await actor.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo' } })).id,
  },
  api_key_id: {
    personal: true,
    make: async (actor) => (await actor.expect(201, 'POST', '/api/api-keys', { body: { name: 'Sample' } })).api_key.id,
  },
  session_id: {
    personal: true,
    make: async (actor) => (await actor.demo.signIn(actor.me.user.email)).me.session_id,
  },
  organization_id: { make: async (actor) => actor.organization?.id ?? randomUUID() },
  grant_id: {
    personal: true,
    make: async (actor) => (await actor.expect(201, 'POST', '/api/grants', { body: await chatGrant(actor) })).id,
  },
  service_account_id: { make: async (_, admin) => (await serviceAccount(admin)).id },
  secret_id: { make: async (_, admin, { service_account_id: id }) => (await admin.expect(201, 'POST', `/api/service-accounts/${id}/secrets`, { body: {} })).service_account.secrets[0].id },
  certificate_id: { make: async (_, admin, { service_account_id: id }) => (await admin.expect(201, 'POST', `/api/service-accounts/${id}/certificates`, { body: { pem: certificate() } })).certificates[0].id },
  workspace_id: { personal: true, make: workspaceOf },
  user_id: { make: async (_, admin) => newcomer(admin) },
  group_id: { make: async (_, admin) => (await admin.expect(201, 'POST', '/api/groups', { body: { name: `Sample ${randomUUID()}` } })).id },
  assignment_id: {
    personal: true,
    make: async (person, admin) => (await admin.expect(201, 'POST', '/api/role-assignments', {
      body: { role: 'Operator', user_id: person.me.user.id, workspace_id: await workspaceOf(person) },
    })).id,
  },
  invitation_id: {
    personal: true,
    make: async (person, admin) => (await invitation(admin, { workspaces: [{ workspace_id: await workspaceOf(person) }] })).invitation.id,
  },
  rule_id: { make: async (_, admin) => (await admin.expect(201, 'POST', '/api/policies', { body: rule() })).id },
  model: {
    make: async (_, admin) => {
      const { name, models } = await admin.expect(201, 'POST', '/api/providers', { body: provider() });
      const id = models[0].name;
      const known = async () => (await admin.expect(200, 'GET', '/v1/models')).data.some((each) => each.id === id);
      await untilAll(known, { within: 5000, what: `a model of ${name}` });
      return id;
    },
  },
  provider_id: { make: async (_, admin) => (await admin.expect(201, 'POST', '/api/providers', { body: provider() })).id },
  plan_id: { platform: true, make: async ({ demo }) => (await (await operator(demo)).expect(201, 'POST', '/api/core/plans', { body: plan() })).id },
  tenant_id: { platform: true, make: async (actor) => (await (await operator(actor.demo)).expect(201, 'POST', '/api/core/tenants', { body: await tenant(actor) })).tenant.id },
  identity_provider_id: { make: async (_, admin) => (await newProvider(admin)).id },
  // Called by people who are not signed in, and by the provider.
  provider_address: { open: true, make: async (_, admin) => new URL((await newProvider(admin)).start_url).pathname.split('/').at(-2) },
  test_id: {
    personal: true,
    make: async (actor, admin) => (await admin.expect(200, 'POST', `/api/identity-providers/${(await newProvider(admin)).id}/test`)).test_id,
  },
  domain_id: {
    make: async (_, admin) => {
      const { id } = await admin.expect(201, 'POST', '/api/domains', { body: { domain: `${randomUUID()}.test` } });
      await everywhere(admin.demo, 'update organization_domains set verified_at = now() where id = $1 returning id', [id]);
      return id;
    },
  },
  login_id: {
    personal: true,
    make: async (actor) => {
      const id = randomUUID();
      await everywhere(
        actor.demo,
        `insert into external_identities (organization_id, id, issuer, subject, user_id)
           select organization_id, $2::text::uuid, 'https://idp.test', $2::text, user_id from memberships where organization_id = $1 and user_id = $3 returning id`,
        [actor.organization.id, id, actor.me.user.id]);
      return id;
    },
  },
  scim_token_id: { make: async (_, admin) => newScimToken(admin) },
  // Of resource types and schemas, which are the same for all.
  resource_type: { open: true, make: async () => 'User' },
  schema_id: { open: true, make: async () => 'urn:ietf:params:scim:schemas:core:2.0:User' },
  event_id: { make: async (_, admin) => (await admin.expect(200, 'GET', '/api/audit/events?limit=1')).data[0].id },
};

/** Why there can be no call of this operation, or null. */
export function missing(operation) {
  const needed = operation.parameters.filter((parameter) => parameter.required && parameter.in !== 'path').map((parameter) => parameter.name);
  const known = samples[operation.name];
  if (!known && (operation.takesBody || needed.length || !['GET', 'DELETE'].includes(operation.method)))
    return 'it has no entry in samples.mjs';
  const unknown = operation.ids.filter((id) => !resources[id]);
  return unknown.length ? `nothing in samples.mjs makes a ${unknown.join(', ')}` : null;
}

const resolved = (value, context) => (typeof value === 'function' ? value(context) : value);

/** The call that should succeed for `actor` when the path names `ids`: {path, options, status}. */
export async function callOf(operation, actor, ids = {}) {
  const sample = samples[operation.name] ?? {};
  const context = { actor, ids, demo: actor.demo };
  const query = new URLSearchParams(await resolved(sample.query, context)).toString();
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(ids[name]));
  return {
    path: query ? `${path}?${query}` : path,
    options: { body: await resolved(sample.body, context), headers: await resolved(sample.headers, context) },
    status: resolved(sample.status, context) ?? operation.success,
  };
}

export const spends = (operation) => Boolean(samples[operation.name]?.spends);
