// ⌘K: every page and every action the person has.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { Building2, CircleHelp, Languages, LogOut, MessageSquare, Palette as PaletteIcon, Plus, Search, ShieldCheck, type LucideIcon } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { allows } from '@/api/session';
import type { Me } from '@/api/types';
import { viewedMember } from '@/api/view-as';
import { recentChatsQuery } from '@/features/chat/queries';
import { useLabels } from '@/features/chat/keeping';
import { organizationPagesOf } from '@/features/organization/pages';
import { rulesQuery } from '@/features/policies/queries';
import { languages } from '@/i18n';
import { Kbd } from '@/ui/kbd';
import { actionsOf } from './actions';
import { useIdentityActions } from './identity';
import { allPagesOf } from './pages';
import { usePreferences } from './preferences';
import { themes } from './theme';

interface EntryProps {
  icon: LucideIcon;
  id: string;
  text: string;
  aside?: ReactNode;
  onSelect: () => void;
}

function Entry({ icon: Icon, id, text, aside, onSelect }: EntryProps) {
  return (
    <Command.Item
      value={`${text} ${id}`}
      onSelect={onSelect}
      className="flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-faint"
    >
      <Icon aria-hidden />
      <span className="min-w-0 flex-1 truncate">{text}</span>
      {aside}
    </Command.Item>
  );
}

const group = '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-faint';

export function Palette({ me, onClose, onShortcuts }: { me: Me; onClose: () => void; onShortcuts: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { signOut, switchOrganization, switchWorkspace } = useIdentityActions(me);
  const { chooseTheme, chooseLanguage } = usePreferences();
  const { data: chats } = useQuery({ ...recentChatsQuery, enabled: allows(me, 'chats_read') });
  const { titleOf } = useLabels(me);
  const { data: rules } = useQuery({ ...rulesQuery, enabled: allows(me, 'policies_read') });
  // Who looks as another changes nothing of theirs, and nothing of their own meanwhile.
  const isSelf = viewedMember() === null;
  const others = isSelf ? me.memberships.filter((one) => one.organization_id !== me.organization?.id) : [];
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-black/40" />
        <Radix.Content aria-describedby={undefined} className="fixed inset-x-3 top-[12vh] z-40 mx-auto max-w-xl animate-rise overflow-hidden rounded-xl bg-raised shadow-pop">
          <Radix.Title className="sr-only">{t('palette.title')}</Radix.Title>
          <Command label={t('palette.title')} loop>
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
              <Command.Input autoFocus placeholder={t('palette.placeholder')} className="h-12 w-full bg-transparent text-base outline-none" />
            </div>
            <Command.List label={t('palette.results')} className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="py-10 text-center text-sm text-ink-soft">{t('palette.nothing')}</Command.Empty>
              <Command.Group heading={t('palette.pages')} className={group}>
                {allPagesOf(me).map((page) => (
                  <Entry
                    key={page.to}
                    id={page.to}
                    icon={page.icon}
                    text={t(page.name)}
                    aside={<span className="flex gap-1"><Kbd keys="g" /><Kbd keys={page.key} /></span>}
                    onSelect={run(() => void navigate({ to: page.to }))}
                  />
                ))}
                {organizationPagesOf(me).map((page) => (
                  <Entry key={page.to} id={page.to} icon={Building2} text={t('palette.page_of', { place: t('nav.organization'), page: t(page.name) })} onSelect={run(() => void navigate({ to: page.to }))} />
                ))}
              </Command.Group>
              <Command.Group heading={t('palette.actions')} className={group}>
                {actionsOf(me).map((action) => (
                  <Entry key={action.id} id={action.id} icon={'icon' in action ? action.icon : Plus} text={'place' in action ? t('palette.page_of', { place: t(action.place), page: t(action.name) }) : t(action.name)} aside={'key' in action && <Kbd keys={action.key} />} onSelect={run(() => void navigate(action.link))} />
                ))}
                <Entry id="shortcuts" icon={CircleHelp} text={t('nav.shortcuts')} aside={<Kbd keys="?" />} onSelect={run(onShortcuts)} />
                {isSelf && themes.map((theme) => (
                  <Entry key={theme} id={`theme-${theme}`} icon={PaletteIcon} text={t('palette.theme', { theme: t(`preferences.theme_${theme}`) })} onSelect={run(() => chooseTheme(theme))} />
                ))}
                {isSelf && languages.map((language) => (
                  <Entry key={language} id={`language-${language}`} icon={Languages} text={t('palette.language', { language: t(`preferences.language_${language}`) })} onSelect={run(() => chooseLanguage(language))} />
                ))}
                <Entry id="sign-out" icon={LogOut} text={t('nav.sign_out')} onSelect={run(() => void signOut())} />
              </Command.Group>
              {others.length + me.workspaces.length > 1 && (
                <Command.Group heading={t('palette.switch')} className={group}>
                  {others.map((one) => (
                    <Entry key={one.organization_id} id={one.organization_id} icon={Building2} text={t('palette.organization', { name: one.name })} onSelect={run(() => void switchOrganization(one.organization_id))} />
                  ))}
                  {me.workspaces.map((one) => (
                    <Entry key={one.id} id={one.id} icon={Building2} text={t('palette.workspace', { name: one.name })} onSelect={run(() => switchWorkspace(one.id))} />
                  ))}
                </Command.Group>
              )}
              {chats && chats.data.length > 0 && (
                <Command.Group heading={t('palette.chats')} className={group}>
                  {chats.data.map((chat) => (
                    <Entry key={chat.id} id={chat.id} icon={MessageSquare} text={titleOf(chat)} onSelect={run(() => void navigate({ to: '/chat/$chatId', params: { chatId: chat.id } }))} />
                  ))}
                </Command.Group>
              )}
              {rules && rules.length > 0 && (
                <Command.Group heading={t('nav.policies')} className={group}>
                  {rules.map((rule) => (
                    <Entry key={rule.id} id={rule.id} icon={ShieldCheck} text={rule.name} onSelect={run(() => void navigate({ to: '/policies/$ruleId', params: { ruleId: rule.id } }))} />
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
