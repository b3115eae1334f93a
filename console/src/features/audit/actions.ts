// The actions that events name, by family. The log is filtered by a whole family or by one action of it.
import type { TFunction } from 'i18next';

const families = {
  access: ['explain'],
  account: ['read', 'update'],
  api_key: ['create', 'list', 'revoke'],
  audit: ['export', 'list', 'read', 'verify'],
  chat: ['create', 'delete', 'list', 'message.create', 'read', 'stream.resume', 'stream.stop', 'update'],
  checklist: ['read', 'update'],
  dashboard: ['read'],
  domain: ['create', 'delete', 'list', 'verify'],
  identity_provider: ['create', 'delete', 'list', 'presets', 'read', 'read_test', 'test', 'update'],
  login: ['link', 'list', 'start', 'unlink'],
  grant: ['create', 'list', 'read', 'revoke'],
  group: ['create', 'delete', 'list', 'read', 'update'],
  group_member: ['create', 'delete', 'list'],
  invitation: ['accept', 'create', 'join', 'list', 'preview', 'revoke'],
  member: ['create', 'delete', 'join', 'list', 'read', 'update'],
  membership: ['create', 'update'],
  model: ['call', 'list', 'read'],
  operator: ['create', 'reset'],
  organization: ['create', 'read', 'update'],
  password: ['change', 'forgot', 'reset', 'reset_link'],
  plan: ['create', 'delete', 'list', 'read', 'update'],
  policy: ['create', 'delete', 'detector.list', 'evaluate', 'list', 'order', 'read', 'update'],
  profile: ['read', 'update'],
  provider: ['create', 'delete', 'list', 'read', 'update'],
  role: ['matrix'],
  role_assignment: ['create', 'delete', 'list'],
  scim: [
    'discovery.read', 'group.create', 'group.delete', 'group.list', 'group.read', 'group.update', 'token.create', 'token.read',
    'token.revoke', 'token.rotate', 'user.create', 'user.delete', 'user.list', 'user.read', 'user.update',
  ],
  second_factor: ['begin', 'disable', 'enable', 'read', 'recovery_codes', 'verify'],
  service_account: ['certificate.create', 'certificate.revoke', 'create', 'list', 'read', 'secret.create', 'secret.revoke', 'update'],
  session: ['create', 'find', 'list', 'list_all', 'replay', 'revoke', 'revoke_any', 'switch'],
  sign_up: ['confirm', 'start'],
  simulator: ['execution.list', 'run'],
  stage: ['configure', 'list', 'version.list'],
  tenant: ['create', 'list', 'read', 'secret.rotate', 'status.update', 'update'],
  token: ['create'],
  usage: ['read'],
  workspace: ['create', 'delete', 'join', 'leave', 'list', 'read', 'update'],
  workspace_person: ['delete', 'list', 'update'],
} as const satisfies Record<string, readonly string[]>;

type Family = keyof typeof families;
type Verb = (typeof families)[Family][number];

export interface ActionName {
  /** As the filter takes it. */
  value: string;
  /** In the reader's language; of an action that this console does not know, what it is called on the wire. */
  name: string;
}

/** Keys of the tables have no dots in them. */
type VerbKey<V extends string> = V extends `${infer Head}.${infer Tail}` ? `${Head}_${Tail}` : V;
const keyOf = <V extends Verb>(verb: V) => verb.replace('.', '_') as VerbKey<V>;

/** Every family, each before its actions, with those of `seen` that are not among them. */
export function actionNames(seen: readonly string[], t: TFunction): ActionName[] {
  const known = (Object.keys(families) as Family[]).flatMap((family): ActionName[] => {
    const familyName = t(`audit.family_${family}`);
    const verbs: readonly Verb[] = families[family];
    return [{ value: family, name: t('audit.whole_family', { family: familyName }) }, ...verbs.map((verb) => ({ value: `${family}.${verb}`, name: t('audit.action_name', { family: familyName, verb: t(`audit.verb_${keyOf(verb)}`) }) }))];
  });
  const others = seen.filter((action) => !known.some(({ value }) => value === action));
  return [...known, ...others.map((action) => ({ value: action, name: action }))];
}
