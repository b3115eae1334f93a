import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Building2, Ellipsis, KeyRound, Pencil } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { hasCode } from '@/api/errors';
import { allows, useMe } from '@/api/session';
import type { TenantDetail, TenantStatus } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button, IconButton } from '@/ui/button';
import { CopyId } from '@/ui/copy';
import { Dialog } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { useFailureText } from '@/ui/failure';
import { FormAlert } from '@/ui/form-alert';
import { formatNumber } from '@/ui/format';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu';
import { Card, Page } from '@/ui/page';
import { useRefusals } from '@/ui/refusals';
import { SecretShown } from '@/ui/secret-shown';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Time } from '@/ui/time';
import { useToast } from '@/ui/toast';
import { plansQuery, tenantQuery, useRefreshCore } from './queries';
import { StatusDialog } from './status-dialog';
import { StatusChip, UsageBar } from './tenant-looks';
import { StatusItems } from './tenants-page';

export function TenantPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { tenantId } = useParams({ from: '/shell/core/tenants/$tenantId' });
  const { data: tenant, error, isPending, refetch } = useQuery(tenantQuery(tenantId));
  const [doing, setDoing] = useState<'edit' | 'rotate' | TenantStatus | null>(null);
  const stop = () => setDoing(null);
  const manages = allows(me, 'platform_manage');
  const isGone = hasCode(error, 'not_found');
  return (
    <Page
      title={tenant?.name ?? t('nav.tenants')}
      description={tenant?.slug}
      actions={
        <>
          <Button asChild kind="quiet">
            <Link to="/core/tenants">
              <ArrowLeft aria-hidden className="size-4" />
              {t('nav.tenants')}
            </Link>
          </Button>
          {tenant && manages && (
            <Menu
              align="end"
              trigger={
                <IconButton label={t('core.actions_of', { name: tenant.name })}>
                  <Ellipsis />
                </IconButton>
              }
            >
              <MenuItem onSelect={() => setDoing('edit')}>
                <Pencil aria-hidden />
                {t('common.edit')}
              </MenuItem>
              <MenuItem onSelect={() => setDoing('rotate')}>
                <KeyRound aria-hidden />
                {t('core.rotate')}
              </MenuItem>
              <MenuSeparator />
              <StatusItems tenant={tenant} onChange={(_, status) => setDoing(status)} />
            </Menu>
          )}
        </>
      }
    >
      {isPending && <SkeletonRows rows={6} />}
      {isGone && (
        <Empty icon={<Building2 />} title={t('core.tenant_gone')}>
          {t('core.tenant_gone_hint')}
        </Empty>
      )}
      {error && !isGone && <Failure error={error} onRetry={() => void refetch()} />}
      {tenant && <Detail tenant={tenant} />}
      {tenant && doing === 'edit' && <EditDialog tenant={tenant} onClose={stop} />}
      {tenant && doing === 'rotate' && <RotateDialog tenant={tenant} onClose={stop} />}
      {tenant && doing !== null && doing !== 'edit' && doing !== 'rotate' && <StatusDialog tenant={tenant} status={doing} onClose={stop} />}
    </Page>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[8.5rem_minmax(0,1fr)] items-center gap-3 px-4 py-2">
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="flex min-w-0 items-center text-sm">{children}</dd>
    </div>
  );
}

function Detail({ tenant }: { tenant: TenantDetail }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4 sm:p-6">
      <Card title={t('core.tenant')}>
        <dl className="divide-y divide-line">
          <Line name={t('core.status')}>
            <StatusChip status={tenant.status} />
          </Line>
          <Line name={t('core.plan')}><span translate="no">{tenant.plan?.name ?? '—'}</span></Line>
          <Line name={t('core.usage')}>
            <UsageBar used={tenant.usage_this_month.used} limit={tenant.usage_this_month.limit} className="max-w-72 py-1" />
          </Line>
          <Line name={t('core.users')}>
            <span className="tabular">{formatNumber(tenant.users, i18n.language)}</span>
          </Line>
          <Line name={t('core.region')}>{t(`core.region_${tenant.region}`)}</Line>
          <Line name={t('core.data_mode')}>{t(`core.data_mode_${tenant.data_mode}`)}</Line>
          <Line name={t('core.created')}>
            <Time value={tenant.created_at} />
          </Line>
          <Line name={t('core.activated')}>
            <Time value={tenant.activated_at} />
          </Line>
          {tenant.suspended_at && (
            <Line name={t('core.stopped')}>
              <Time value={tenant.suspended_at} />
            </Line>
          )}
          <Line name={t('core.id')}>
            <CopyId value={tenant.id} whole />
          </Line>
        </dl>
      </Card>
      <Card title={t('core.owners')}>
        <ul className="divide-y divide-line">
          {tenant.owners.map((owner) => (
            <li key={owner.id} className="flex min-w-0 flex-col px-4 py-2">
              <span className="truncate text-sm">{owner.name}</span>
              <span className="truncate text-xs text-ink-faint">{owner.email}</span>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t('core.secrets')} description={t('core.secrets_text')}>
        <ul className="divide-y divide-line">
          {tenant.secrets.map((secret) => (
            <li key={secret.version} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm">
              <span>{t('core.secret_version', { version: secret.version })}</span>
              <span className="font-mono text-2xs text-ink-faint">…{secret.last_four}</span>
              {secret.expires_at ? (
                <span className="flex items-center gap-1 text-xs text-ink-faint">
                  {t('core.secret_until')} <Time value={secret.expires_at} />
                </span>
              ) : (
                <Badge tone="ok">{t('core.secret_current')}</Badge>
              )}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}

function EditDialog({ tenant, onClose }: { tenant: TenantDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const refresh = useRefreshCore();
  const { data: plans } = useQuery(plansQuery);
  const [name, setName] = useState(tenant.name);
  const [plan, setPlan] = useState(tenant.plan?.id ?? '');
  const save = useMutation({
    mutationFn: () =>
      body(
        api.PATCH('/api/core/tenants/{tenant_id}', {
          params: { path: { tenant_id: tenant.id } },
          body: { ...(name.trim() !== tenant.name ? { name: name.trim() } : {}), ...(plan !== (tenant.plan?.id ?? '') ? { plan_id: plan } : {}) },
        }),
      ),
    onSuccess: async (saved) => {
      toast.done(t('core.tenant_saved', { name: saved.name }));
      onClose();
      await refresh();
    },
  });
  const refused = useRefusals(save.error, ['/name', '/plan_id']);
  return (
    <Dialog open onClose={onClose} title={t('core.tenant_edit', { name: tenant.name })}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') save.mutate();
        }}
      >
        <Field label={t('core.name')} error={refused.at('/name')}>
          {(wiring) => <Input {...wiring} autoFocus required maxLength={255} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t('core.plan')} hint={t('core.plan_change_hint')} error={refused.at('/plan_id')}>
          {(wiring) => (
            <Select {...wiring} value={plan} onChange={(event) => setPlan(event.target.value)}>
              {!tenant.plan && <option value="">—</option>}
              {plans?.filter((one) => one.is_active || one.id === tenant.plan?.id).map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <FormAlert>{refused.rest}</FormAlert>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" busy={save.isPending} disabled={name.trim() === ''}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const overlaps = [0, 1, 24, 168] as const;

function RotateDialog({ tenant, onClose }: { tenant: TenantDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const refresh = useRefreshCore();
  const [hours, setHours] = useState('24');
  const [attempt] = useState(() => attempts());
  const rotate = useMutation({
    mutationFn: () =>
      attempt(hours, ({ headers }) => body(api.POST('/api/core/tenants/{tenant_id}/secret', { params: { path: { tenant_id: tenant.id } }, headers, body: { overlap_hours: Number(hours) } }))),
    onSuccess: refresh,
  });
  if (rotate.data)
    return (
      <Dialog
        open
        onClose={onClose}
        title={t('core.rotated', { name: tenant.name })}
        footer={
          <Button kind="primary" onClick={onClose}>
            {t('core.stored_it')}
          </Button>
        }
      >
        <div className="flex flex-col gap-3">
          <SecretShown secret={rotate.data.secret} warning={t('core.secret_once')} />
        </div>
      </Dialog>
    );
  return (
    <Dialog open onClose={onClose} title={t('core.rotate')} description={t('core.rotate_text')}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate();
        }}
      >
        <Field label={t('core.overlap')} error={rotate.error ? failureText(rotate.error) : undefined}>
          {(wiring) => (
            <Select {...wiring} value={hours} onChange={(event) => setHours(event.target.value)}>
              {overlaps.map((count) => (
                <option key={count} value={count}>
                  {count === 0 ? t('core.overlap_none') : t('core.overlap_hours', { count })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" busy={rotate.isPending}>
            {t('core.rotate')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
