// Group by group: what whoever is in it gets.
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/api/session';
import type { RoleCode } from '@/api/types';
import { Button, IconButton } from '@/ui/button';
import { Checkbox, Field, Input, Select } from '@/ui/field';
import { emptyRule, type Draft, type GroupRule } from './draft';

export const grantable = ['UR', 'WM', 'OA'] as const satisfies readonly RoleCode[];
const governanceRoles = ['WorkspaceAdmin', 'Operator', 'Approver', 'Auditor', 'IntegrationAdmin'] as const;

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  tried: boolean;
  disabled: boolean;
}

export function MappingEditor({ draft, onChange, tried, disabled }: Props) {
  const { t } = useTranslation();
  const set = (key: string, change: Partial<GroupRule>) => onChange({ rules: draft.rules.map((rule) => (rule.key === key ? { ...rule, ...change } : rule)) });
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('sso.default_role')} hint={t('sso.default_role_hint')}>
        {(wiring) => (
          <Select {...wiring} disabled={disabled} value={draft.default_role} onChange={(event) => onChange({ default_role: event.target.value as RoleCode | '' })} className="w-full max-w-xs">
            {grantable.map((role) => (
              <option key={role} value={role}>
                {t(`roles.${role}`)}
              </option>
            ))}
            <option value="">{t('sso.no_role')}</option>
          </Select>
        )}
      </Field>
      <ul aria-label={t('sso.mapping')} className="flex flex-col gap-3">
        {draft.rules.map((rule, at) => (
          <li key={rule.key} className="rounded-md border border-line p-3">
            <Rule rule={rule} position={at + 1} wrong={tried && !rule.group.trim()} disabled={disabled} onChange={(change) => set(rule.key, change)} onRemove={() => onChange({ rules: draft.rules.filter((one) => one.key !== rule.key) })} />
          </li>
        ))}
      </ul>
      {!disabled && (
        <Button size="sm" className="self-start" onClick={() => onChange({ rules: [...draft.rules, emptyRule()] })}>
          <Plus aria-hidden className="size-3.5" />
          {t('sso.add_rule')}
        </Button>
      )}
    </div>
  );
}

interface RuleProps {
  rule: GroupRule;
  position: number;
  wrong: boolean;
  disabled: boolean;
  onChange: (change: Partial<GroupRule>) => void;
  onRemove: () => void;
}

function Rule({ rule, position, wrong, disabled, onChange, onRemove }: RuleProps) {
  const { t } = useTranslation();
  const workspaces = useMe().workspaces.filter((one) => one.workspace_type === 'FUNCTIONAL');
  const toggle = (id: string, on: boolean) => onChange({ workspace_ids: on ? [...rule.workspace_ids, id] : rule.workspace_ids.filter((one) => one !== id) });
  // For the whole organization here; what was set for one workspace stays as it is.
  const has = (role: (typeof governanceRoles)[number]) => rule.governance_roles.some((one) => one.role === role && one.workspace_id === null);
  const give = (role: (typeof governanceRoles)[number], on: boolean) =>
    onChange({ governance_roles: on ? [...rule.governance_roles, { role, workspace_id: null }] : rule.governance_roles.filter((one) => one.role !== role || one.workspace_id !== null) });
  return (
    <fieldset disabled={disabled} className="flex min-w-0 flex-col gap-3">
      <legend className="sr-only">{t('sso.rule', { position })}</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2 sm:grid-cols-[minmax(0,1fr)_14rem_auto]">
        <Field label={t('sso.group')} error={wrong ? t('sso.group_wrong') : undefined}>
          {(wiring) => <Input {...wiring} maxLength={256} spellCheck={false} value={rule.group} onChange={(event) => onChange({ group: event.target.value })} className="font-mono !text-xs" />}
        </Field>
        <Field label={t('sso.role')} className="max-sm:col-span-2 max-sm:row-start-2">
          {(wiring) => (
            <Select {...wiring} value={rule.role_code ?? ''} onChange={(event) => onChange({ role_code: grantable.find((role) => role === event.target.value) ?? null })} className="w-full">
              <option value="">{t('sso.role_default')}</option>
              {grantable.map((role) => (
                <option key={role} value={role}>
                  {t(`roles.${role}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <IconButton label={t('sso.remove_rule', { position })} onClick={onRemove} className="mt-5.5">
          <Trash2 />
        </IconButton>
      </div>
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-ink-soft">{t('sso.workspaces')}</span>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {workspaces.map((workspace) => (
            <Checkbox key={workspace.id} label={workspace.name} checked={rule.workspace_ids.includes(workspace.id)} onChange={(event) => toggle(workspace.id, event.target.checked)} />
          ))}
        </div>
      </div>
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-ink-soft">{t('sso.governance')}</span>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {governanceRoles.map((role) => (
            <Checkbox key={role} label={t(`sso.governance_${role}`)} checked={has(role)} onChange={(event) => give(role, event.target.checked)} />
          ))}
        </div>
      </div>
    </fieldset>
  );
}
