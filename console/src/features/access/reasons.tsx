// An explanation as a chain: what was looked at, in the order in which the server does, and what each gave.
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { Check, CircleCheck, CircleX, Minus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AccessReason, Explanation } from '@/api/types';
import { cx } from '@/ui/classes';

const named = ['MS', 'OA', 'WM', 'UR', 'WorkspaceAdmin', 'Operator', 'Approver', 'Auditor', 'IntegrationAdmin', 'suspended', 'cancelled'] as const;
const grantStates = ['granted', 'no_grant', 'not_yet_valid', 'expired', 'address', 'time'] as const;

const looks = {
  allows: { Icon: Check, tone: 'border-ok/40 bg-ok-soft text-ok' },
  denies: { Icon: X, tone: 'border-danger/40 bg-danger-soft text-danger' },
  nothing: { Icon: Minus, tone: 'border-line bg-surface text-ink-faint' },
} as const;

export function Reasons({ told, onThing }: { told: Explanation; onThing: boolean }) {
  const { t } = useTranslation();
  const Verdict = told.allowed ? CircleCheck : CircleX;
  return (
    <>
      <div className={cx('flex items-start gap-2.5 rounded-md px-3 py-2.5', told.allowed ? 'bg-ok-soft text-ok' : 'bg-danger-soft text-danger')}>
        <Verdict aria-hidden className="mt-0.5 size-5 shrink-0" />
        <span className="min-w-0">
          <span className="block text-base font-semibold">{told.allowed ? t('access.allowed') : t('access.not_allowed')}</span>
          <span className="block text-xs">{verdictOf(told, onThing, t)}</span>
        </span>
      </div>
      <ol aria-label={t('access.reasons')} className="flex flex-col">
        {told.reasons.map((reason, index) => (
          <Step key={index} reason={reason} onThing={onThing} isLast={index === told.reasons.length - 1} />
        ))}
      </ol>
    </>
  );
}

function verdictOf(told: Explanation, onThing: boolean, t: TFunction): string {
  const denial = told.reasons.find(({ effect }) => effect === 'denies');
  if (denial) return sentenceOf(denial, onThing, t);
  if (!told.allowed) return t('access.because_nothing');
  const granted = told.reasons.some(({ source, effect }) => source === 'grant' && effect === 'allows');
  const byRole = told.reasons.some(({ source, effect }) => source !== 'grant' && effect === 'allows');
  if (granted && !byRole) return t('access.because_grant');
  return told.reach && !onThing ? t('access.because_role_reach', { reach: t(`access.reach_${told.reach}`) }) : t('access.because_role');
}

/** In the reader's language; of a name that this console does not know, what it is called on the wire. */
function nameOf({ name }: AccessReason, t: TFunction): string {
  const known = named.find((one) => one === name);
  return known ? t(`access.reason_${known}`) : name;
}

/** Of the others the sentence below says enough. */
const isNamed = ({ source, effect }: AccessReason): boolean => source === 'organization_role' || source === 'governance_role' || (source === 'tenant_status' && effect === 'denies');

function sentenceOf(reason: AccessReason, onThing: boolean, t: TFunction): string {
  const { source, effect, name, reach } = reason;
  switch (source) {
    case 'membership':
      return t(effect === 'denies' ? 'access.why_inactive' : 'access.why_active');
    case 'tenant_status':
      return t(effect === 'denies' ? 'access.why_stopped' : 'access.why_running');
    case 'auditor':
      return t('access.why_auditor');
    case 'grant': {
      const known = grantStates.find((one) => one === name);
      return known ? t(`access.why_${known}`) : name;
    }
    default:
      if (!reach) return t('access.why_not_in_role');
      if (effect === 'allows') return t('access.why_in_role', { reach: t(`access.reach_${reach}`) });
      return onThing ? t('access.why_out_of_reach', { reach: t(`access.reach_${reach}`) }) : t('access.why_not_in_role');
  }
}

function Step({ reason, onThing, isLast }: { reason: AccessReason; onThing: boolean; isLast: boolean }) {
  const { t } = useTranslation();
  const { Icon, tone } = looks[reason.effect];
  return (
    <li className="relative flex gap-3 pb-4 last:pb-0">
      {!isLast && <span aria-hidden className="absolute top-7 bottom-1 left-3.5 w-px -translate-x-1/2 bg-line" />}
      <span className={cx('inline-flex size-7 shrink-0 items-center justify-center rounded-full border', tone)}>
        <Icon aria-hidden className="size-4" />
      </span>
      <div className="min-w-0 pt-0.5">
        <p className={cx('text-sm font-medium', reason.effect === 'nothing' && 'text-ink-soft')}>
          <span className="sr-only">{t(`access.effect_${reason.effect}`)}: </span>
          {t(`access.source_${reason.source}`)}
          {isNamed(reason) && `: ${nameOf(reason, t)}`}
        </p>
        <p className="text-xs text-ink-soft">
          {sentenceOf(reason, onThing, t)}{' '}
          {reason.grant_id && (
            <Link to="/access" search={{ why: true, grant: reason.grant_id }} className="text-accent underline">
              {t('access.show_grant')}
            </Link>
          )}
        </p>
      </div>
    </li>
  );
}
