import { describe, expect, it } from 'vitest';
import { problemOf } from './errors';

const answer = (body: string, status = 502) => new Response(body, { status, statusText: 'Bad Gateway', headers: { 'x-request-id': 'r1' } });

describe('a refusal', () => {
  it('is what a problem says', async () => {
    const error = await problemOf(answer('{"code":"conflict","title":"Conflict","detail":"There is a group of this name","request_id":"r2"}', 409));
    expect([error.status, error.code, error.message, error.requestId]).toEqual([409, 'conflict', 'There is a group of this name', 'r2']);
  });

  it('is what the error object says where models are called', async () => {
    const error = await problemOf(answer('{"error":{"message":"the name does not resolve","type":"server_error","param":null,"code":"upstream_failed"}}'));
    expect([error.code, error.message, error.requestId]).toEqual(['upstream_failed', 'the name does not resolve', 'r1']);
  });

  it('is its status where somebody else answers', async () => {
    const error = await problemOf(answer('<html>'));
    expect([error.code, error.message]).toEqual(['http_502', 'Bad Gateway']);
  });
});
