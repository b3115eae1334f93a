// Giving a right so that it can be used: who may change a thing and not see it is told that there is none.
import { api, body } from '@/api/client';
import type { Attempt } from '@/api/attempts';
import type { AclAction, Grant, GrantDraft } from '@/api/types';

/** Managing includes reading; writing and updating do not. */
export const needsRead = (action: AclAction): boolean => action === 'WRI' || action === 'UPD';

/** Whether by `grant` its holder may see the thing wherever and whenever `made` opens it. */
export function covers(grant: Grant, made: Grant): boolean {
  const sameHolder = grant.created_for_user_id === made.created_for_user_id && grant.created_for_group_id === made.created_for_group_id;
  const isRead = grant.action === 'MNG' || (grant.action === 'REA' && grant.attributes.scope?.operations_allowed == null);
  const conditions = JSON.stringify(grant.attributes.conditions ?? null);
  const anywhere = conditions === 'null' || conditions === JSON.stringify(made.attributes.conditions ?? null);
  const lasts = grant.valid_from <= made.valid_from && (grant.valid_to == null || (made.valid_to != null && grant.valid_to >= made.valid_to));
  return sameHolder && isRead && anywhere && lasts && (grant.state === 'active' || grant.state === 'scheduled');
}

/** Gives what is wanted and, where that takes one, the grant to read beside it. A try repeated is to the server the same one. */
export async function give(wanted: GrantDraft, { 'Idempotency-Key': key }: Attempt['headers']): Promise<void> {
  const made = await body(api.POST('/api/grants', { headers: { 'Idempotency-Key': key }, body: wanted }));
  if (!needsRead(wanted.action)) return;
  const { data } = await body(api.GET('/api/grants', { params: { query: { resource_kind: wanted.resource_kind, resource_id: wanted.resource_id, limit: 200 } } }));
  if (data.some((grant) => covers(grant, made))) return;
  await body(api.POST('/api/grants', { headers: { 'Idempotency-Key': `${key}-read` }, body: { ...wanted, action: 'REA' } }));
}
