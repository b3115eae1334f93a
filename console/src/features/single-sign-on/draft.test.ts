import { describe, expect, it } from 'vitest';
import type { IdentityProvider, IdentityProviderPreset } from '@/api/types';
import { draftOf, emptyRule, needsSecret, newDraft, wireOf, wrongIn } from './draft';

const provider = {
  name: 'Staff', preset: 'okta', issuer: 'https://acme.okta.com', client_id: 'id', client_auth: 'client_secret_basic', scopes: 'openid', domains: ['acme.test'],
  claims: { email: 'email', email_verified: 'email_verified', name: 'name', groups: 'groups' },
  mapping: { default_role: null, rules: [{ group: 'leads', role_code: 'WM', workspace_ids: [], governance_roles: [] }] }, jit: true, vouches_for_email: false, manages_existing: false,
} as unknown as IdentityProvider;

describe('an identity provider’s draft', () => {
  it('comes back as it was', () => {
    const { mapping, domains, jit } = wireOf(draftOf(provider));
    expect({ mapping, domains, jit }).toEqual({ mapping: provider.mapping, domains: provider.domains, jit: true });
  });
  it('starts from a preset whose issuer is still to be filled in', () => {
    const preset = { name: 'entra', title: 'Microsoft Entra ID', issuer: 'https://login.microsoftonline.com/{tenant id}/v2.0', scopes: 'openid', groups_claim: 'groups', client_auth: 'client_secret_post' } as IdentityProviderPreset;
    const draft = newDraft(preset);
    expect(draft.name).toBe('Microsoft Entra ID');
    expect(wrongIn(draft, null)).toEqual(new Set(['issuer', 'client_id', 'client_secret']));
  });
  it('asks for the secret again when it would be sent elsewhere', () => {
    const draft = draftOf(provider);
    expect(needsSecret(draft, provider)).toBe(false);
    expect(needsSecret({ ...draft, issuer: 'https://evil.test' }, provider)).toBe(true);
    expect(needsSecret(draft, null)).toBe(true);
  });
  it('names what is missing', () => {
    const draft = draftOf(provider);
    expect(wrongIn(draft, provider).size).toBe(0);
    expect(wrongIn({ ...draft, domains: [], vouches_for_email: true, rules: [emptyRule()] }, provider)).toEqual(new Set(['domains', 'group']));
  });
});
