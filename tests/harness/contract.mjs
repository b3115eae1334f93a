// The server's own OpenAPI document, and whether an answer keeps to it.
import { strict as assert } from 'node:assert';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

export class Contract {
  #ajv = new Ajv({ strict: false, allErrors: true });
  #validators = new Map();

  constructor(document) {
    this.document = document;
    addFormats(this.#ajv);
    this.#ajv.addSchema({ ...document, $id: 'openapi' });
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      methods.filter((method) => item[method]).map((method) => this.#describe(method.toUpperCase(), path, item[method])));
  }

  find(method, address) {
    const segments = address.split('?')[0].split('/');
    const score = (operation) => operation.path.split('/').filter((segment) => !segment.startsWith('{')).length;
    return this.operations
      .filter((operation) => operation.method === method && fits(operation.path.split('/'), segments))
      .sort((a, b) => score(b) - score(a))[0];
  }

  /** Throws unless the answer is one that the document allows for this call. */
  check(method, path, reply) {
    const operation = this.find(method, path);
    const what = `${method} ${path} gave ${reply.status}`;
    assert.ok(reply.requestId, `${what} without x-request-id`);
    if (reply.status >= 400) return this.#checkFailure(what, path, operation, reply);
    if (!operation) return;
    const answer = this.#resolve(operation.responses[reply.status]);
    // 204 is how a stream that is not there is answered.
    if (reply.status === 204) return assert.equal(reply.body.length, 0, `${what} with a body`);
    assert.ok(answer, `${what}, which is not documented`);
    if (answer.headers?.ETag) assert.match(reply.headers.etag ?? '', /^"\d+"$/, `${what} without its ETag`);
    if (!answer.content) return;
    const schema = schemaFor(answer, reply, what);
    if (reply.type === 'application/json') this.validate(schema, reply.json(), what);
  }

  /** What is no operation's is answered as OpenAI's clients expect under `/v1`, as directories do under `/scim`, by problems elsewhere. */
  #checkFailure(what, path, operation, reply) {
    const style = path.startsWith('/v1/') ? 'OpenAiError' : path.startsWith('/scim/') ? 'ScimError' : 'Problem';
    const other = { $ref: `#/components/responses/${style}` };
    const answer = operation ? operation.responses[reply.status] ?? operation.responses.default : other;
    const body = reply.json();
    this.validate(schemaFor(this.#resolve(answer), reply, what), body, what);
    if (reply.type !== 'application/problem+json') return;
    assert.equal(body.status, reply.status, what);
    assert.equal(body.request_id, reply.requestId, what);
  }

  #resolve(value) {
    if (!value?.$ref) return value;
    return value.$ref.slice('#/'.length).split('/').reduce((at, name) => at[name], this.document);
  }

  #describe(method, path, operation) {
    const success = Object.keys(operation.responses).map(Number).find((status) => status >= 200 && status < 400);
    return {
      method, path, name: `${method} ${path}`, id: operation.operationId, permission: operation['x-permission'],
      action: operation['x-audit-action'], parameters: (operation.parameters ?? []).map((each) => this.#resolve(each)),
      takesBody: Boolean(operation.requestBody), responses: operation.responses, success,
      ids: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
    };
  }

  validate(schema, value, what) {
    const key = JSON.stringify(schema);
    if (!this.#validators.has(key)) this.#validators.set(key, this.#ajv.compile(absolute(schema)));
    const validator = this.#validators.get(key);
    if (validator(value)) return;
    const problems = validator.errors.slice(0, 5).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
    throw new assert.AssertionError({ message: `${what}, which breaks its schema: ${problems.join('; ')}\n${JSON.stringify(value).slice(0, 800)}` });
  }
}

function schemaFor(answer, reply, what) {
  assert.ok(answer.content[reply.type], `${what} as ${reply.type}, and ${Object.keys(answer.content)} are documented`);
  return answer.content[reply.type].schema;
}

const fits = (template, segments) =>
  template.length === segments.length && template.every((part, i) => part === segments[i] || (part.startsWith('{') && segments[i] !== ''));

/** Schemas refer to the document by a fragment; here they stand outside it. */
function absolute(schema) {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    (key === '$ref' && value.startsWith('#') ? `openapi${value}` : value));
}
