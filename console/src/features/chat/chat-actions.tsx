// Rename, pin, archive, tag and delete: the same menu in the list and in the conversation's header.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Archive, ArchiveRestore, Ellipsis, Pencil, Pin, PinOff, Tags, Trash2, UserRoundPlus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { allows } from '@/api/session';
import type { Chat, Me } from '@/api/types';
import { Button, IconButton } from '@/ui/button';
import { ConfirmDialog, Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu';
import { useToast } from '@/ui/toast';
import { useKeeping, useKeepLabels, useLabels } from './keeping';
import { showChat, useRefreshChats } from './queries';

const ShareDialog = lazy(() => import('@/features/access/share-dialog').then((module) => ({ default: module.ShareDialog })));

type Change = Partial<Pick<Chat, 'is_pinned' | 'is_archived' | 'tags'>> & { title?: string };

function useChatActions(me: Me, chat: Chat) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const navigate = useNavigate();
  const params = useParams({ strict: false });
  const keeping = useKeeping(me);
  const keepLabels = useKeepLabels(me);
  const refresh = useRefreshChats();
  const change = useMutation({
    mutationFn: (values: Change) => body(api.PATCH('/api/chats/{chat_id}', { params: { path: { chat_id: chat.id } }, body: values })),
    onSuccess: (changed) => {
      showChat(client, changed);
      refresh();
    },
    onError: toast.failed,
  });
  const remove = useMutation({
    mutationFn: async () => {
      await api.DELETE('/api/chats/{chat_id}', { params: { path: { chat_id: chat.id } } });
      await keeping?.forgetChat(chat.id);
    },
    onSuccess: async () => {
      toast.done(t('chat.deleted'));
      if (params.chatId === chat.id) await navigate({ to: '/chat' });
      client.removeQueries({ queryKey: ['chat', chat.id] });
      refresh();
    },
    onError: toast.failed,
  });
  return {
    change: change.mutate,
    remove: remove.mutate,
    removing: remove.isPending,
    rename: (title: string) => {
      // Where the server keeps no texts, titles and tags are among them.
      if (keepLabels) void keepLabels.keepTitle(chat.id, title).catch(toast.failed);
      else change.mutate({ title });
    },
    tag: (tags: string[]) => {
      if (keepLabels) void keepLabels.keepTags(chat.id, tags).catch(toast.failed);
      else change.mutate({ tags });
    },
  };
}

export function ChatMenu({ me, chat, title }: { me: Me; chat: Chat; title: string }) {
  const { t } = useTranslation();
  const { change, remove, removing, rename, tag } = useChatActions(me, chat);
  const { tagsOf } = useLabels(me);
  const [dialog, setDialog] = useState<'rename' | 'tags' | 'share' | 'delete' | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t('chat.actions', { title })}>
            <Ellipsis />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => setDialog('rename')}>
          <Pencil aria-hidden />
          {t('chat.rename')}
        </MenuItem>
        <MenuItem onSelect={() => change({ is_pinned: !chat.is_pinned })}>
          {chat.is_pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />}
          {chat.is_pinned ? t('chat.unpin') : t('chat.pin')}
        </MenuItem>
        <MenuItem onSelect={() => setDialog('tags')}>
          <Tags aria-hidden />
          {t('chat.edit_tags')}
        </MenuItem>
        {allows(me, 'grants_manage') && (
          <MenuItem onSelect={() => setDialog('share')}>
            <UserRoundPlus aria-hidden />
            {t('access.share_chat')}
          </MenuItem>
        )}
        <MenuItem onSelect={() => change({ is_archived: !chat.is_archived })}>
          {chat.is_archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
          {chat.is_archived ? t('chat.unarchive') : t('chat.archive')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger onSelect={() => setDialog('delete')}>
          <Trash2 aria-hidden />
          {t('chat.delete')}
        </MenuItem>
      </Menu>
      {dialog === 'share' && (
        <Suspense>
          <ShareDialog chatId={chat.id} title={title} onClose={close} />
        </Suspense>
      )}
      {dialog === 'rename' && <LineDialog title={t('chat.rename')} label={t('chat.title')} value={title} onClose={close} onSave={rename} />}
      {dialog === 'tags' && (
        <LineDialog
          title={t('chat.edit_tags')}
          label={t('chat.tags')}
          hint={t('chat.tags_hint')}
          value={tagsOf(chat).join(', ')}
          mayBeEmpty
          onClose={close}
          onSave={(line) => tag([...new Set(line.split(',').map((one) => one.trim()).filter(Boolean))])}
        />
      )}
      <ConfirmDialog
        open={dialog === 'delete'}
        onClose={close}
        title={t('chat.delete_title')}
        consequence={t('chat.delete_consequence', { count: chat.message_count })}
        name={title}
        action={t('chat.delete')}
        busy={removing}
        onConfirm={() => {
          close();
          remove();
        }}
      />
    </>
  );
}

interface LineProps {
  title: string;
  label: string;
  hint?: string;
  value: string;
  mayBeEmpty?: boolean;
  onClose: () => void;
  onSave: (line: string) => void;
}

function LineDialog({ title, label, hint, value, mayBeEmpty = false, onClose, onSave }: LineProps) {
  const { t } = useTranslation();
  const [line, setLine] = useState(value);
  const empty = line.trim() === '' && !mayBeEmpty;
  return (
    <Dialog open onClose={onClose} title={title}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (empty) return;
          onSave(line.trim());
          onClose();
        }}
      >
        <Field label={label} hint={hint}>
          {(wiring) => <Input {...wiring} autoFocus maxLength={200} value={line} onChange={(event) => setLine(event.target.value)} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={empty}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
