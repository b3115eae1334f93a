// An organization's directory that provisions by SCIM, as identity providers do.
import { strict as assert } from 'node:assert';
import { Actor } from './actor.mjs';

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const patch = (...operations) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations });

export class Directory extends Actor {
  constructor(demo, token) {
    super(demo, 'directory', { authorization: `Bearer ${token}`, accept: 'application/scim+json' });
    this.token = token;
  }

  /** With a token of the administrator's making; the one before ends. */
  static async connect(admin) {
    const { tokens } = await admin.expect(200, 'GET', '/api/scim');
    for (const { id } of tokens) await admin.expect(204, 'DELETE', `/api/scim/tokens/${id}`);
    const { token, scim } = await admin.expect(201, 'POST', '/api/scim/tokens');
    const directory = new Directory(admin.demo, token);
    directory.tokenId = scim.tokens[0].id;
    return directory;
  }

  scim(status, method, path, body, headers) {
    return this.expect(status, method, `/scim/v2${path}`, { body, headers: { 'content-type': 'application/scim+json', ...headers } });
  }

  /** The refusal, which has to have SCIM's shape. */
  async refused(status, scimType, method, path, body, headers) {
    const reply = await this.send(method, `/scim/v2${path}`, { body, headers: { 'content-type': 'application/scim+json', ...headers } });
    const error = reply.json();
    assert.equal(reply.status, status, reply.text);
    assert.equal(reply.type, 'application/scim+json');
    assert.deepEqual(error.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error']);
    assert.equal(error.status, String(status));
    assert.equal(error.scimType, scimType ?? undefined, reply.text);
    assert.ok(error.detail);
    return error;
  }

  user(name, more = {}) {
    return this.scim(201, 'POST', '/Users', { schemas: [userSchema], userName: name, ...more });
  }
  group(name, members = [], more = {}) {
    return this.scim(201, 'POST', '/Groups', { schemas: [groupSchema], displayName: name, members: members.map(({ id }) => ({ value: id })), ...more });
  }
  find(kind, filter, more = '') {
    return this.scim(200, 'GET', `/${kind}?filter=${encodeURIComponent(filter)}${more}`);
  }
}
