// Tenants of a test's own, provisioned as an operator does.
import { randomUUID } from 'node:crypto';
import { Actor } from './actor.mjs';
import { Http } from './http.mjs';

export const operatorOf = (demo) => demo.as('operator@gatehouse.test');

/** A plan of its own. */
export async function makePlan(demo, change = {}) {
  const operator = await operatorOf(demo);
  const name = `Plan ${randomUUID().slice(0, 8)}`;
  return operator.expect(201, 'POST', '/api/core/plans', { body: { name, slug: name.toLowerCase().replace(' ', '-'), max_requests_month: null, ...change } });
}

export async function planBySlug(demo, slug) {
  const operator = await operatorOf(demo);
  return (await operator.expect(200, 'GET', '/api/core/plans')).data.find((plan) => plan.slug === slug);
}

/** What `POST /api/core/tenants` takes, for a new person. */
export function tenantBody(plan, change = {}) {
  const slug = `t-${randomUUID().slice(0, 13)}`;
  return { name: `Tenant ${slug}`, slug, owner_email: `owner@${slug}.test`, owner_password: 'owner-of-a-tenant-2026', plan_id: plan.id, region: 'us', ...change };
}

/** {tenant, owner, secret, admin}: `admin` is signed in. */
export async function makeTenant(demo, plan, change = {}) {
  const operator = await operatorOf(demo);
  const body = tenantBody(plan, change);
  const made = await operator.expect(201, 'POST', '/api/core/tenants', { body });
  return { ...made, password: body.owner_password, admin: await Actor.signIn(demo, body.owner_email, body.owner_password) };
}

export async function apiKeyOf(admin) {
  return (await admin.expect(201, 'POST', '/api/api-keys', { body: { name: 'For tests' } })).secret;
}

/** Calls through another node of the same installation. */
export const through = (demo, node) => ({ http: new Http(`http://127.0.0.1:${node.port}`), contract: demo.contract, as: (email) => demo.as(email) });

export const completion = (key, body = {}) => ({
  headers: { authorization: `Bearer ${key}` },
  body: { model: 'demo/echo', messages: [{ role: 'user', content: 'hello' }], ...body },
});

export const setStatus = async (demo, tenant, status) => (await operatorOf(demo)).expect(200, 'PATCH', `/api/core/tenants/${tenant.id}/status`, { body: { status } });
