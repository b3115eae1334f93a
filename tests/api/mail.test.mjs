// How mail is handed over: never without TLS where it is required, with a name and a password where they are asked for.
import { strict as assert } from 'node:assert';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Demo } from '../harness/demo.mjs';
import { Mailbox } from '../harness/mailbox.mjs';
import { until } from '../harness/until.mjs';

const forgot = (demo) => demo.nobody().expect(204, 'POST', '/api/auth/password/forgot', { body: { email: 'user@acme.test' } });

test('a server without STARTTLS is given nothing', async () => {
  const mailbox = await Mailbox.start({ tls: false });
  const demo = await Demo.start({ env: mailbox.env });
  try {
    await forgot(demo);
    await until(async () => Number(await demo.databases.value('us', 'select coalesce(max(tries), 0) from mail_outbox')) >= 1, { within: 30_000, what: 'a try' });
    await until(async () => /gatehouse_mail_failed_total [1-9]/.test((await demo.nobody().get('/metrics')).text), { within: 30_000, what: 'the failure to be counted' });
    assert.equal(mailbox.letters.length, 0);
  } finally {
    await demo.stop();
    await mailbox.stop();
  }
});

test('name and password go to a server whose certificate is right', async () => {
  const mailbox = await Mailbox.start({ user: 'gatehouse' });
  const folder = mkdtempSync(join(tmpdir(), 'mail-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'password');
  writeFileSync(file, 'secret\n');
  chmodSync(file, 0o600);
  const demo = await Demo.start({ env: { ...mailbox.env, GATEHOUSE_MAIL__USERNAME: 'gatehouse', GATEHOUSE_MAIL__PASSWORD__FILE: file } });
  try {
    await forgot(demo);
    const letter = await mailbox.next('user@acme.test');
    assert.deepEqual([letter.secure, letter.user], [true, 'gatehouse']);
  } finally {
    await demo.stop();
    await mailbox.stop();
  }
});

test('without a server nothing is sent, and an administrator is shown the link', async () => {
  const demo = await Demo.start();
  try {
    const info = await demo.nobody().expect(200, 'GET', '/api/info');
    assert.deepEqual([info.mail, info.sign_up], [false, 'found']);
    await forgot(demo);
    const admin = await demo.as('admin@acme.test');
    const user = await demo.as('user@acme.test');
    const made = await admin.expect(201, 'POST', `/api/members/${user.me.user.id}/password-reset`);
    assert.equal(made.sent, false);
    const token = made.url.split('#')[1];
    await demo.nobody().expect(204, 'POST', '/api/auth/password/reset', { body: { token, password: 'orbital lantern quiet moss' } });
    assert.equal(Number(await demo.databases.value('us', 'select count(*) from mail_outbox')), 0);

    const manager = await demo.as('manager@acme.test');
    const early = await admin.expect(201, 'POST', `/api/members/${manager.me.user.id}/password-reset`);
    const { code } = await (await demo.as('admin@borealis.test')).expect(201, 'POST', '/api/invitations', { body: {} });
    await manager.expect(200, 'POST', '/api/invitations/join', { body: { code } });
    const late = await demo.nobody().post('/api/auth/password/reset', { token: early.url.split('#')[1], password: 'orbital lantern quiet moss' });
    assert.equal(late.json().code, 'invalid_link', 'by now the person belongs elsewhere too');
  } finally {
    await demo.stop();
  }
});
