// Seed 003's operator: plans, provisioning, lifecycle (its verification steps 3 to 9), and where tenants live.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { Actor } from '../harness/actor.mjs';
import { Demo } from '../harness/demo.mjs';
import { Node } from '../harness/node.mjs';
import { apiKeyOf, completion, makePlan, makeTenant, operatorOf, planBySlug, setStatus, tenantBody, through } from '../harness/tenants.mjs';
import { until, untilAll } from '../harness/until.mjs';

const demo = await Demo.start();
after(() => demo.stop());
const operator = await operatorOf(demo);
const keyed = (key) => ({ headers: { 'idempotency-key': key } });
const refusal = (reply) => [reply.status, reply.json().code];
const eventsAbout = (region, organization, action) =>
  demo.databases.rows(`${region}_audit`, 'select actor_type, actor_id, outcome, payload_json as payload from audit_events where org_id = $1 and action = $2 order by org_sequence', [organization, action]);

test('three plans are there from the start, beside what the demo’s own tenants have', async () => {
  const { data } = await operator.expect(200, 'GET', '/api/core/plans');
  const seeded = Object.fromEntries(data.map((plan) => [plan.slug, plan.max_requests_month]));
  assert.deepEqual({ free: seeded.free, starter: seeded.starter, pro: seeded.pro }, { free: 500, starter: 5000, pro: 50_000 });
  assert.equal(seeded.unlimited, null);
});

test('the token of an operator says so, and the token of nobody else does', async () => {
  assert.equal(operator.me.is_super_admin, true);
  const admin = await demo.as('admin@acme.test');
  assert.equal(admin.me.is_super_admin, false);
  const claims = async (actor) => JSON.parse(Buffer.from((await actor.expect(200, 'POST', '/api/auth/token')).access_token.split('.')[1], 'base64url'));
  assert.equal((await claims(operator)).is_super_admin, true);
  assert.equal((await claims(admin)).is_super_admin, false);
});

test('a plan is made, read, changed under its version, retired and taken up again', async () => {
  const slug = `p-${randomUUID().slice(0, 8)}`;
  const created = await operator.post('/api/core/plans', { name: 'Custom', slug, max_tenants: 3, features: { max_users: 5, sso: false } });
  assert.equal(created.status, 201, created.text);
  const plan = created.json();
  assert.deepEqual([plan.max_requests_month, plan.max_tenants, plan.features, plan.is_active, plan.tenant_count, plan.version], [500, 3, { max_users: 5, sso: false }, true, 0, 1]);
  assert.equal(created.headers.etag, '"1"');
  const path = `/api/core/plans/${plan.id}`;
  assert.deepEqual(await operator.expect(200, 'GET', path), plan);

  assert.deepEqual(refusal(await operator.patch(path, { name: 'Blind' })), [428, 'precondition_required']);
  const changed = await operator.patch(path, { name: 'Custom 2', max_requests_month: null }, { headers: { 'if-match': '"1"' } });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.json().name, changed.json().max_requests_month, changed.json().max_tenants, changed.json().version], ['Custom 2', null, 3, 2]);
  assert.deepEqual(refusal(await operator.patch(path, { name: 'Late' }, { headers: { 'if-match': '"1"' } })), [412, 'precondition_failed']);

  assert.equal((await operator.delete(path)).status, 204);
  assert.equal((await operator.expect(200, 'GET', path)).is_active, false);
  assert.deepEqual(refusal(await operator.post('/api/core/tenants', tenantBody(plan))), [409, 'conflict']);
  const again = await operator.patch(path, { is_active: true }, { headers: { 'if-match': '"3"' } });
  assert.equal(again.json().is_active, true);
});

test('what is no plan is refused field by field, and a slug is taken once', async () => {
  const bad = [
    [{ name: '', slug: 'x' }, '/name'],
    [{ name: 'X', slug: 'Not A Slug' }, '/slug'],
    [{ name: 'X', slug: 'x', max_tenants: -1 }, '/max_tenants'],
    [{ name: 'X', slug: 'x', max_requests_month: 1.5 }, '/max_requests_month'],
    [{ name: 'X', slug: 'x', features: [] }, '/features'],
    [{ name: 'X', slug: 'x', features: { max_users: 0 } }, '/features/max_users'],
    [{ name: 'X', slug: 'x', features: { max_users: true } }, '/features/max_users'],
    [{ name: 'X', slug: 'x', features: { 'Bad Name': true } }, '/features'],
    [{ name: 'X', slug: 'x', features: { sso: 'yes' } }, '/features/sso'],
    [{ name: 'X', slug: 'x', features: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`f${i}`, true])) }, '/features'],
    [{ name: 'X', slug: 'x', unknown: 1 }, '/unknown'],
  ];
  const before = await demo.databases.snapshot(['control']);
  for (const [body, pointer] of bad) {
    const reply = await operator.post('/api/core/plans', body);
    assert.equal(reply.status, 422, JSON.stringify(body));
    assert.deepEqual(reply.json().errors.map((field) => field.pointer), [pointer], JSON.stringify(body));
  }
  assert.deepEqual(refusal(await operator.post('/api/core/plans', { name: 'Free too', slug: 'free' })), [409, 'already_exists']);
  assert.deepEqual(await demo.databases.snapshot(['control']), before);
});

test('a plan’s events are the platform’s, name who did it, and tell of no organization', async () => {
  const plan = await makePlan(demo);
  await operator.expect(200, 'PATCH', `/api/core/plans/${plan.id}`, { body: { max_tenants: 7 }, headers: { 'if-match': '"1"' } });
  await operator.expect(204, 'DELETE', `/api/core/plans/${plan.id}`);
  const events = await demo.databases.rows('us_audit', "select action, org_id, actor_id, payload_json as payload from audit_events where resource = $1 and action <> 'plan.read' order by org_sequence", [`plan:${plan.id}`]);
  assert.deepEqual(events.map(({ action, org_id }) => [action, org_id]), [['plan.create', null], ['plan.update', null], ['plan.delete', null]]);
  for (const { actor_id } of events) assert.equal(actor_id, operator.me.user.id);
  assert.deepEqual([events[1].payload.changed, events[1].payload.max_tenants], [['max_tenants'], 7]);
});

test('a tenant is provisioned whole: owner, organization, workspaces, secret, usage, event', async () => {
  const plan = await planBySlug(demo, 'starter');
  const { tenant, owner, secret, admin } = await makeTenant(demo, plan, { region: 'eu', data_mode: 'full_content', owner_name: 'Olga Owner' });
  assert.deepEqual([tenant.region, tenant.data_mode, tenant.status, tenant.plan.slug, tenant.users], ['eu', 'full_content', 'active', 'starter', 1]);
  assert.deepEqual(tenant.usage_this_month, { month: new Date().toISOString().slice(0, 7), used: 0, limit: 5000 });
  assert.equal(owner.is_new, true);
  assert.match(secret, /^ghts_[0-9A-Za-z]{43}$/);
  assert.deepEqual([admin.me.role_code, admin.organization.id, admin.organization.region, admin.me.user.name], ['OA', tenant.id, 'eu', 'Olga Owner']);
  assert.deepEqual(admin.me.workspaces.map((one) => one.name).sort(), ['MyWorkspace', 'OrgWorkspace']);

  const rows = (table) => demo.databases.value('eu', `select count(*)::int from ${table} where organization_id = $1`, [tenant.id]);
  for (const [table, count] of Object.entries({ memberships: 1, workspaces: 2, workspace_users: 2, tenant_secrets: 1, tenant_usage: 1, organization_keys: 1 }))
    assert.equal(await rows(table), count, table);
  assert.deepEqual(await demo.databases.search([secret]), [], 'the secret is stored sealed');
  assert.equal(await demo.databases.value('control', 'select state from directory where organization_id = $1', [tenant.id]), 'confirmed');
  await demo.databases.outboxesEmpty();
  const [event] = await eventsAbout('eu', tenant.id, 'tenant.create');
  assert.deepEqual([event.actor_type, event.actor_id, event.outcome, event.payload.region], ['user', operator.me.user.id, 'success', 'eu']);

  const detail = await operator.expect(200, 'GET', `/api/core/tenants/${tenant.id}`);
  assert.deepEqual(detail.owners, [{ id: owner.id, email: owner.email, name: 'Olga Owner' }]);
  assert.deepEqual(detail.secrets.map(({ version, last_four, expires_at }) => [version, last_four, expires_at]), [[1, secret.slice(-4), null]]);
});

test('a person who is known keeps the password, in whichever region', async () => {
  const plan = await makePlan(demo);
  const first = await makeTenant(demo, plan);
  const { id, email, is_new } = (await operator.expect(201, 'POST', '/api/core/tenants', { body: tenantBody(plan, { owner_email: first.owner.email.toUpperCase(), owner_password: 'password123456', region: 'eu' }) })).owner;
  assert.deepEqual([id, email, is_new], [first.owner.id, first.owner.email, false]);
  assert.equal((await demo.nobody().post('/api/auth/sign-in', { email, password: 'password123456' })).status, 401);
  const again = await Actor.signIn(demo, email, first.password);
  assert.equal(again.me.memberships.length, 2);
});

test('what is no tenant is refused, and nothing of it is left', async () => {
  const plan = await makePlan(demo);
  const good = tenantBody(plan);
  const before = await demo.databases.snapshot();
  const bad = [
    [{ name: ' ' }, '/name'], [{ slug: 'Bad Slug' }, '/slug'], [{ owner_email: 'nobody' }, '/owner_email'], [{ owner_password: 'short' }, '/owner_password'], [{ owner_password: 'password123456' }, '/owner_password'],
    [{ plan_id: 'none' }, '/plan_id'], [{ plan_id: randomUUID() }, '/plan_id'], [{ region: 'mars' }, '/region'], [{ data_mode: 'all' }, '/data_mode'], [{ extra: true }, '/extra'],
  ];
  for (const [change, pointer] of bad) {
    const reply = await operator.post('/api/core/tenants', { ...good, ...change });
    assert.equal(reply.status, 422, JSON.stringify(change));
    assert.deepEqual(reply.json().errors.map((field) => field.pointer), [pointer], JSON.stringify(change));
  }
  const { region, ...without } = good;
  assert.ok(region);
  assert.deepEqual((await operator.post('/api/core/tenants', without)).json().errors.map((field) => field.pointer), ['/region']);
  assert.deepEqual(refusal(await operator.post('/api/core/tenants', { ...good, slug: 'acme' })), [409, 'already_exists']);
  assert.deepEqual(await demo.databases.snapshot(), before);
});

test('a slug is made of the name, and numbered when it is taken', async () => {
  const plan = await makePlan(demo);
  const name = `Ação & Co. ${randomUUID().slice(0, 6)}`;
  const slugs = [];
  for (let i = 0; i < 3; ++i) {
    const { slug, ...body } = tenantBody(plan, { name });
    assert.ok(slug);
    slugs.push((await operator.expect(201, 'POST', '/api/core/tenants', { body })).tenant.slug);
  }
  const base = `acao-co-${name.split(' ').at(-1)}`;
  assert.deepEqual(slugs, [base, `${base}-2`, `${base}-3`]);
});

test('a repeat with its key gets the same answer and makes nothing; another body is refused', async () => {
  const plan = await makePlan(demo);
  const key = randomUUID();
  const body = tenantBody(plan, { region: 'eu' });
  const first = await operator.post('/api/core/tenants', body, keyed(key));
  const before = await demo.databases.snapshot();
  const again = await operator.post('/api/core/tenants', body, keyed(key));
  assert.deepEqual([first.status, again.status], [201, 201]);
  assert.deepEqual(again.json(), first.json());
  assert.equal(again.headers['idempotent-replay'], 'true');
  assert.deepEqual(refusal(await operator.post('/api/core/tenants', { ...body, name: 'Other' }, keyed(key))), [422, 'idempotency_mismatch']);
  assert.deepEqual(await demo.databases.snapshot(), before);
  assert.deepEqual(await demo.databases.search([first.json().secret]), []);
});

test('calls with one key at the same time make one tenant between them', async () => {
  const plan = await makePlan(demo);
  const key = randomUUID();
  const body = tenantBody(plan);
  const replies = await Promise.all(Array.from({ length: 8 }, () => operator.post('/api/core/tenants', body, keyed(key))));
  const made = replies.filter((reply) => reply.status === 201);
  assert.ok(made.length >= 1, replies.map((reply) => reply.text).join('\n'));
  assert.equal(new Set(made.map((reply) => reply.json().secret)).size, 1);
  for (const reply of replies.filter((each) => each.status !== 201)) assert.equal(reply.status, 409, reply.text);
  assert.equal((await operator.expect(200, 'GET', `/api/core/plans/${plan.id}`)).tenant_count, 1);
});

test('a plan takes as many tenants as it says, however many are made at once', async () => {
  const plan = await makePlan(demo, { max_tenants: 3 });
  const replies = await Promise.all(Array.from({ length: 10 }, (_, i) => operator.post('/api/core/tenants', tenantBody(plan, { region: i % 2 ? 'eu' : 'us' }))));
  const codes = replies.map((reply) => (reply.status === 201 ? 'made' : reply.json().code)).sort();
  assert.deepEqual(codes, [...Array(3).fill('made'), ...Array(7).fill('plan_limit_reached')]);
  for (const reply of replies.filter((each) => each.status !== 201)) assert.equal(reply.status, 402);
  assert.equal((await operator.expect(200, 'GET', `/api/core/plans/${plan.id}`)).tenant_count, 3);
  const other = await makeTenant(demo, await makePlan(demo));
  assert.deepEqual(refusal(await operator.patch(`/api/core/tenants/${other.tenant.id}`, { plan_id: plan.id })), [402, 'plan_limit_reached']);
});

test('a tenant is renamed and moved to another plan, whose limit holds; both are in its own record', async () => {
  const [from, to] = [await makePlan(demo), await makePlan(demo, { max_requests_month: 7 })];
  const { tenant } = await makeTenant(demo, from);
  const moved = await operator.expect(200, 'PATCH', `/api/core/tenants/${tenant.id}`, { body: { name: 'Renamed', plan_id: to.id } });
  assert.deepEqual([moved.name, moved.plan.id, moved.usage_this_month.limit], ['Renamed', to.id, 7]);
  const count = async (plan) => (await operator.expect(200, 'GET', `/api/core/plans/${plan.id}`)).tenant_count;
  assert.deepEqual([await count(from), await count(to)], [0, 1]);
  await demo.databases.outboxesEmpty();
  const [event] = await eventsAbout('us', tenant.id, 'tenant.update');
  assert.deepEqual([event.payload.old_plan_id, event.payload.plan_id, event.payload.changed], [from.id, to.id, ['name', 'plan_id']]);
});

test('the lifecycle is seed 003’s table, with its times, and each step is recorded with old and new', async () => {
  const { tenant } = await makeTenant(demo, await makePlan(demo));
  const steps = [
    ['active', 409], ['suspended', 200], ['suspended', 409], ['cancelled', 200], ['suspended', 409], ['cancelled', 409], ['active', 200], ['cancelled', 200], ['active', 200], ['suspended', 200], ['active', 200],
  ];
  const path = `/api/core/tenants/${tenant.id}/status`;
  let now = { status: 'active', activated_at: tenant.activated_at, suspended_at: null };
  const done = [];
  for (const [status, expected] of steps) {
    const reply = await operator.patch(path, { status });
    assert.equal(reply.status, expected, `${now.status} to ${status}: ${reply.text}`);
    if (expected !== 200) continue;
    const next = reply.json();
    done.push([now.status, status]);
    assert.equal(next.status, status);
    if (status === 'active') {
      assert.equal(next.suspended_at, null);
      assert.ok(next.activated_at > now.activated_at);
    } else {
      assert.equal(next.activated_at, now.activated_at);
      if (now.status === 'active') assert.ok(next.suspended_at > now.activated_at);
      else assert.equal(next.suspended_at, now.suspended_at);
    }
    now = next;
  }
  await demo.databases.outboxesEmpty();
  const events = await eventsAbout('us', tenant.id, 'tenant.status.update');
  assert.deepEqual(events.map(({ payload }) => [payload.old_status, payload.new_status]), done);
  for (const { actor_id } of events) assert.equal(actor_id, operator.me.user.id);
  // The database keeps it too.
  await demo.databases.rows('us', "update organizations set status = 'cancelled' where id = $1", [tenant.id]);
  await assert.rejects(demo.databases.rows('us', "update organizations set status = 'suspended' where id = $1", [tenant.id]), { code: 'GH003' });
});

test('people of a suspended tenant sign in and are told; nothing else is open to them, nor to its keys', async () => {
  const { tenant, admin, owner, password } = await makeTenant(demo, await makePlan(demo));
  const key = await apiKeyOf(admin);
  const program = await admin.expect(201, 'POST', '/api/service-accounts', { body: { name: 'Program', permissions: ['models_read'] } });
  const { client_id, client_secret } = await admin.expect(201, 'POST', `/api/service-accounts/${program.id}/secrets`, { body: {} });
  const token = () => demo.nobody().send('POST', '/api/oauth/token', {
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  assert.equal((await token()).status, 200);
  for (const [status, code] of [['suspended', 'tenant_suspended'], ['cancelled', 'tenant_cancelled']]) {
    await setStatus(demo, tenant, status);
    await untilAll(async () => { const reply = await admin.get('/api/organization'); return reply.status === 403 && reply.json().code === code; }, { what: `${status} to be in force` });
    for (const path of ['/api/organization', '/api/members', '/api/chats', '/api/policies', '/api/usage'])
      assert.deepEqual(refusal(await admin.get(path)), [403, code], path);
    assert.deepEqual(refusal(await admin.post('/api/chats', { model: 'demo/echo' })), [403, code]);
    const refused = await demo.http.send('POST', '/v1/chat/completions', completion(key));
    assert.deepEqual([refused.status, refused.json().error.code], [403, code]);
    assert.deepEqual(refusal(await demo.withKey(key).get('/api/auth/me')), [403, code]);
    const untold = await token();
    assert.deepEqual([untold.status, untold.json()], [400, { error: 'unauthorized_client', error_description: `The organization is ${status}` }]);
    const again = await Actor.signIn(demo, owner.email, password);
    assert.equal(again.organization.status, status);
    assert.equal((await again.get('/api/auth/sessions')).status, 200);
  }
  await setStatus(demo, tenant, 'active');
  await untilAll(async () => (await admin.get('/api/organization')).status === 200, { what: 'the tenant to work again' });
  assert.equal((await demo.http.send('POST', '/v1/chat/completions', completion(key))).status, 200);
});

test('a secret is rotated: the new one is shown once, the one before is good for the overlap', async () => {
  const { tenant, secret } = await makeTenant(demo, await makePlan(demo));
  const path = `/api/core/tenants/${tenant.id}/secret`;
  const key = keyed(randomUUID());
  const second = await operator.expect(201, 'POST', path, { body: {}, ...key });
  assert.deepEqual(await operator.expect(201, 'POST', path, { body: {}, ...key }), second);
  assert.equal(second.version, 2);
  assert.notEqual(second.secret, secret);
  assert.ok(Date.parse(second.previous_expires_at) > Date.now() + 23 * 3_600_000);
  const third = await operator.expect(201, 'POST', path, { body: { overlap_hours: 0 } });
  const { secrets } = await operator.expect(200, 'GET', `/api/core/tenants/${tenant.id}`);
  assert.deepEqual(secrets.map(({ version }) => version), [3, 1]);
  assert.deepEqual(await demo.databases.search([secret, second.secret, third.secret]), []);
  assert.equal((await operator.post(path, { overlap_hours: 169 })).status, 422);
});

test('tenants are listed newest first over both regions, page by page, and found by status, plan, region and words', async () => {
  const plan = await makePlan(demo);
  const marker = randomUUID().slice(0, 8);
  const made = [];
  for (let i = 0; i < 5; ++i) made.push((await makeTenant(demo, plan, { region: i % 2 ? 'eu' : 'us', name: `Zebra ${marker} quux${i}` })).tenant);
  await setStatus(demo, made[0], 'suspended');
  const list = async (query) => (await operator.expect(200, 'GET', `/api/core/tenants?${query}`)).data.map(({ id }) => id);
  const ids = made.map(({ id }) => id).reverse();
  assert.deepEqual(await list(`plan_id=${plan.id}`), ids);
  const seen = [];
  for (let token = ''; token !== null;) {
    const page = await operator.expect(200, 'GET', `/api/core/tenants?plan_id=${plan.id}&limit=2${token && `&page_token=${token}`}`);
    assert.ok(page.data.length <= 2);
    seen.push(...page.data.map(({ id }) => id));
    token = page.next_page_token;
  }
  assert.deepEqual(seen, ids);
  assert.deepEqual(await list(`plan_id=${plan.id}&status=suspended`), [made[0].id]);
  assert.deepEqual(await list(`plan_id=${plan.id}&region=eu`), [made[3].id, made[1].id]);
  assert.deepEqual(await list(`text=zeb%20${marker}`), ids);
  assert.deepEqual(await list(`text=${marker}%20quux3`), [made[3].id]);
  assert.deepEqual(await list(`text=${encodeURIComponent("' | !")}${marker}x`), []);
  const odd = (await makeTenant(demo, plan, { name: `São-João ${marker}.com 3e12ab/C++` })).tenant;
  for (const text of [`${marker}.com`, `${marker}.co`, '3e12a', '3E12AB/c', 'são', 'JOÃO'])
    assert.deepEqual(await list(new URLSearchParams({ plan_id: plan.id, text })), [odd.id], text);
  assert.equal((await operator.get('/api/core/tenants?page_token=x')).status, 400);
});

test('a search for words reads an index, also under row-level security', async () => {
  await demo.databases.session('us', async (query) => {
    await query("insert into organizations (id, name, slug, region) select gen_random_uuid(), 'Filler ' || i, 'filler-' || i, 'us' from generate_series(1, 20000) i");
    await query('analyze organizations');
    await query('set role gatehouse_platform');
    const { rows } = await query("explain select id from organizations o where o.id = any (array(select x.id from organizations x where words_of(x.name || ' ' || x.slug) @@ '''zebra'':*'::tsquery limit 5000)) order by id desc limit 50");
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    assert.match(plan, /organizations_words/, plan);
    await query('reset role');
    await query("delete from organizations where slug like 'filler-%'");
  });
});

test('a tenant of a region that a node does not serve is answered with the address, for every credential and path', async () => {
  const { tenant, admin, owner, password } = await makeTenant(demo, await makePlan(demo), { region: 'eu' });
  const key = await apiKeyOf(admin);
  const { access_token } = await admin.expect(200, 'POST', '/api/auth/token');
  const node = await Node.start(demo, (text) => text.replace(/\[regions\.eu\]\n(?:[^[\n].*\n)*/, '').replace('[secrets]', '[elsewhere]\neu = "https://eu.example.org"\n\n[secrets]'));
  const there = through(demo, node);
  const ask = (method, path, options) => there.http.send(method, path, options);
  const misdirected = (reply, what) => {
    assert.equal(reply.status, 421, `${what}: ${reply.text}`);
    assert.match(reply.text, /https:\/\/eu\.example\.org/, what);
  };
  misdirected(await ask('GET', '/api/auth/me', { headers: { cookie: admin.cookie } }), 'a session');
  misdirected(await ask('GET', '/api/organization', { headers: { authorization: `Bearer ${access_token}` } }), 'a token');
  misdirected(await ask('POST', '/v1/chat/completions', completion(key)), 'an API key');
  misdirected(await ask('POST', '/api/auth/sign-in', { body: { email: owner.email, password } }), 'a sign-in');
  const here = await Actor.signIn(there, 'operator@gatehouse.test', demo.account('operator@gatehouse.test').password);
  const path = `/api/core/tenants/${tenant.id}`;
  misdirected(await here.get(path), 'an operator’s look');
  misdirected(await here.patch(path, { name: 'Elsewhere' }), 'an operator’s change');
  misdirected(await here.patch(`${path}/status`, { status: 'suspended' }), 'an operator’s suspension');
  misdirected(await here.post(`${path}/secret`, {}), 'an operator’s rotation');
  misdirected(await here.post('/api/core/tenants', tenantBody(await makePlan(demo), { region: 'eu' })), 'a new tenant');
  assert.equal((await here.get(`/api/core/tenants/${randomUUID()}`)).status, 404);
  assert.ok((await here.expect(200, 'GET', '/api/core/tenants')).data.every(({ region }) => region === 'us'));
  there.http.close();
  assert.equal(await node.stop(), 0, node.log);
});

test('nothing of a tenant is in any table of any database of the other region', async () => {
  const { tenant, admin, owner } = await makeTenant(demo, await makePlan(demo), { region: 'eu', data_mode: 'full_content' });
  const key = await apiKeyOf(admin);
  assert.equal((await demo.http.send('POST', '/v1/chat/completions', completion(key))).status, 200);
  const chat = await admin.expect(201, 'POST', '/api/chats', { body: { model: 'demo/echo', title: 'Only here' } });
  await setStatus(demo, tenant, 'suspended');
  await demo.databases.outboxesEmpty();
  await demo.databases.settled('eu');
  const ids = [tenant.id, tenant.slug, owner.id, owner.email, chat.id, admin.me.session_id, ...admin.me.workspaces.map(({ id }) => id)];
  const found = await demo.databases.search(ids);
  const elsewhere = found.filter((place) => /^us(_audit)?\./.test(place));
  assert.deepEqual(elsewhere, []);
  for (const name of ['eu.organizations', 'eu.memberships', 'eu.metering_events', 'eu.chats', 'eu_audit.audit_events']) assert.ok(found.some((place) => place.startsWith(`${name}:`)), name);
  // The control database knows where it is, and neither names nor addresses of people.
  const known = found.filter((place) => place.startsWith('control.'));
  assert.ok(known.length > 0 && known.every((place) => place.startsWith('control.directory:')), known.join('\n'));
  assert.deepEqual((await demo.databases.search([owner.email])).filter((place) => place.startsWith('control.')), []);
});

test('sign-in finds the region by the address alone', async () => {
  const plan = await makePlan(demo);
  for (const region of ['us', 'eu']) {
    const { admin } = await makeTenant(demo, plan, { region });
    assert.equal(admin.organization.region, region);
  }
});

test('a plan’s number of users holds, and other organizations are not meant by it', async () => {
  const plan = await makePlan(demo, { features: { max_users: 1 } });
  const { tenant, admin } = await makeTenant(demo, plan);
  // Somebody who left does not come back to a plan that is full, and does once there is room.
  const gone = randomUUID();
  await demo.databases.rows('us', "insert into users (id, email, name) values ($1, $2, 'Gone')", [gone, `gone-${gone}@a.test`]);
  await demo.databases.rows('us', "insert into memberships (organization_id, user_id, role_code, is_active) values ($1, $2, 'UR', false)", [tenant.id, gone]);
  assert.deepEqual(refusal(await admin.patch(`/api/members/${gone}`, { is_active: true })), [402, 'plan_limit_reached']);
  const { users, plan: shown } = await admin.expect(200, 'GET', '/api/usage');
  assert.deepEqual([users, shown.features], [{ used: 1, limit: 1 }, { max_users: 1 }]);
  await operator.expect(200, 'PATCH', `/api/core/plans/${plan.id}`, { body: { features: { max_users: 2 } }, headers: { 'if-match': '"1"' } });
  await until(async () => (await admin.patch(`/api/members/${gone}`, { is_active: true })).status === 200, { what: 'the plan to have room' });
});
