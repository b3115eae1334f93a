// What a program may: of what programs can be given, that which its maker holds.
import { useTranslation } from 'react-i18next';
import { allows } from '@/api/session';
import type { Me } from '@/api/types';
import { Checkbox } from '@/ui/field';
import { programPermissions } from './queries';

export function PermissionsField({ me, value, onChange, error }: { me: Me; value: readonly string[]; onChange: (value: string[]) => void; error?: string | undefined }) {
  const { t } = useTranslation();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-xs font-medium text-ink-soft">{t('service_accounts.permissions')}</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {programPermissions
          .filter((permission) => allows(me, permission))
          .map((permission) => (
            <Checkbox
              key={permission}
              label={t(`service_accounts.permission_${permission}`)}
              checked={value.includes(permission)}
              onChange={(event) => onChange(event.target.checked ? [...value, permission] : value.filter((one) => one !== permission))}
            />
          ))}
      </div>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
