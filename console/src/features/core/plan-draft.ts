// A plan as it is typed, and what that means.
import type { Plan } from '@/api/types';

/** The features that are numbers, and the switches: what the server reads (docs/operations.md). */
export const quotas = ['max_users', 'requests_per_second', 'workspace_requests_per_second'] as const;
export const switches = ['sso', 'scim'] as const;
type Features = Record<string, boolean | number>;

export interface PlanDraft {
  name: string;
  slug: string;
  max_requests_month: string;
  max_tenants: string;
  quotas: Record<(typeof quotas)[number], string>;
  switches: Record<(typeof switches)[number], boolean>;
  /** What else the plan has, as JSON; empty for nothing. */
  others: string;
}

const known: readonly string[] = [...quotas, ...switches];

export function planDraft(plan: Plan | null): PlanDraft {
  const features: Features = plan?.features ?? {};
  const others = Object.entries(features).filter(([name]) => !known.includes(name));
  const typed = (name: string) => (typeof features[name] === 'number' ? String(features[name]) : '');
  return {
    name: plan?.name ?? '',
    slug: plan?.slug ?? '',
    max_requests_month: plan ? (plan.max_requests_month?.toString() ?? '') : '500',
    max_tenants: plan?.max_tenants?.toString() ?? '',
    quotas: { max_users: typed('max_users'), requests_per_second: typed('requests_per_second'), workspace_requests_per_second: typed('workspace_requests_per_second') },
    switches: { sso: features['sso'] !== false, scim: features['scim'] !== false },
    others: others.length > 0 ? JSON.stringify(Object.fromEntries(others), null, 2) : '',
  };
}

/** A whole number, null for none, undefined for what is no number. */
export function limitOf(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** Switches and whole numbers by name that have no field of their own; undefined for anything else. */
export function othersOf(text: string): Features | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const good = Object.entries(value).every(([name, one]) => !known.includes(name) && /^[a-z][a-z0-9_]{0,62}$/.test(name) && (typeof one === 'boolean' || (Number.isSafeInteger(one) && (one as number) >= 0)));
  return good ? (value as Features) : undefined;
}

/** Absent is on and unlimited. Undefined while something is no number or no JSON. */
export function featuresOf(draft: PlanDraft): Features | undefined {
  const others = othersOf(draft.others);
  if (others === undefined) return undefined;
  const features: Features = { ...others };
  for (const name of quotas) {
    const limit = limitOf(draft.quotas[name]);
    if (limit === undefined) return undefined;
    if (limit !== null) features[name] = limit;
  }
  for (const name of switches) if (!draft.switches[name]) features[name] = false;
  return features;
}
