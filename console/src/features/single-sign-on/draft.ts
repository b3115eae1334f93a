// An identity provider as the form holds it, and as the wire wants it.
import type { IdentityProvider, IdentityProviderDraft, IdentityProviderPreset, RoleCode } from '@/api/types';

export type Mapping = IdentityProvider['mapping'];
export type GroupRule = Mapping['rules'][number] & { key: string };

export interface Draft {
  name: string;
  preset: IdentityProvider['preset'];
  issuer: string;
  client_id: string;
  client_auth: IdentityProvider['client_auth'];
  client_secret: string;
  scopes: string;
  domains: string[];
  claims: IdentityProvider['claims'];
  default_role: RoleCode | '';
  rules: GroupRule[];
  jit: boolean;
  vouches_for_email: boolean;
  manages_existing: boolean;
}

export const emptyRule = (): GroupRule => ({ key: crypto.randomUUID(), group: '', role_code: null, workspace_ids: [], governance_roles: [] });

const defaultClaims = { email: 'email', email_verified: 'email_verified', name: 'name', groups: 'groups' };

export function newDraft(preset?: IdentityProviderPreset): Draft {
  return {
    name: preset && preset.name !== 'custom' ? preset.title : '',
    preset: preset?.name ?? 'custom',
    issuer: preset?.issuer || 'https://',
    client_id: '',
    client_auth: preset?.client_auth ?? 'client_secret_basic',
    client_secret: '',
    scopes: preset?.scopes ?? 'openid email profile',
    domains: [],
    claims: { ...defaultClaims, groups: preset?.groups_claim ?? defaultClaims.groups },
    default_role: 'UR',
    rules: [],
    jit: true,
    vouches_for_email: false,
    manages_existing: false,
  };
}

export function draftOf(provider: IdentityProvider): Draft {
  const { name, preset, issuer, client_id, client_auth, scopes, domains, claims, mapping, jit, vouches_for_email, manages_existing } = provider;
  return {
    name, preset, issuer, client_id, client_auth, client_secret: '', scopes, domains, claims, jit, vouches_for_email, manages_existing,
    default_role: mapping.default_role ?? '',
    rules: mapping.rules.map((rule) => ({ ...rule, key: crypto.randomUUID() })),
  };
}

/** A new provider's secret, and a known one's again when it would be sent elsewhere. */
export function needsSecret(draft: Draft, provider: IdentityProvider | null): boolean {
  if (provider === null) return true;
  return draft.issuer.trim() !== provider.issuer || draft.client_id.trim() !== provider.client_id;
}

/** Without whether it is in use, which is switched apart from the form. */
export type Written = Omit<IdentityProviderDraft, 'is_active' | 'client_secret'> & { client_secret?: string };

export function wireOf(draft: Draft): Written {
  const { default_role, rules, client_secret, ...rest } = draft;
  return {
    ...rest,
    name: draft.name.trim(),
    issuer: draft.issuer.trim(),
    client_id: draft.client_id.trim(),
    scopes: draft.scopes.trim(),
    ...(client_secret ? { client_secret } : {}),
    mapping: { default_role: default_role || null, rules: rules.map(({ group, role_code, workspace_ids, governance_roles }) => ({ group: group.trim(), role_code: role_code ?? null, workspace_ids, governance_roles })) },
  };
}

export type Wrong = 'name' | 'issuer' | 'client_id' | 'client_secret' | 'domains' | 'group';

/** What the form can tell is not right yet. */
export function wrongIn(draft: Draft, provider: IdentityProvider | null): ReadonlySet<Wrong> {
  const wrong = new Set<Wrong>();
  if (!draft.name.trim()) wrong.add('name');
  if (!/^https?:\/\/[^\s/?#{}]+[^\s?#{}]*$/.test(draft.issuer.trim())) wrong.add('issuer');
  if (!/^[!-~]+$/.test(draft.client_id.trim())) wrong.add('client_id');
  if (draft.client_secret ? !/^[!-~]+$/.test(draft.client_secret) : needsSecret(draft, provider)) wrong.add('client_secret');
  if (draft.vouches_for_email && draft.domains.length === 0) wrong.add('domains');
  if (draft.rules.some((rule) => !rule.group.trim())) wrong.add('group');
  return wrong;
}
