// What a grant can be on, and which of the four actions open something there.
import { allows } from '@/api/session';
import type { AclAction, Me } from '@/api/types';

/** The organization has roles alone: a grant on it would open nothing. */
export const grantable = ['CHT', 'WSP', 'PRL'] as const;
export type Grantable = (typeof grantable)[number];

/** MNG includes the others. */
export const actionsOn = { CHT: ['REA', 'WRI', 'UPD', 'MNG'], WSP: ['REA', 'UPD', 'MNG'], PRL: ['REA'] } as const satisfies Record<Grantable, readonly AclAction[]>;

export const meanings = ['CHT_REA', 'CHT_WRI', 'CHT_UPD', 'CHT_MNG', 'WSP_REA', 'WSP_UPD', 'WSP_MNG', 'PRL_REA'] as const;

/** Of a profile, what a grant can be narrowed to. */
export const profileFields = ['name', 'email', 'role_code', 'is_owner', 'phone', 'department', 'job_title', 'location', 'timezone', 'avatar_url'] as const;

export interface Thing {
  kind: Grantable;
  id: string;
  /** Null where only the id is known. */
  name: string | null;
}

/** Kinds of which this person may have something to give. The server decides about each thing. */
export function kindsOf(me: Me): readonly Grantable[] {
  return grantable.filter((kind) => kind !== 'WSP' || allows(me, 'workspaces_manage'));
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** The id in an address of this console, or the id itself. */
export function idIn(text: string): string | null {
  return uuid.exec(text)?.[0].toLowerCase() ?? null;
}
