// Invitations: who may make which, who may come by them, how often and how long.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { invite, person, signInAs } from '../harness/people.mjs';
import { makePlan, makeTenant } from '../harness/tenants.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const admin = await demo.as('admin@acme.test');
const manager = await demo.as('manager@acme.test');
const borealis = await demo.as('admin@borealis.test');
const nobody = demo.nobody();
const within = 2500;

const address = () => `new-${randomUUID().slice(0, 13)}@acme.test`;
const make = (actor, body = {}) => actor.expect(201, 'POST', '/api/invitations', { body });
const workspaceOf = async (someone, body = {}) => (await admin.expect(201, 'POST', '/api/workspaces', {
  body: { name: `Team ${randomUUID().slice(0, 8)}`, visibility: 'private', owner_user_id: someone.me.user.id, ...body },
})).id;
const accept = (code, email = address()) => nobody.post('/api/invitations/accept', { code, email, name: 'Nina New', password: 'a password of some length' });
const preview = (code) => nobody.post('/api/invitations/preview', { code });

test('somebody comes by an invitation with MyWorkspace, OrgWorkspace and what it opens', async () => {
  const workspace = await workspaceOf(manager);
  const newcomer = await person(admin, { workspaces: [{ workspace_id: workspace, role: 'Approver' }] });
  assert.equal(newcomer.me.role_code, 'UR');
  const names = newcomer.me.workspaces.map((each) => each.name);
  assert.ok(['MyWorkspace', 'OrgWorkspace'].every((name) => names.includes(name)), names.join());
  assert.ok(newcomer.me.workspaces.some((each) => each.id === workspace));
  const { data } = await admin.expect(200, 'GET', `/api/role-assignments?user_id=${newcomer.me.user.id}`);
  assert.deepEqual(data.map((each) => [each.role, each.workspace_id, each.granted_by_user_id]), [['Approver', workspace, admin.me.user.id]]);
  const stored = await demo.databases.rows('us', 'select attributes, invitation_id is not null as by from memberships where user_id = $1', [newcomer.me.user.id]);
  assert.deepEqual([stored[0].attributes.invited_by.user_id, stored[0].by], [admin.me.user.id, true]);
});

test('the code is shown once, and nowhere stored or logged', async () => {
  const { code, link, invitation } = await make(admin);
  assert.match(code, /^ghi_us_/);
  assert.ok(link.endsWith(`/invite#${code}`), link);
  assert.ok(!JSON.stringify(await admin.expect(200, 'GET', '/api/invitations')).includes(code));
  await preview(code);
  await accept(code);
  assert.deepEqual(await demo.databases.search([code]), []);
  assert.ok(!demo.output().includes(code));
  assert.equal(code.slice(-4), invitation.last_four);
});

test('the preview says who invites to what, and looks the same for every code that opens nothing', async () => {
  const { code } = await make(admin, { email: 'somebody@acme.test', role_code: 'WM' });
  const shown = (await preview(code)).json();
  assert.deepEqual([shown.organization_name, shown.role_code, shown.invited_by_name, shown.email_hint], ['Acme', 'WM', 'Ada Admin', 's…@acme.test']);
  const revoked = await make(admin);
  await admin.expect(204, 'DELETE', `/api/invitations/${revoked.invitation.id}`);
  const expired = await make(admin);
  await demo.databases.rows('us', `update invitations set created_at = now() - interval '2 days', expires_at = now() - interval '1 day' where id = $1`, [expired.invitation.id]);
  const used = await make(admin);
  assert.equal((await accept(used.code)).status, 201);
  const other = await make(admin);
  const forged = `${other.code.slice(0, -6)}000000`;
  const answers = [];
  for (const each of [revoked.code, expired.code, used.code, forged, 'nonsense'])
    for (const reply of [await preview(each), await accept(each)]) {
      const { request_id, instance, ...rest } = reply.json();
      answers.push(JSON.stringify({ status: reply.status, ...rest }));
    }
  assert.equal(new Set(answers).size, 1, answers.join('\n'));
  assert.equal(JSON.parse(answers[0]).status, 404);
});

test('an invitation is used as often as it says, however many come at once', async () => {
  const { code, invitation } = await make(admin, { max_uses: 3 });
  const replies = await Promise.all(Array.from({ length: 10 }, () => accept(code)));
  assert.deepEqual(replies.map((reply) => reply.status).sort(), [201, 201, 201, ...Array(7).fill(404)]);
  const { data } = await admin.expect(200, 'GET', '/api/invitations?limit=200');
  const shown = data.find((each) => each.id === invitation.id);
  assert.deepEqual([shown.uses, shown.state], [3, 'used_up']);
});

test('two who come at once with one address are one person', async () => {
  const { code } = await make(admin, { max_uses: 10 });
  const email = address();
  const replies = await Promise.all(Array.from({ length: 4 }, () => accept(code, email)));
  assert.deepEqual(replies.map((reply) => reply.status).sort(), [201, 409, 409, 409]);
  assert.equal(await demo.databases.value('us', 'select uses from invitations where code_hash = sha256($1)', [Buffer.from(code)]), 1);
});

test('a password that anybody would try, or of little but the address, opens nothing', async () => {
  const { code } = await make(admin);
  for (const [email, password, reason] of [[address(), 'password123456', 'is_common'], ['nina.newcomer@acme.test', 'nina.newcomer1', 'is_personal']]) {
    const reply = await nobody.post('/api/invitations/accept', { code, email, name: 'Nina New', password });
    assert.deepEqual([reply.status, reply.json().errors.map((field) => [field.pointer, field.code])], [422, [['/password', reason]]]);
  }
  assert.equal((await accept(code)).status, 201, 'and uses nothing up');
});

test('an invitation for one address is for nobody else, and for one use', async () => {
  const email = address();
  const { code } = await make(admin, { email });
  assert.equal((await accept(code)).status, 403);
  assert.equal((await manager.post('/api/invitations/join', { code })).status, 403);
  assert.equal((await accept(code, email.toUpperCase())).status, 201);
  assert.equal((await admin.post('/api/invitations', { email, max_uses: 2 })).json().errors[0].pointer, '/max_uses');
});

test('nobody invites above their own, or into workspaces that are not theirs', async () => {
  const mine = await workspaceOf(manager), others = await workspaceOf(admin);
  const helper = await person(admin, { workspaces: [{ workspace_id: mine, role: 'WorkspaceAdmin' }] });
  helper.headers['gatehouse-workspace'] = mine;
  await until(async () => (await helper.get('/api/invitations')).status === 200, { within, what: 'the role to count' });
  const asked = (actor, body) => actor.post('/api/invitations', body);
  const into = (workspace_id, role) => ({ workspaces: [{ workspace_id, role }] });
  for (const actor of [manager, helper]) {
    for (const role_code of ['WM', 'OA']) assert.equal((await asked(actor, { role_code, ...into(mine) })).status, 403, role_code);
    for (const role of ['Auditor', 'IntegrationAdmin']) assert.equal((await asked(actor, into(mine, role))).status, 403, role);
    assert.equal((await asked(actor, into(others))).status, 422);
    assert.equal((await asked(actor, {})).status, 422);
    assert.equal((await asked(actor, into(mine, 'Operator'))).status, 201);
  }
  assert.equal((await asked(helper, into(mine, 'WorkspaceAdmin'))).status, 403);
  assert.equal((await asked(manager, into(mine, 'WorkspaceAdmin'))).status, 201);
  assert.equal((await asked(admin, { role_code: 'MS' })).status, 422);
  const personal = manager.me.workspaces.find((each) => each.workspace_type === 'PERSONAL').id;
  assert.equal((await asked(manager, into(personal))).status, 422);
  // Theirs and their workspaces' invitations, and no others.
  const seen = (await helper.expect(200, 'GET', '/api/invitations?limit=200')).data;
  assert.ok(seen.length > 0 && seen.every((each) => each.workspaces.some((one) => one.workspace_id === mine)));
});

test('an invitation ends with the power of who made it', async () => {
  const workspace = await workspaceOf(admin);
  const makers = [
    { maker: await person(admin, { role_code: 'OA' }), body: { role_code: 'OA' }, end: (one) => admin.expect(200, 'PATCH', `/api/members/${one.me.user.id}`, { body: { role_code: 'WM' } }) },
    { maker: await person(admin, { role_code: 'OA' }), body: {}, end: (one) => admin.expect(204, 'DELETE', `/api/members/${one.me.user.id}`) },
    { maker: await person(admin, { role_code: 'WM', workspaces: [{ workspace_id: workspace }] }), body: { workspaces: [{ workspace_id: workspace }] }, end: (one) => admin.expect(204, 'DELETE', `/api/workspaces/${workspace}/people/${one.me.user.id}`) },
  ];
  const helper = await person(admin, { workspaces: [{ workspace_id: workspace, role: 'WorkspaceAdmin' }] });
  helper.headers['gatehouse-workspace'] = workspace;
  await until(async () => (await helper.get('/api/invitations')).status === 200, { within, what: 'the role to count' });
  makers.push({ maker: helper, body: { workspaces: [{ workspace_id: workspace }] }, end: async (one) => {
    const { data } = await admin.expect(200, 'GET', `/api/role-assignments?user_id=${one.me.user.id}`);
    await admin.expect(204, 'DELETE', `/api/role-assignments/${data[0].id}`);
  } });
  // Whatever gave the power, and whatever takes it.
  const group = await admin.expect(201, 'POST', '/api/groups', { body: { name: `Administrators ${randomUUID().slice(0, 8)}` } });
  const byGroup = await person(admin, { workspaces: [{ workspace_id: workspace }] });
  await admin.expect(204, 'PUT', `/api/groups/${group.id}/members/${byGroup.me.user.id}`);
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'WorkspaceAdmin', group_id: group.id, workspace_id: workspace } });
  byGroup.headers['gatehouse-workspace'] = workspace;
  await until(async () => (await byGroup.get('/api/invitations')).status === 200, { within, what: 'the group to count' });
  makers.push({ maker: byGroup, body: { workspaces: [{ workspace_id: workspace, role: 'Operator' }] }, end: (one) => admin.expect(204, 'DELETE', `/api/groups/${group.id}/members/${one.me.user.id}`) });
  makers.push({ maker: await person(admin, { role_code: 'WM', workspaces: [{ workspace_id: workspace }] }), body: { workspaces: [{ workspace_id: workspace, role: 'WorkspaceAdmin' }] },
    end: (one) => admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Auditor', user_id: one.me.user.id, workspace_id: workspace } }) });
  const left = [];
  for (const { maker, body, end } of makers) {
    const { code, invitation } = await make(maker, body);
    const state = async () => (await admin.expect(200, 'GET', '/api/invitations?limit=200')).data.find((each) => each.id === invitation.id).state;
    assert.equal((await preview(code)).status, 200);
    assert.equal(await state(), 'open');
    await end(maker);
    assert.equal((await preview(code)).status, 404);
    assert.equal((await accept(code)).status, 404);
    left.push(await state());
  }
  // With a membership or a higher role it ends for good; what the place or the governance role gave may come back.
  assert.deepEqual(left, ['revoked', 'revoked', 'suspended', 'suspended', 'suspended', 'suspended']);
});

test('a suspended invitation can be revoked, and then its inviter’s power does not open it again', async () => {
  const workspace = await workspaceOf(admin);
  const maker = await person(admin, { role_code: 'WM', workspaces: [{ workspace_id: workspace }] });
  const [kept, ended] = [await make(maker, { workspaces: [{ workspace_id: workspace }] }), await make(maker, { workspaces: [{ workspace_id: workspace }] })];
  await admin.expect(204, 'DELETE', `/api/workspaces/${workspace}/people/${maker.me.user.id}`);
  const inState = async (state) => (await admin.expect(200, 'GET', `/api/invitations?limit=200&state=${state}`)).data.map((each) => each.id);
  for (const { invitation } of [kept, ended]) {
    assert.ok((await inState('suspended')).includes(invitation.id));
    assert.ok(!(await inState('open')).includes(invitation.id));
  }
  await admin.expect(204, 'DELETE', `/api/invitations/${ended.invitation.id}`);
  await admin.expect(200, 'PUT', `/api/workspaces/${workspace}/people/${maker.me.user.id}`, { body: {} });
  assert.ok((await inState('open')).includes(kept.invitation.id));
  assert.ok((await inState('revoked')).includes(ended.invitation.id));
  assert.equal((await preview(kept.code)).status, 200);
  assert.equal((await preview(ended.code)).status, 404);
});

test('an organization has a thousand open invitations at most', async () => {
  const { admin: owner } = await makeTenant(demo, await makePlan(demo));
  const { invitation } = await make(owner);
  await demo.databases.tamper('us', `insert into invitations (organization_id, id, code_hash, last_four, role_code, invited_by_user_id, max_uses, expires_at)
    select organization_id, gen_random_uuid(), code_hash, last_four, role_code, invited_by_user_id, max_uses, expires_at from invitations, generate_series(2, 1000) where id = $1`, [invitation.id]);
  const refused = await owner.post('/api/invitations', {});
  assert.deepEqual([refused.status, refused.json().code], [409, 'conflict']);
  assert.match(refused.json().detail, /at most 1000 open invitations/);
  await owner.expect(204, 'DELETE', `/api/invitations/${invitation.id}`);
  await make(owner);
});

test('somebody of another organization joins as who they are, in another region too, and switches', async () => {
  const bruno = await demo.signIn('admin@borealis.test');
  const { code } = await make(admin);
  assert.equal((await accept(code, 'admin@borealis.test')).json().code, 'already_exists');
  const joined = await bruno.expect(200, 'POST', '/api/invitations/join', { body: { code } });
  assert.deepEqual(joined, { organization_id: admin.organization.id, organization_name: 'Acme' });
  const me = await bruno.expect(200, 'POST', '/api/auth/switch', { body: { organization_id: joined.organization_id } });
  assert.deepEqual([me.user.id, me.organization.slug, me.role_code], [bruno.me.user.id, 'acme', 'UR']);
  const passwords = [];
  for (const region of ['us', 'eu']) passwords.push(await demo.databases.value(region, 'select password_hash from users where id = $1', [bruno.me.user.id]));
  assert.equal(passwords[0], passwords[1]);
});

test('who belongs already comes into more workspaces, keeps their role, and cannot come into nothing new', async () => {
  const workspace = await workspaceOf(admin);
  const { code } = await make(admin, { role_code: 'UR', max_uses: 5, workspaces: [{ workspace_id: workspace }] });
  await manager.expect(200, 'POST', '/api/invitations/join', { body: { code } });
  assert.equal((await manager.expect(200, 'GET', '/api/auth/me')).role_code, 'WM');
  assert.equal((await manager.post('/api/invitations/join', { code })).json().code, 'already_exists');
  const raise = await make(admin, { role_code: 'OA' });
  assert.equal((await manager.post('/api/invitations/join', { code: raise.code })).json().code, 'already_exists');
});

test('an invitation opens no membership that was ended', async () => {
  const { email, password } = await invite(admin);
  const elsewhere = await make(borealis);
  const someone = await signInAs(demo, email, password);
  await someone.expect(200, 'POST', '/api/invitations/join', { body: { code: elsewhere.code } });
  someone.csrf = (await someone.expect(200, 'POST', '/api/auth/switch', { body: { organization_id: borealis.organization.id } })).csrf_token;
  await admin.expect(204, 'DELETE', `/api/members/${someone.me.user.id}`);
  const again = await make(admin);
  assert.equal((await someone.post('/api/invitations/join', { code: again.code })).json().code, 'conflict');
  assert.equal((await preview(again.code)).status, 200, 'it was not used up by that');
});

test('an organization without password sign-in takes nobody by password', async () => {
  const read = await admin.get('/api/organization');
  const set = (password, etag) => admin.patch('/api/organization', { settings: { sign_in: { password } } }, { headers: { 'if-match': etag } });
  const off = await set(false, read.headers.etag);
  const { code } = await make(admin);
  assert.equal((await preview(code)).json().takes_passwords, false);
  assert.equal((await accept(code)).status, 403);
  await set(null, off.headers.etag);
  assert.equal((await accept(code)).status, 201);
});

test('a repeated invitation with the same key is the same invitation', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const [first, second] = [await admin.post('/api/invitations', { note: 'Once' }, { headers }), await admin.post('/api/invitations', { note: 'Once' }, { headers })];
  assert.equal(first.json().code, second.json().code);
  assert.equal(second.headers['idempotent-replay'], 'true');
});

test('coming is recorded with who came, in the organization they came to', async () => {
  const { code, invitation } = await make(admin);
  const requestId = randomUUID();
  await nobody.expect(201, 'POST', '/api/invitations/accept', { body: { code, email: address(), name: 'Nina New', password: 'a password of some length' }, headers: { 'x-request-id': requestId } });
  const events = (await demo.databases.eventsOf([requestId])).get(requestId);
  assert.deepEqual(events.map((event) => [event.action, event.actor_type, event.org_id, event.resource_id]), [['invitation.accept', 'user', admin.organization.id, invitation.id]]);
});
