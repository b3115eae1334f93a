// An OpenID provider on loopback that signs in whoever asks, as the person that the test has set, and lies where it is
// told to.
//
//   person            what the ID token says of them: sub, email, email_verified, name, groups, sid …
//   claims(claims)    changes an ID token's claims before it is signed
//   forge(claims)     makes the token instead
//   document(it)      changes the discovery document
//   userinfo          what that endpoint answers; null: the subject alone
//   answers[path]     {status, body, headers}, or a function of the request, instead of what is right
import { createHash, createHmac, createSign, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';

const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
export const now = () => Math.floor(Date.now() / 1000);

export function makeKey(kid, alg = 'RS256') {
  const pair = alg.startsWith('ES') ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, alg, ...pair, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}

/** A JWS of `key`, its header changed by `header`. */
export function signed(key, claims, header = {}) {
  const text = `${base64url({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })}.${base64url(claims)}`;
  const signature = key.alg.startsWith('ES')
    ? sign('sha256', text, { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
    : createSign('sha256').update(text).sign(key.privateKey);
  return `${text}.${signature.toString('base64url')}`;
}
/** A JWS whose HMAC is keyed with what everybody can read. */
export function signedWithPublicKey(key, claims) {
  const text = `${base64url({ alg: 'HS256', kid: key.kid })}.${base64url(claims)}`;
  const secret = key.publicKey.export({ format: 'pem', type: 'spki' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
export const unsigned = (claims) => `${base64url({ alg: 'none' })}.${base64url(claims)}.`;

export class IdentityProvider {
  clientId = 'gatehouse';
  clientSecret = 'a client secret'.replaceAll(' ', '-');
  requests = [];
  codes = new Map();

  static async start() {
    const provider = new IdentityProvider();
    provider.server = http.createServer((request, response) => provider.#serve(request, response).catch((error) => response.destroy(error)));
    provider.server.listen(0, '127.0.0.1');
    await once(provider.server, 'listening');
    provider.issuer = `http://127.0.0.1:${provider.server.address().port}`;
    provider.be();
    return provider;
  }
  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Honest again, with a key of its own; what was asked is forgotten. */
  be(person = { sub: 'subject-1', email: 'someone@example.test', email_verified: true, name: 'Someone' }) {
    this.key ??= makeKey('key-1');
    this.keys = [this.key];
    Object.assign(this, { person, claims: (claims) => claims, forge: null, document: (it) => it, userinfo: null, answers: {} });
    this.requests.length = 0;
    return this;
  }
  /** How often `path` was asked for. */
  asked(path) { return this.requests.filter((request) => request.path === path).length; }

  async #serve(request, response) {
    const url = new URL(request.url, this.issuer);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    this.requests.push({ path: url.pathname, query: url.searchParams, headers: request.headers, form });
    let answer = this.answers[url.pathname] ?? this.#right(url, request, form);
    if (typeof answer === 'function') answer = await answer({ url, request, form, response });
    if (response.destroyed || !answer) return;
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers }).end(body);
  }

  #right(url, request, form) {
    switch (url.pathname) {
      case '/.well-known/openid-configuration': return { body: this.document(this.#document()) };
      case '/keys': return { body: { keys: this.keys.map((key) => key.jwk) } };
      case '/authorize': return this.#authorize(url.searchParams);
      case '/token': return this.#token(request, form);
      case '/userinfo': return { body: this.userinfo ?? { sub: this.person.sub } };
      default: return { status: 404 };
    }
  }

  #document() {
    return {
      issuer: this.issuer, authorization_endpoint: `${this.issuer}/authorize`, token_endpoint: `${this.issuer}/token`, jwks_uri: `${this.issuer}/keys`,
      userinfo_endpoint: `${this.issuer}/userinfo`, end_session_endpoint: `${this.issuer}/logout`, response_types_supported: ['code'],
      authorization_response_iss_parameter_supported: true, backchannel_logout_supported: true,
    };
  }

  #authorize(query) {
    const code = randomUUID();
    this.codes.set(code, { nonce: query.get('nonce'), challenge: query.get('code_challenge'), redirect: query.get('redirect_uri') });
    const back = new URL(query.get('redirect_uri'));
    for (const [name, value] of Object.entries({ code, state: query.get('state'), iss: this.issuer, session_state: 'of no interest' })) back.searchParams.set(name, value);
    return { status: 302, headers: { location: back.href } };
  }

  #token(request, form) {
    const known = this.codes.get(form.get('code'));
    this.codes.delete(form.get('code'));
    const basic = `Basic ${Buffer.from(`${this.clientId}:${encodeURIComponent(this.clientSecret)}`).toString('base64')}`;
    if (request.headers.authorization !== basic) return { status: 401, body: { error: 'invalid_client' } };
    const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (!known || known.challenge !== proof || known.redirect !== form.get('redirect_uri')) return { status: 400, body: { error: 'invalid_grant' } };
    const claims = this.claims({ iss: this.issuer, aud: this.clientId, iat: now(), exp: now() + 300, nonce: known.nonce, ...this.person });
    return { body: { id_token: this.forge ? this.forge(claims) : signed(this.keys.at(-1), claims), access_token: 'an-access-token', token_type: 'Bearer', expires_in: 300 } };
  }

  /** A logout token as the standard has it. */
  logoutToken(claims = {}, header = { typ: 'logout+jwt' }) {
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    return signed(this.keys.at(-1), { iss: this.issuer, aud: this.clientId, iat: now(), exp: now() + 120, jti: randomUUID(), events, ...claims }, header);
  }
}
