// What an event of SCIM says in a word, by the action's name on the wire.
import type { TFunction } from 'i18next';

const known = {
  'scim.user.create': 'scim.did_user_create',
  'scim.user.update': 'scim.did_user_update',
  'scim.user.delete': 'scim.did_user_delete',
  'scim.group.create': 'scim.did_group_create',
  'scim.group.update': 'scim.did_group_update',
  'scim.group.delete': 'scim.did_group_delete',
  'scim.token.create': 'scim.did_token_create',
  'scim.token.rotate': 'scim.did_token_rotate',
  'scim.token.revoke': 'scim.did_token_revoke',
} as const;

const isKnown = (action: string): action is keyof typeof known => Object.hasOwn(known, action);

export function changeName(action: string, t: TFunction): string {
  return isKnown(action) ? t(known[action]) : action;
}
