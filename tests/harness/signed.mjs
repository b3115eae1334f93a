// Requests signed with a tenant's secret, as an organization's own server signs them (HMAC v1).
import { createHash, createHmac, randomUUID } from 'node:crypto';

/** Headers for one request. `at`: seconds since 1970. */
export function sign({ secret, organization, region = 'us', version = 1 }, method, target, body, { at = Math.floor(Date.now() / 1000), nonce = randomUUID() } = {}) {
  const content = createHash('sha256').update(body ?? '').digest('hex');
  const text = ['v1', at, nonce, method, target, content].join('\n');
  return {
    'gatehouse-tenant': `${region}.${organization}.${version}`, 'gatehouse-timestamp': String(at), 'gatehouse-nonce': nonce, 'gatehouse-content-sha256': content,
    'gatehouse-signature': `v1=${createHmac('sha256', secret).update(text).digest('hex')}`,
  };
}
