// Who loses a membership or a role makes nothing more that lasts, though the server has not heard of the loss yet.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { person } from '../harness/people.mjs';
import { until } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const admin = await demo.as('admin@acme.test');
const { id: organization } = admin.me.organization;
const membership = ({ me }) => demo.databases.rows('us', 'select role_code, is_active from memberships where organization_id = $1 and user_id = $2', [organization, me.user.id]);
const waiting = () => demo.databases.value('us', "select count(*)::int from pg_stat_activity where usename = 'gatehouse_app' and wait_event_type = 'Lock'");

/** Asks for something while `loss` is made and not committed: the reply, when it is. The asker waits for the loss, or is refused at once. */
async function meanwhile(loss, params, ask) {
  return demo.databases.session('us', async (query) => {
    await query('begin');
    await query(loss, params);
    let reply;
    const asked = ask().then((made) => { reply = made; });
    await until(async () => reply || await waiting() > 0, { what: 'the call to wait or to be answered' });
    assert.ok(!reply || reply.status >= 400, `nothing was made beside the loss: ${reply?.status}`);
    await query('commit');
    await asked;
    return reply;
  });
}

const losses = [
  ['a role', "update memberships set role_code = 'UR' where organization_id = $1 and user_id = $2"],
  ['a membership', 'update memberships set is_active = false where organization_id = $1 and user_id = $2'],
];
const asks = [
  ['given back to oneself', (lost) => lost.patch(`/api/members/${lost.me.user.id}`, { role_code: 'OA', is_active: true })],
  ['got around by an invitation', (lost) => lost.post('/api/invitations', { role_code: 'OA' })],
  ['outlived by an API key', (lost) => lost.post('/api/api-keys', { name: 'Outlives' })],
];
for (const [what, loss] of losses)
  for (const [how, ask] of asks)
    // A role that is lost does not close API keys: then the key is the person's still.
    if (!(what === 'a role' && how.endsWith('key')))
      test(`${what} that is being lost is not ${how}`, async () => {
        const lost = await person(admin, { role_code: 'OA' }, 'Lou Loser');
        const reply = await meanwhile(loss, [organization, lost.me.user.id], () => ask(lost));
        assert.ok([401, 403].includes(reply.status), `${reply.status} ${reply.text}`);
        const [now] = await membership(lost);
        assert.deepEqual(now, what === 'a role' ? { role_code: 'UR', is_active: true } : { role_code: 'OA', is_active: false });
        assert.equal(await demo.databases.value('us', 'select count(*)::int from invitations where invited_by_user_id = $1 and revoked_at is null', [lost.me.user.id]), 0);
        assert.equal(await demo.databases.value('us', 'select count(*)::int from api_keys where user_id = $1 and revoked_at is null', [lost.me.user.id]), 0);
      });

test('a session that was ended makes no key, before the server has heard of it', async () => {
  const lost = await person(admin, {}, 'Lou Loser');
  await demo.databases.rows('us', 'update sessions set revoked_at = now() where organization_id = $1 and user_id = $2', [organization, lost.me.user.id]);
  const reply = await lost.post('/api/api-keys', { name: 'Outlives' });
  assert.ok([401, 403].includes(reply.status), `${reply.status} ${reply.text}`);
});

test('a governance role that was taken away gives none to others, before the server has heard of it', async () => {
  const workspace = await admin.expect(201, 'POST', '/api/workspaces', { body: { name: 'Standing' } });
  const lead = await person(admin, { workspaces: [{ workspace_id: workspace.id }] }, 'Wanda Lead');
  const friend = await person(admin, { workspaces: [{ workspace_id: workspace.id }] }, 'Fred Friend');
  const give = (role) => ({ body: { role, workspace_id: workspace.id, user_id: friend.me.user.id }, headers: { 'gatehouse-workspace': workspace.id } });
  await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'WorkspaceAdmin', workspace_id: workspace.id, user_id: lead.me.user.id } });
  await until(async () => (await lead.send('POST', '/api/role-assignments', give('Operator'))).status === 201, { what: 'the role to count' });
  await demo.databases.rows('us', 'delete from role_assignments where organization_id = $1 and user_id = $2', [organization, lead.me.user.id]);
  const refused = await lead.send('POST', '/api/role-assignments', give('Approver'));
  assert.ok([403, 404].includes(refused.status), `${refused.status} ${refused.text}`);
  assert.equal(await demo.databases.value('us', "select count(*)::int from role_assignments where user_id = $1 and role = 'Approver'", [friend.me.user.id]), 0);
});

test('somebody who is being made Auditor does not free themselves before the server has heard of it', async () => {
  const workspace = await admin.expect(201, 'POST', '/api/workspaces', { body: { name: 'Audited' } });
  const other = await person(admin, { role_code: 'OA', workspaces: [{ workspace_id: workspace.id }] }, 'Olga Auditor');
  const { id } = await admin.expect(201, 'POST', '/api/role-assignments', { body: { role: 'Auditor', workspace_id: workspace.id, user_id: other.me.user.id } });
  const reply = await other.delete(`/api/role-assignments/${id}`);
  assert.ok([403, 404].includes(reply.status), `${reply.status} ${reply.text}`);
  const renamed = await other.patch(`/api/workspaces/${workspace.id}`, { name: 'Mine' }, { headers: { 'if-match': '"1"' } });
  assert.ok([403, 404].includes(renamed.status), `${renamed.status} ${renamed.text}`);
});

test('a grant that was revoked changes nothing that lasts, before the server has heard of it', async () => {
  const workspace = await admin.expect(201, 'POST', '/api/workspaces', { body: { name: 'Granted', visibility: 'private' } });
  const holder = await person(admin, {}, 'Hal Holder');
  const version = { headers: { 'if-match': '"1"' } };
  const { id } = await admin.expect(201, 'POST', '/api/grants', { body: { resource_kind: 'WSP', resource_id: workspace.id, action: 'MNG', created_for_user_id: holder.me.user.id } });
  await until(async () => (await holder.get(`/api/workspaces/${workspace.id}`)).status === 200, { what: 'the grant to count' });
  await demo.databases.rows('us', 'update permissions_acl set revoked_at = now() where id = $1', [id]);
  const refused = await holder.patch(`/api/workspaces/${workspace.id}`, { visibility: 'public' }, version);
  assert.ok([403, 404].includes(refused.status), `${refused.status} ${refused.text}`);
  assert.equal((await admin.expect(200, 'GET', `/api/workspaces/${workspace.id}`)).visibility, 'private');
});

for (const ending of ['groups', 'workspaces'])
  test(`nothing is given to one of the ${ending} or on it while it is being closed`, async () => {
    const [team, workspace] = [await admin.expect(201, 'POST', '/api/groups', { body: { name: 'Ending' } }), await admin.expect(201, 'POST', '/api/workspaces', { body: { name: 'Ending' } })];
    const closed = { groups: team, workspaces: workspace }[ending];
    const reply = await meanwhile(`update ${ending} set is_active = false where organization_id = $1 and id = $2`, [organization, closed.id],
      () => admin.post('/api/grants', { resource_kind: 'WSP', resource_id: workspace.id, action: 'REA', created_for_group_id: team.id }));
    assert.equal(reply.status, 404, reply.text);
    assert.equal(await demo.databases.value('us', 'select count(*)::int from permissions_acl where resource_id = $1', [workspace.id]), 0);
  });
