// People who come into an organization by invitation, as people do.
import { randomUUID } from 'node:crypto';
import { Actor } from './actor.mjs';

/** Invites and accepts: {email, password, code, invitation}. */
export async function invite(admin, body = {}, name = 'Nina Newcomer') {
  const email = `person-${randomUUID().slice(0, 13)}@acme.test`;
  const password = 'a password of some length';
  const { code, invitation } = await admin.expect(201, 'POST', '/api/invitations', { body });
  await admin.demo.nobody().expect(201, 'POST', '/api/invitations/accept', { body: { code, email, name, password } });
  return { email, password, code, invitation };
}

export const signInAs = (demo, email, password) => Actor.signIn(demo, email, password);

/** Invited, accepted and signed in. */
export async function person(admin, body = {}, name = undefined) {
  const { email, password } = await invite(admin, body, name);
  const actor = await signInAs(admin.demo, email, password);
  actor.password = password;
  return actor;
}
