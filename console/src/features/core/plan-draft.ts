// A plan as it is typed, and what that means.
import type { Plan } from '@/api/types';

export interface PlanDraft {
  name: string;
  slug: string;
  max_requests_month: string;
  max_tenants: string;
  /** JSON. */
  features: string;
}

export function planDraft(plan: Plan | null): PlanDraft {
  if (!plan) return { name: '', slug: '', max_requests_month: '500', max_tenants: '', features: '{}' };
  return {
    name: plan.name,
    slug: plan.slug,
    max_requests_month: plan.max_requests_month?.toString() ?? '',
    max_tenants: plan.max_tenants?.toString() ?? '',
    features: JSON.stringify(plan.features, null, 2),
  };
}

/** A whole number, null for none, undefined for what is no number. */
export function limitOf(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** Switches and whole numbers by name; undefined for anything else. */
export function featuresOf(text: string): Record<string, boolean | number> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const good = entries.every(([name, one]) => /^[a-z][a-z0-9_]{0,62}$/.test(name) && (typeof one === 'boolean' || (Number.isSafeInteger(one) && (one as number) >= 0)));
  return good ? (value as Record<string, boolean | number>) : undefined;
}
