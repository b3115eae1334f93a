// Why a sign-in through a provider was refused: the server's reasons, by what the reader can do about them.
import type { TFunction } from 'i18next';

const words = {
  provider_unavailable: 'unavailable',
  provider_not_allowed: 'not_allowed',
  discovery_invalid: 'misconfigured',
  issuer_mismatch: 'misconfigured',
  keys_invalid: 'misconfigured',
  client_refused: 'client_refused',
  token_response_invalid: 'misconfigured',
  groups_invalid: 'groups',
  groups_incomplete: 'groups',
  provider_error: 'provider_error',
  access_denied: 'access_denied',
  response_invalid: 'again',
  code_refused: 'again',
  state_invalid: 'again',
  state_unknown: 'again',
  state_used: 'again',
  state_expired: 'expired',
  other_browser: 'other_browser',
  other_provider: 'other_provider',
  provider_inactive: 'inactive',
  tenant_cancelled: 'cancelled',
  not_in_plan: 'not_in_plan',
  email_missing: 'email_missing',
  domain_not_verified: 'domain_not_verified',
  email_not_verified: 'email_not_verified',
  not_a_member: 'not_a_member',
  account_inactive: 'account_inactive',
  membership_inactive: 'account_inactive',
  no_role: 'no_role',
  plan_full: 'plan_full',
  last_administrator: 'last_administrator',
  linked_to_another: 'linked_to_another',
} as const;

/** In the reader's language; reasons that lie in the provider's tokens share a sentence. */
export function refusalText(reason: string, t: TFunction): string {
  const known = Object.keys(words).find((name): name is keyof typeof words => name === reason);
  return t(`refusal.${known ? words[known] : 'not_accepted'}`);
}
