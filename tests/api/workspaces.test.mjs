// The organization's settings and its workspaces: who knows them, who is in them, what is in force there, and their end.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { person } from '../harness/people.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const admin = await demo.as('admin@acme.test');
const manager = await demo.as('manager@acme.test');
const user = await demo.as('user@acme.test');
const within = 2500;

const make = (body = {}) => admin.expect(201, 'POST', '/api/workspaces', { body: { name: `Team ${randomUUID().slice(0, 8)}`, ...body } });
async function change(actor, path, body) {
  const read = await actor.get(path);
  return actor.patch(path, body, { headers: { 'if-match': read.headers.etag ?? '"1"' } });
}
const organization = (body) => change(admin, '/api/organization', body);
const letIn = (workspace, someone, role_in_workspace = 'member') =>
  admin.expect(200, 'PUT', `/api/workspaces/${workspace.id}/people/${someone.me.user.id}`, { body: { role_in_workspace } });
const png = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')}`;

test('an organization has a profile, branding and settings, and each change needs the version it was made on', async () => {
  const before = await admin.get('/api/organization');
  const body = { profile: { industry: 'Manufacturing', country: 'BR', timezone: 'America/Sao_Paulo' }, branding: { logo_url: png, primary_color: '#3498DB', secondary_color: '#2c3e50' } };
  const reply = await admin.patch('/api/organization', body, { headers: { 'if-match': before.headers.etag } });
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(reply.json().branding, { logo_url: png, primary_color: '#3498db', secondary_color: '#2c3e50' });
  assert.equal((await admin.patch('/api/organization', body, { headers: { 'if-match': before.headers.etag } })).status, 412);
  assert.equal((await admin.patch('/api/organization', body)).status, 428);
  const shown = (await user.get('/api/organization')).json();
  assert.deepEqual([shown.profile.industry, shown.settings], ['Manufacturing', null]);
});

for (const [what, body, pointer] of [
  ['a logo of another site', { branding: { logo_url: 'https://example.test/logo.png' } }, '/branding/logo_url'],
  ['a logo that is a drawing with scripts', { branding: { logo_url: 'data:image/svg+xml;base64,AAAA' } }, '/branding/logo_url'],
  ['a logo that is no base64', { branding: { logo_url: 'data:image/png;base64,%%' } }, '/branding/logo_url'],
  ['a colour that nobody sees on white', { branding: { primary_color: '#fefefe' } }, '/branding/primary_color'],
  ['a colour that nobody sees on black', { branding: { primary_color: '#101010' } }, '/branding/primary_color'],
  ['a country that is none', { profile: { country: 'br' } }, '/profile/country'],
  ['a domain that is none', { profile: { domain: 'not a domain' } }, '/profile/domain'],
  ['a setting that nobody knows', { settings: { unheard_of: 1 } }, '/settings/unheard_of'],
  ['a setting out of bounds', { settings: { auto_archive_chats_days: 0 } }, '/settings/auto_archive_chats_days'],
  ['a second factor for operators', { settings: { sign_in: { second_factor_roles: ['MS'] } } }, '/settings/sign_in/second_factor_roles'],
  ['no guests without a domain to tell them by', { settings: { allow_guests: false } }, '/settings/allow_guests'],
  ['another data mode without saying which organization', { data_mode: 'metadata_only' }, '/confirmation'],
])
  test(`an organization refuses ${what}`, async () => {
    const before = (await admin.get('/api/organization')).text;
    const reply = await organization(body);
    assert.equal(reply.status, 422, reply.text);
    assert.deepEqual(reply.json().errors.map((error) => error.pointer), [pointer]);
    assert.equal((await admin.get('/api/organization')).text, before);
  });

test('a profile of an older schema stays readable, an address of another site in it too', async () => {
  const borealis = await demo.as('admin@borealis.test');
  const old = { metadata: { schema_name: 'organization', schema_version: '1.0' }, size: 'Enterprise', branding: { logo_url: 'https://old.test/logo.png' } };
  await demo.databases.tamper('eu', 'update organizations set attributes = $2 where id = $1', [borealis.organization.id, old]);
  const shown = await borealis.expect(200, 'GET', '/api/organization');
  assert.deepEqual([shown.profile.size, shown.branding.logo_url], ['Enterprise', 'https://old.test/logo.png']);
  const reply = await change(borealis, '/api/organization', { profile: { size: 'Small' } });
  assert.equal(reply.status, 200, reply.text);
  const stored = await demo.databases.value('eu', 'select attributes from organizations where id = $1', [borealis.organization.id]);
  assert.deepEqual([stored.metadata.schema_version, stored.branding.logo_url], ['1.1', 'https://old.test/logo.png']);
});

test('the data mode changes by confirmation, within two seconds, and keeps what is stored', async () => {
  const borealis = await demo.as('admin@borealis.test');
  const wide = await change(borealis, '/api/organization', { data_mode: 'full_content', confirmation: 'borealis' });
  assert.equal(wide.status, 200, wide.text);
  const chat = await until(async () => {
    const reply = await borealis.post('/api/chats', { model: 'demo/echo', title: 'Kept' });
    return reply.status === 201 && reply.json().title === 'Kept' ? reply.json() : null;
  }, { within, what: 'content to be stored' });
  await change(borealis, '/api/organization', { data_mode: 'metadata_only', confirmation: 'borealis' });
  assert.equal((await borealis.expect(200, 'GET', `/api/chats/${chat.id}`)).chat.title, 'Kept');
  const { data } = await borealis.expect(200, 'GET', '/api/audit/events?action=organization.update&limit=1');
  assert.deepEqual((await borealis.expect(200, 'GET', `/api/audit/events/${data[0].id}`)).event.payload.data_mode, { from: 'full_content', to: 'metadata_only' });
});

test('settings are a workspace’s own, the organization’s, or the default, and say which', async () => {
  const workspace = await make({ settings: { retention: { content_days: 30 } } });
  const path = `/api/workspaces/${workspace.id}`;
  const tiers = [{ name: 'Expensive', minimum_cost_microdollars: 5_000_000, stamps: ['PII'], approvals: 2 }];
  assert.equal((await organization({ settings: { write_cap_per_hour: 100, approval_tiers: tiers, retention: { metadata_days: 400 } } })).status, 200);
  const { settings, setting_sources } = await admin.expect(200, 'GET', path);
  assert.deepEqual(settings, {
    data_mode: 'full_content', retention: { content_days: 30, metadata_days: 400 }, write_cap_per_hour: 100,
    approval_tiers: tiers, allow_guests: true, auto_archive_chats_days: null,
  });
  assert.deepEqual(setting_sources, {
    data_mode: 'organization', 'retention.content_days': 'own', 'retention.metadata_days': 'organization',
    write_cap_per_hour: 'organization', approval_tiers: 'organization', allow_guests: 'default', auto_archive_chats_days: 'default',
  });
  const changed = await change(admin, path, { settings: { retention: { content_days: null }, write_cap_per_hour: 5 } });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.json().settings.retention.content_days, changed.json().setting_sources.write_cap_per_hour], [null, 'own']);
  assert.deepEqual(await demo.databases.value('us', 'select settings from workspaces where id = $1', [workspace.id]), { write_cap_per_hour: 5 });
  await organization({ settings: { write_cap_per_hour: null, approval_tiers: null, retention: { metadata_days: null } } });
});

test('who administers a workspace keeps less there than the organization, never more', async () => {
  const workspace = await make({ owner_user_id: manager.me.user.id });
  const path = `/api/workspaces/${workspace.id}`;
  assert.equal((await change(manager, path, { settings: { data_mode: 'metadata_only' } })).status, 200);
  await organization({ data_mode: 'metadata_only', confirmation: 'acme' });
  assert.equal((await change(manager, path, { settings: { data_mode: 'full_content' } })).json().errors[0].pointer, '/settings/data_mode');
  await organization({ data_mode: 'full_content', confirmation: 'acme' });
  assert.equal((await change(manager, path, { parent_workspace_id: null })).status, 403);
});

test('visibility says who knows a workspace and who may come in', async () => {
  const above = await make({ name: 'Department', visibility: 'private' });
  const ofDepartment = await person(admin, { workspaces: [{ workspace_id: above.id }] });
  const stranger = await person(admin);
  const made = {};
  for (const visibility of ['public', 'organization', 'team', 'private']) made[visibility] = await make({ visibility, parent_workspace_id: above.id });
  const known = async (actor) => {
    const names = [];
    for (const [visibility, { id }] of Object.entries(made)) if ((await actor.get(`/api/workspaces/${id}`)).status === 200) names.push(visibility);
    const { data } = await actor.expect(200, 'GET', '/api/workspaces?limit=200');
    assert.deepEqual(Object.values(made).filter(({ id }) => data.some((each) => each.id === id)).length, names.length);
    return names;
  };
  assert.deepEqual(await known(stranger), ['public', 'organization']);
  assert.deepEqual(await known(ofDepartment), ['public', 'organization', 'team']);
  assert.deepEqual(await known(admin), ['public', 'organization', 'team', 'private']);
  for (const [visibility, { id }] of Object.entries(made))
    assert.equal((await stranger.post(`/api/workspaces/${id}/join`)).status, visibility === 'public' ? 204 : 404, visibility);
  // Known is not used: a call is made only in a workspace of one's own.
  const inside = (id) => stranger.post('/api/chats', { model: 'demo/echo' }, { headers: { 'gatehouse-workspace': id } });
  assert.equal((await inside(made.organization.id)).status, 404);
  await until(async () => (await inside(made.public.id)).status === 201, { within, what: 'the workspace to be usable' });
  await stranger.expect(204, 'POST', `/api/workspaces/${made.public.id}/leave`);
  await until(async () => (await inside(made.public.id)).status === 404, { within, what: 'the workspace to be left' });
  const main = (await admin.expect(200, 'GET', '/api/workspaces?limit=200')).data.find((each) => each.is_default);
  assert.equal((await stranger.post(`/api/workspaces/${main.id}/leave`)).status, 404);
});

test('a manager who joined by themselves uses the workspace, and manages it when they were put to', async () => {
  const workspace = await make({ visibility: 'public' });
  const someone = await person(admin, { role_code: 'WM' });
  const path = `/api/workspaces/${workspace.id}`;
  await someone.expect(204, 'POST', `${path}/join`);
  const rename = (name) => change(someone, path, { name });
  assert.equal((await rename(`Mine ${randomUUID().slice(0, 8)}`)).status, 404);
  assert.equal((await someone.delete(path)).status, 404);
  assert.equal((await someone.delete(`${path}/people/${admin.me.user.id}`)).status, 404);
  assert.equal((await someone.post('/api/invitations', { workspaces: [{ workspace_id: workspace.id }] })).status, 422);
  assert.equal((await someone.post('/api/role-assignments', { role: 'Operator', workspace_id: workspace.id, user_id: someone.me.user.id })).status, 422);
  const explained = async () => (await admin.expect(200, 'GET', `/api/access/explain?${new URLSearchParams({ user_id: someone.me.user.id, resource_kind: 'WSP', resource_id: workspace.id, action: 'MNG' })}`)).allowed;
  assert.equal(await explained(), false);
  await letIn(workspace, someone, 'admin');
  assert.equal((await rename(`Ours ${randomUUID().slice(0, 8)}`)).status, 200);
  await until(explained, { within, what: 'the role to count' });
});

test('the organogram has no circles and is at most eight deep, whoever moves what at once', async () => {
  const chain = [await make()];
  while (chain.length < 8) chain.push(await make({ parent_workspace_id: chain.at(-1).id }));
  const ninth = await admin.post('/api/workspaces', { name: 'Ninth', parent_workspace_id: chain[7].id });
  assert.deepEqual([ninth.status, ninth.json().code], [409, 'conflict']);
  assert.equal((await change(admin, `/api/workspaces/${chain[0].id}`, { parent_workspace_id: chain[5].id })).status, 409);
  assert.equal((await change(admin, `/api/workspaces/${chain[0].id}`, { parent_workspace_id: chain[0].id })).status, 409);
  assert.equal((await change(admin, `/api/workspaces/${chain[0].id}`, { parent_workspace_id: randomUUID() })).status, 422);
  const shown = await admin.expect(200, 'GET', `/api/workspaces/${chain[3].id}`);
  assert.deepEqual(shown.organogram, { parent_workspace_id: chain[2].id, child_workspaces: [chain[4].id] });
  // Two moves, each sound alone, would make a circle together.
  for (let round = 0; round < 5; ++round) {
    const [a, b] = [await make(), await make()];
    const replies = await Promise.all([[a, b], [b, a]].map(([from, to]) => change(admin, `/api/workspaces/${from.id}`, { parent_workspace_id: to.id })));
    assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 409]);
  }
});

test('what somebody is in a workspace is what role assignments say, both ways', async () => {
  const workspace = await make({ owner_user_id: manager.me.user.id });
  const someone = await person(admin, { workspaces: [{ workspace_id: workspace.id }] });
  const roles = async () => Object.fromEntries((await admin.expect(200, 'GET', `/api/workspaces/${workspace.id}/people`)).data.map((each) => [each.user_id, each.role_in_workspace]));
  const assigned = async () => (await admin.expect(200, 'GET', `/api/role-assignments?workspace_id=${workspace.id}&role=WorkspaceAdmin`)).data;
  assert.deepEqual(await roles(), { [manager.me.user.id]: 'owner', [someone.me.user.id]: 'member' });
  await letIn(workspace, someone, 'admin');
  assert.deepEqual((await assigned()).map((each) => each.user_id).sort(), [manager.me.user.id, someone.me.user.id].sort());
  await letIn(workspace, someone, 'owner');
  assert.deepEqual(await roles(), { [manager.me.user.id]: 'admin', [someone.me.user.id]: 'owner' });
  await admin.expect(204, 'DELETE', `/api/role-assignments/${(await assigned()).find((each) => each.user_id === someone.me.user.id).id}`);
  assert.deepEqual(await roles(), { [manager.me.user.id]: 'admin', [someone.me.user.id]: 'member' });
  assert.equal((await admin.expect(200, 'GET', `/api/workspaces/${workspace.id}`)).owner_user_id, null);
});

test('a workspace’s administrator lets people in and out, and names no administrators', async () => {
  const workspace = await make({ visibility: 'private' });
  const helper = await person(admin, { workspaces: [{ workspace_id: workspace.id, role: 'WorkspaceAdmin' }] });
  helper.headers['gatehouse-workspace'] = workspace.id;
  await until(async () => (await helper.get('/api/members')).status === 200, { within, what: 'the role to count' });
  const path = `/api/workspaces/${workspace.id}/people/${user.me.user.id}`;
  assert.equal((await helper.send('PUT', path, { body: { role_in_workspace: 'admin' } })).status, 403);
  await helper.expect(200, 'PUT', path, { body: {} });
  assert.equal((await helper.delete(`/api/workspaces/${workspace.id}/people/${admin.me.user.id}`)).status, 403);
  await helper.expect(204, 'DELETE', path);
  const other = await make();
  assert.equal((await helper.send('PUT', `/api/workspaces/${other.id}/people/${user.me.user.id}`, { body: {} })).status, 404);
  assert.equal((await change(helper, `/api/workspaces/${workspace.id}`, { description: 'Ours' })).status, 200);
});

test('grants on a workspace open reading, changing and managing it, each no more than it says', async () => {
  const workspace = await make({ visibility: 'private' });
  const someone = await person(admin);
  const path = `/api/workspaces/${workspace.id}`;
  const grant = async (action) => {
    await demo.databases.rows('us', `insert into permissions_acl (organization_id, id, resource_kind, resource_id, action,
      created_by_user_id, created_for_user_id) values ($1, gen_random_uuid(), 'WSP', $2, $3, $4, $5)`,
      [admin.organization.id, workspace.id, action, admin.me.user.id, someone.me.user.id]);
  };
  assert.equal((await someone.get(path)).status, 404);
  await grant('REA');
  const read = await until(async () => {
    const reply = await someone.get(path);
    return reply.status === 200 ? reply : null;
  }, { within, what: 'the grant to count' });
  const patch = () => someone.patch(path, { description: 'Granted' }, { headers: { 'if-match': read.headers.etag } });
  assert.equal((await patch()).status, 403);
  await grant('UPD');
  await until(async () => (await patch()).status === 200, { within, what: 'the grant to count' });
  assert.equal((await someone.get(`${path}/people`)).status, 403);
  await grant('MNG');
  await until(async () => (await someone.get(`${path}/people`)).status === 200, { within, what: 'the grant to count' });
  await someone.expect(200, 'PUT', `${path}/people/${user.me.user.id}`, { body: {} });
  assert.equal((await someone.send('PUT', `${path}/people/${user.me.user.id}`, { body: { role_in_workspace: 'admin' } })).status, 403);
});

test('there is one default workspace at any time, and it is not closed', async () => {
  const defaults = async () => (await admin.expect(200, 'GET', '/api/workspaces?limit=200')).data.filter((each) => each.is_default).map((each) => each.id);
  const [first] = await defaults();
  const next = await make();
  assert.equal((await admin.delete(`/api/workspaces/${first}`)).json().code, 'conflict');
  assert.equal((await change(admin, `/api/workspaces/${next.id}`, { is_default: true })).status, 200);
  assert.deepEqual(await defaults(), [next.id]);
  assert.equal((await change(admin, `/api/workspaces/${next.id}`, { is_default: false })).status, 422);
  assert.equal((await change(admin, `/api/workspaces/${first}`, { is_default: true })).status, 200);
  await demo.databases.session('us', async (query) => {
    await query('begin');
    await query('update workspaces set is_default = false where id = $1', [first]);
    await assert.rejects(query('commit'), { code: 'GH005' });
  });
});

test('a closed workspace lets go of its people and keys; its chats stay for who administers the organization', async () => {
  const workspace = await make();
  const below = await make({ parent_workspace_id: workspace.id });
  const member = await person(admin, { workspaces: [{ workspace_id: workspace.id }] });
  const there = { headers: { 'gatehouse-workspace': workspace.id } };
  const chat = await until(async () => {
    const reply = await member.post('/api/chats', { model: 'demo/echo' }, there);
    return reply.status === 201 ? reply.json() : null;
  }, { within, what: 'the workspace to be usable' });
  const { secret } = await member.expect(201, 'POST', '/api/api-keys', { body: { name: 'There', workspace_id: workspace.id } });
  assert.equal((await admin.delete(`/api/workspaces/${workspace.id}`)).json().code, 'conflict');
  await admin.expect(204, 'DELETE', `/api/workspaces/${below.id}`);
  await admin.expect(204, 'DELETE', `/api/workspaces/${workspace.id}`);
  assert.equal((await member.get(`/api/chats/${chat.id}`)).status, 404);
  await until(async () => (await demo.withKey(secret).get('/v1/models')).status === 401, { within, what: 'the key to end' });
  await until(async () => (await member.post('/api/chats', { model: 'demo/echo' }, there)).status === 404, { within, what: 'the workspace to be gone' });
  await admin.expect(200, 'GET', `/api/chats/${chat.id}`);
  const closed = await admin.expect(200, 'GET', '/api/workspaces?state=closed&limit=200');
  assert.ok(closed.data.some((each) => each.id === workspace.id));
  assert.ok(!(await member.expect(200, 'GET', '/api/workspaces?limit=200')).data.some((each) => each.id === workspace.id));
});

test('guests are those of another domain, and come only where they are admitted', async () => {
  const closed = await make();
  const pointer = (reply) => reply.json().errors?.[0].pointer;
  const keep_out = { settings: { allow_guests: false } };
  assert.equal((await organization({ profile: { domain: null } })).status, 200);
  assert.equal(pointer(await change(admin, `/api/workspaces/${closed.id}`, keep_out)), '/settings/allow_guests', 'nobody would be one');
  assert.equal(pointer(await admin.post('/api/workspaces', { name: 'Closed', ...keep_out })), '/settings/allow_guests');
  assert.equal((await organization({ profile: { domain: 'acme.test' } })).status, 200);
  assert.equal((await change(admin, `/api/workspaces/${closed.id}`, { settings: { allow_guests: false } })).status, 200);
  assert.equal(pointer(await organization({ profile: { domain: null } })), '/profile/domain', 'a workspace goes by it');
  const nobody = demo.nobody();
  const come = async (email, workspaces) => {
    const { code } = await admin.expect(201, 'POST', '/api/invitations', { body: { workspaces } });
    return nobody.post('/api/invitations/accept', { code, email, name: 'Gil Guest', password: 'a password of some length' });
  };
  const guest = () => `guest-${randomUUID().slice(0, 8)}@elsewhere.test`;
  assert.equal((await come(guest(), [])).status, 201);
  assert.equal((await come(guest(), [{ workspace_id: closed.id }])).json().code, 'conflict');
  assert.equal((await come(`own-${randomUUID().slice(0, 8)}@mail.acme.test`, [{ workspace_id: closed.id }])).status, 201);
  assert.equal((await organization({ settings: { allow_guests: false } })).status, 200);
  const refused = guest();
  assert.equal((await come(refused, [])).json().code, 'conflict');
  assert.equal(await demo.databases.value('us', 'select count(*)::int from users where email = $1', [refused]), 0);
  await organization({ settings: { allow_guests: null } });
  const { code } = await (await demo.as('admin@borealis.test')).expect(201, 'POST', '/api/invitations', { body: {} });
  const credentials = { email: refused, password: 'a password of some length' };
  assert.equal((await nobody.post('/api/invitations/accept', { code, name: 'Gil Guest', ...credentials })).status, 201, 'what was refused left no account behind');
  assert.equal((await nobody.post('/api/auth/sign-in', credentials)).status, 200, 'in another region than where it was refused');
});
