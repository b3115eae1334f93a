import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows } from '@/api/session';
import type { Me } from '@/api/types';
import { Dialog } from '@/ui/dialog';
import { Checkbox } from '@/ui/field';
import { Kbd } from '@/ui/kbd';
import { allPagesOf } from './pages';
import { setSingleKeys, singleKeysOn } from './shortcuts';

export function ShortcutsDialog({ me, onClose }: { me: Me; onClose: () => void }) {
  const { t } = useTranslation();
  const [single, setSingle] = useState(singleKeysOn);
  const chats = allows(me, 'chats_write');
  const groups: { title: string; rows: [text: string, ...keys: string[]][] }[] = [
    {
      title: t('shortcuts.everywhere'),
      rows: [
        [t('shortcuts.palette'), 'mod+k'],
        [t('shortcuts.this_list'), '?'],
        ...allPagesOf(me).map((page): [string, string, string] => [t('shortcuts.go_to', { page: t(page.name) }), 'g', page.key]),
      ],
    },
    ...(chats
      ? [
          {
            title: t('nav.chat'),
            rows: [
              [t('chat.new'), 'c'],
              [t('shortcuts.focus_message'), '/'],
              [t('shortcuts.send'), 'enter'],
              [t('shortcuts.new_line'), 'shift+enter'],
              [t('shortcuts.stop'), 'esc'],
            ] as [string, ...string[]][],
          },
        ]
      : []),
    ...(allows(me, 'policies_manage') ? [{ title: t('nav.policies'), rows: [[t('shortcuts.move_rule'), 'alt+up', 'alt+down']] as [string, ...string[]][] }] : []),
  ];
  return (
    <Dialog open onClose={onClose} title={t('nav.shortcuts')}>
      <div className="flex flex-col gap-5 pb-3">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1.5 text-2xs font-medium text-ink-faint">{group.title}</h3>
            <dl>
              {group.rows.map(([text, ...keys]) => (
                <div key={text} className="flex min-h-8 items-center justify-between gap-3 border-b border-line last:border-0">
                  <dt>{text}</dt>
                  <dd className="flex gap-1.5">
                    {keys.map((one) => (
                      <Kbd key={one} keys={one} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Checkbox
          label={t('shortcuts.single_keys')}
          checked={single}
          onChange={(event) => {
            setSingle(event.target.checked);
            setSingleKeys(event.target.checked);
          }}
        />
      </div>
    </Dialog>
  );
}
