// The server's own OpenAPI document, and whether an answer keeps to it.
import { strict as assert } from 'node:assert';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const openaiError = {
  type: 'object', required: ['error'], additionalProperties: false,
  properties: { error: {
    type: 'object', required: ['message', 'type', 'code'], additionalProperties: true,
    properties: { message: { type: 'string', minLength: 1 }, type: { type: 'string' }, param: { type: ['string', 'null'] }, code: { type: 'string' } },
  } },
};

export class Contract {
  #ajv = new Ajv({ strict: false, allErrors: true });
  #validators = new Map();

  constructor(document) {
    this.document = document;
    addFormats(this.#ajv);
    this.#ajv.addSchema({ ...document, $id: 'openapi' });
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      methods.filter((method) => item[method]).map((method) => describe(method.toUpperCase(), path, item[method])));
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
    if (reply.status >= 400) return this.#checkFailure(what, path, reply);
    if (!operation) return;
    const answer = operation.responses[reply.status];
    // 204 is how a stream that is not there is answered.
    if (reply.status === 204) return assert.equal(reply.body.length, 0, `${what} with a body`);
    assert.ok(answer, `${what}, which is not documented`);
    const schema = answer.content?.['application/json']?.schema;
    if (!schema) return;
    assert.equal(reply.type, 'application/json', what);
    this.validate(schema, reply.json(), what);
  }

  #checkFailure(what, path, reply) {
    const body = reply.json();
    if (path.startsWith('/v1/') && reply.type === 'application/json') return this.validate(openaiError, body, what);
    assert.equal(reply.type, 'application/problem+json', what);
    this.validate({ $ref: 'openapi#/components/schemas/Problem' }, body, what);
    assert.equal(body.status, reply.status, what);
    assert.equal(body.request_id, reply.requestId, what);
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

function describe(method, path, operation) {
  const success = Object.keys(operation.responses).map(Number).find((status) => status >= 200 && status < 300);
  return {
    method, path, name: `${method} ${path}`, id: operation.operationId, permission: operation['x-permission'],
    action: operation['x-audit-action'], parameters: operation.parameters ?? [], takesBody: Boolean(operation.requestBody),
    responses: operation.responses, success, ids: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
  };
}

const fits = (template, segments) =>
  template.length === segments.length && template.every((part, i) => part === segments[i] || (part.startsWith('{') && segments[i] !== ''));

/** Schemas refer to the document by a fragment; here they stand outside it. */
function absolute(schema) {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    (key === '$ref' && value.startsWith('#') ? `openapi${value}` : value));
}
