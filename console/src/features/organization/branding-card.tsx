import { ImageUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Organization } from '@/api/types';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { FormAlert } from '@/ui/form-alert';
import { Card } from '@/ui/page';
import { useRefusals } from '@/ui/refusals';
import { useUpdateOrganization } from './use-update-organization';

const largest = 64 * 1024;
const types = ['image/png', 'image/jpeg', 'image/webp'];

/** An image within the document; of one at another address, which an older version took, nothing is loaded. */
export const ownImage = (url: string | null | undefined): string | null => (url?.startsWith('data:image/') ? url : null);

export function BrandingCard({ organization, version }: { organization: Organization; version: string }) {
  const { t } = useTranslation();
  const update = useUpdateOrganization(version);
  const refused = useRefusals(update.error, ['/branding/logo_url', '/branding/primary_color']);
  const { branding } = organization;
  const [color, setColor] = useState(branding.primary_color ?? '');
  const [refusal, setRefusal] = useState<string | null>(null);
  const logo = ownImage(branding.logo_url);
  const choose = (file: File | undefined) => {
    if (!file) return;
    if (!types.includes(file.type) || file.size > largest) {
      setRefusal(t('settings.logo_refused'));
      return;
    }
    setRefusal(null);
    const reader = new FileReader();
    reader.onload = () => {
      if (typeof reader.result === 'string') update.mutate({ branding: { logo_url: reader.result } });
    };
    reader.readAsDataURL(file);
  };
  return (
    <Card title={t('settings.branding')} description={t('settings.branding_hint')}>
      <div className="flex flex-col gap-4 p-4">
        <div className="flex flex-wrap items-center gap-4">
          {logo ? (
            <img src={logo} alt={t('settings.logo')} className="size-12 rounded-md border border-line object-contain" />
          ) : (
            <span aria-hidden className="inline-flex size-12 items-center justify-center rounded-md border border-dashed border-line-strong text-lg text-ink-faint">
              {organization.name.slice(0, 1).toUpperCase()}
            </span>
          )}
          <Field label={t('settings.logo')} hint={t('settings.logo_hint')} error={refusal ?? refused.at('/branding/logo_url')} className="flex-1">
            {(wiring) => (
              // The browser's own button speaks the browser's language.
              <span className="flex">
                <input {...wiring} type="file" accept={types.join(',')} className="peer sr-only" onChange={(event) => choose(event.target.files?.[0])} />
                <label
                  htmlFor={wiring.id}
                  className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-xs font-medium shadow-card peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent hover:bg-hover"
                >
                  <ImageUp aria-hidden className="size-4" />
                  {t('settings.choose_logo')}
                </label>
              </span>
            )}
          </Field>
          {branding.logo_url && (
            <Button size="sm" busy={update.isPending} onClick={() => update.mutate({ branding: { logo_url: null } })}>
              {t('settings.remove_logo')}
            </Button>
          )}
        </div>
        <form
          className="flex flex-wrap items-start gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            update.mutate({ branding: { primary_color: color.trim() || null } });
          }}
        >
          <Field label={t('settings.primary_color')} hint={t('settings.color_hint')} error={refused.at('/branding/primary_color')} className="flex-1 basis-48">
            {(wiring) => <Input {...wiring} pattern="#[0-9a-fA-F]{6}" maxLength={7} placeholder="#3498db" value={color} onChange={(event) => setColor(event.target.value)} />}
          </Field>
          <Button kind="primary" type="submit" className="mt-5.5" disabled={color.trim() === (branding.primary_color ?? '')} busy={update.isPending}>
            {t('common.save')}
          </Button>
        </form>
        <FormAlert>{refused.rest}</FormAlert>
      </div>
    </Card>
  );
}
