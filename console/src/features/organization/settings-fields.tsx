import { useTranslation } from 'react-i18next';
import { Field, Input, Select } from '@/ui/field';
import { formatNumber } from '@/ui/format';
import { numberAt, numbers, type Draft, type SharedSettings, type Source } from './settings-draft';

const limits = { 'retention.content_days': 3650, 'retention.metadata_days': 3650, write_cap_per_hour: 1_000_000, auto_archive_chats_days: 3650 } as const;
const names = {
  'retention.content_days': 'settings.content_days',
  'retention.metadata_days': 'settings.metadata_days',
  write_cap_per_hour: 'settings.write_cap',
  auto_archive_chats_days: 'settings.auto_archive',
} as const;

interface Props {
  settings: SharedSettings;
  sources: Partial<Record<string, Source>>;
  draft: Draft;
  onChange: (draft: Draft) => void;
  disabled?: boolean;
  /** The words for what the server refused at one of `settingPlaces`. */
  refused: (place: string) => string | undefined;
}

const placeOf = (path: string) => `/settings/${path.replace('.', '/')}`;
export const settingPlaces = [...numbers, 'allow_guests', 'approval_tiers'].map(placeOf);

/** The settings that an organization and its workspaces share. What is not set shows what holds instead, and whose it is. */
export function SettingsFields({ settings, sources, draft, onChange, disabled = false, refused }: Props) {
  const { t, i18n } = useTranslation();
  const hintOf = (path: string, value: string) => {
    const source = sources[path];
    return source === 'own' || source === undefined ? t('settings.empty_inherits') : t(`settings.from_${source}`, { value });
  };
  const guests = (allowed: boolean) => t(allowed ? 'settings.guests_yes' : 'settings.guests_no');
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {numbers.map((path) => {
        const inForce = numberAt(settings, path);
        const shown = inForce === null ? t('settings.unlimited') : formatNumber(inForce, i18n.language);
        return (
          <Field key={path} label={t(names[path])} hint={hintOf(path, shown)} error={refused(placeOf(path))}>
            {(wiring) => (
              <Input
                {...wiring}
                type="number"
                min={path === 'write_cap_per_hour' ? 0 : 1}
                max={limits[path]}
                disabled={disabled}
                value={draft.numbers[path] ?? ''}
                placeholder={shown}
                onChange={(event) => onChange({ ...draft, numbers: { ...draft.numbers, [path]: event.target.value } })}
              />
            )}
          </Field>
        );
      })}
      <Field label={t('settings.guests')} hint={t('settings.guests_hint')} error={refused(placeOf('allow_guests'))}>
        {(wiring) => (
          <Select
            {...wiring}
            disabled={disabled}
            value={draft.allow_guests === undefined ? '' : String(draft.allow_guests)}
            onChange={(event) => onChange({ ...draft, allow_guests: event.target.value === '' ? undefined : event.target.value === 'true' })}
          >
            <option value="">{t('settings.inherit', { value: guests(settings.allow_guests) })}</option>
            <option value="true">{guests(true)}</option>
            <option value="false">{guests(false)}</option>
          </Select>
        )}
      </Field>
    </div>
  );
}
