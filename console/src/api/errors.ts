// Refusals of the server (RFC 9457 problems; under /v1 OpenAI's error object) as one typed exception.
import type { Decision } from './types';

export interface FieldProblem {
  pointer: string;
  code: string;
  message: string;
}

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: FieldProblem[];
  decision?: Decision;
  challenge?: string;
  /** What /v1 answers instead of all the rest. */
  error?: { code?: string; message?: string };
}

export class ApiError extends Error {
  override readonly name = 'ApiError';

  /** `status` is 0 and `code` "unreachable" when no answer came, and 200 when an answer failed while it streamed. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null,
    readonly retryAfter: number | null,
    readonly fields: readonly FieldProblem[] = [],
    readonly decision: Decision | null = null,
    /** Of a sign-in that wants its second step. */
    readonly challenge: string | null = null,
  ) {
    super(message);
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null;
}

export async function problemOf(response: Response): Promise<ApiError> {
  const parsed: unknown = await response.json().catch(() => null);
  const problem: Problem = isProblem(parsed) ? parsed : {};
  const retry = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return new ApiError(
    response.status,
    problem.code ?? problem.error?.code ?? `http_${response.status}`,
    problem.detail ?? problem.title ?? problem.error?.message ?? response.statusText,
    problem.request_id ?? response.headers.get('x-request-id'),
    Number.isNaN(retry) ? null : retry,
    problem.errors ?? [],
    problem.decision ?? null,
    problem.challenge ?? null,
  );
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}
