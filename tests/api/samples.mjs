// What each operation needs beyond ids in its path to succeed. An operation that takes a body, needs a query parameter or
// a header and stands not here fails the tests, and so does an entry without an operation.
//
//   body, query, headers   values, or functions of {actor, ids, demo}
//   status                 when it is not the documented one
//   events                 [action, outcome] of each event, when it is not one success of the documented action by the caller
//   spends                 the call ends or replaces the caller's session, so it is made from a session of its own
import { randomUUID } from 'node:crypto';
import { IdentityProvider } from '../harness/identity-provider.mjs';
import { until } from '../harness/until.mjs';

const rule = () => ({
  name: `Sample ${randomUUID()}`, outcome: 'warn', message: 'Sample',
  condition: { phrases: { texts: [`sample-${randomUUID()}`] } },
});
const provider = () => ({
  name: `sample-${randomUUID().slice(0, 8)}`, base_url: 'http://127.0.0.1:9/v1', api_key: 'sample-provider-key',
  models: [{ name: 'sample' }],
});
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
const message = () => ({
  id: randomUUID(), trigger: 'submit-message',
  messages: [{ id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'A sample' }] }],
});

async function group({ demo, organization }) {
  const id = randomUUID();
  await demo.databases.rows(organization.region, 'insert into groups (organization_id, id, name) values ($1, $2, $3)', [organization.id, id, id]);
  await demo.databases.rows(organization.region,
    'insert into group_members (organization_id, group_id, user_id) select $1, $2, user_id from memberships where organization_id = $1', [organization.id, id]);
  return id;
}
/** A grant on a chat of one's own, if one may have any, to an administrator; of the organization with one person to a group. */
async function chatGrant(actor) {
  const chat = await actor.post('/api/chats', { model: 'demo/echo' });
  const grant = { resource_kind: 'CHT', resource_id: chat.status === 201 ? chat.json().id : randomUUID(), action: 'REA' };
  if (actor.organization?.slug === 'borealis') return { ...grant, created_for_group_id: await group(actor) };
  return { ...grant, created_for_email: actor.me?.user.email === 'admin@acme.test' ? 'user@acme.test' : 'admin@acme.test' };
}

export const samples = {
  'POST /api/auth/sign-in': {
    body: ({ actor, demo }) => {
      const { email, password } = demo.account(actor.me?.user.email ?? 'user@acme.test');
      return { email, password };
    },
    spends: true,
  },
  'POST /api/auth/sign-out': { spends: true },
  'POST /api/auth/token': {},
  'POST /api/auth/sso/start': { body: { email: 'somebody@example.test' }, events: [] },
  'GET /api/auth/sso/{provider_address}/start': { events: [] },
  // Nobody left for anywhere.
  'GET /api/auth/sso/callback': { events: [['session.create', 'failed']] },
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
  'POST /v1/chat/completions': { body: { model: 'demo/echo', messages: [{ role: 'user', content: 'A sample' }] } },
};

/** How to make what an id in a path names. `personal`: its owner's alone, unless a permission reaches the organization. */
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
  grant_id: {
    personal: true,
    make: async (actor) => (await actor.expect(201, 'POST', '/api/grants', { body: await chatGrant(actor) })).id,
  },
  rule_id: { make: async (_, admin) => (await admin.expect(201, 'POST', '/api/policies', { body: rule() })).id },
  model: {
    make: async (_, admin) => {
      const { name, models } = await admin.expect(201, 'POST', '/api/providers', { body: provider() });
      const known = async () => (await admin.expect(200, 'GET', '/v1/models')).data.find((each) => each.id === models[0].name);
      return (await until(known, { within: 5000, what: `a model of ${name}` })).id;
    },
  },
  provider_id: { make: async (_, admin) => (await admin.expect(201, 'POST', '/api/providers', { body: provider() })).id },
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
