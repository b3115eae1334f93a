// The one way to the server: a client typed by the OpenAPI document, which names the session, the organization
// shown and the workspace on every request and turns every refusal into an `ApiError`.
import createClient from 'openapi-fetch';
import { ApiError, problemOf } from './errors';
import type { paths } from './schema';
import { viewedMember } from './view-as';

/** What the shown session adds to its requests. */
export interface Identity {
  csrf_token: string;
  organization_id: string | null;
  workspace_id: () => string | null;
}

type Interruption = 'session_expired' | 'organization_switched' | 'tenant_stopped' | 'second_factor_missing';
type Listener = (interruption: Interruption) => void;

let identity: Identity | null = null;
let listener: Listener = () => undefined;

export function identify(next: Identity | null): void {
  identity = next;
}

/** Called when an answer shows that this page no longer holds the session it believes it holds. */
export function onInterruption(next: Listener): void {
  listener = next;
}

function announce(error: ApiError): void {
  if (error.status === 401 && identity !== null) listener('session_expired');
  if (error.code === 'organization_switched' || error.code === 'second_factor_missing') listener(error.code);
  if (error.code === 'tenant_suspended' || error.code === 'tenant_cancelled') listener('tenant_stopped');
}

/** `fetch` with the identity's headers. Throws `ApiError` for every answer outside 2xx and for no answer. */
export async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const viewed = viewedMember();
  if (viewed) request.headers.set('Gatehouse-View-As', viewed);
  if (identity !== null) {
    if (request.method !== 'GET') request.headers.set('Gatehouse-Csrf', identity.csrf_token);
    if (identity.organization_id) request.headers.set('Gatehouse-Organization', identity.organization_id);
    const workspace = identity.workspace_id();
    if (workspace) request.headers.set('Gatehouse-Workspace', workspace);
  }
  let response: Response;
  try {
    response = await fetch(request);
  } catch (failure) {
    if (request.signal.aborted) throw failure;
    throw new ApiError(0, 'unreachable', '', null, null);
  }
  if (response.ok) return response;
  const error = await problemOf(response);
  announce(error);
  throw error;
}

export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin', fetch: (request) => send(request) });

/** The body of an answer that has one. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}
