import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Segmented } from '@/ui/segmented';
import { toLocal } from './filters';
import { exportLink, type AuditFilter, type ExportFormat } from './queries';

const formats: readonly ExportFormat[] = ['csv', 'json', 'jsonl'];
const formatNames: Record<ExportFormat, string> = { csv: 'CSV', json: 'JSON', jsonl: 'JSON Lines' };

/** Exports what the filters show, over a period that may be set here. */
export function ExportMenu({ filter }: { filter: AuditFilter }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Download aria-hidden className="size-4" />
        {t('audit.export')}
      </Button>
      {open && <ExportDialog filter={filter} onClose={() => setOpen(false)} />}
    </>
  );
}

function ExportDialog({ filter, onClose }: { filter: AuditFilter; onClose: () => void }) {
  const { t } = useTranslation();
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [from, setFrom] = useState(filter.from ? toLocal(new Date(filter.from)) : '');
  const [to, setTo] = useState(filter.to ? toLocal(new Date(filter.to)) : '');
  const others: AuditFilter = { ...filter };
  delete others.from;
  delete others.to;
  const chosen: AuditFilter = { ...others, ...(from ? { from: new Date(from).toISOString() } : {}), ...(to ? { to: new Date(to).toISOString() } : {}) };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('audit.export_title')}
      description={t('audit.export_text')}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button asChild kind="primary">
            <a href={exportLink(format, chosen)} download onClick={onClose}>
              <Download aria-hidden className="size-4" />
              {t('audit.download')}
            </a>
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Segmented label={t('audit.format')} value={format} onChange={setFormat} options={formats.map((value) => ({ value, label: formatNames[value] }))} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('audit.from')} hint={t('audit.from_hint')}>
            {(wiring) => <Input {...wiring} type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />}
          </Field>
          <Field label={t('audit.to')} hint={t('audit.to_hint')}>
            {(wiring) => <Input {...wiring} type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />}
          </Field>
        </div>
        {Object.keys(others).length > 0 && <p className="text-xs text-ink-faint">{t('audit.export_filtered')}</p>}
      </div>
    </Dialog>
  );
}
