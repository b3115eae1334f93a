import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { Crown, UserPlus, UsersRound } from 'lucide-react';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { allows, useMe } from '@/api/session';
import type { Member } from '@/api/types';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Input, Select } from '@/ui/field';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { Table } from '@/ui/table';
import { Time } from '@/ui/time';
import { MemberDialog } from './member-dialog';
import { membersQuery, type MemberFilter } from './queries';
import { roleCodes, roleName } from './words';

export function MembersPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { person } = useSearch({ from: '/shell/organization/members' });
  const navigate = useNavigate({ from: '/organization/members' });
  const [filter, setFilter] = useState<MemberFilter>({ q: '', role_code: '', state: 'active' });
  const asked = useDeferredValue(filter);
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(membersQuery({ ...asked, q: asked.q.trim() }));
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const members = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const columns = useColumns();
  return (
    <Page
      fill
      title={t('organization.members')}
      description={t('members.description')}
      actions={
        allows(me, 'invitations_manage') && (
          <Button kind="primary" asChild>
            <Link to="/organization/invitations" search={{ create: true }}>
              <UserPlus aria-hidden className="size-4" />
              {t('invitations.create')}
            </Link>
          </Button>
        )
      }
    >
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2 sm:px-6">
        <Input type="search" aria-label={t('members.search')} placeholder={t('members.search')} maxLength={100} className="!w-56 max-w-full" value={filter.q} onChange={(event) => setFilter({ ...filter, q: event.target.value })} />
        <Select aria-label={t('members.role')} value={filter.role_code} onChange={(event) => setFilter({ ...filter, role_code: roleCodes.find((role) => role === event.target.value) ?? '' })}>
          <option value="">{t('members.any_role')}</option>
          {roleCodes.map((role) => (
            <option key={role} value={role}>
              {roleName(t, role)}
            </option>
          ))}
        </Select>
        <Select aria-label={t('members.state')} value={filter.state} onChange={(event) => setFilter({ ...filter, state: (['active', 'ended'] as const).find((state) => state === event.target.value) ?? '' })}>
          <option value="active">{t('members.state_active')}</option>
          <option value="ended">{t('members.state_ended')}</option>
          <option value="">{t('members.any_state')}</option>
        </Select>
      </div>
      {isPending && <SkeletonRows />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && members.length === 0 && (
        <Empty icon={<UsersRound />} title={t('members.none')}>
          {t('members.none_hint')}
        </Empty>
      )}
      {members.length > 0 && (
        <Table
          label={t('organization.members')}
          rows={members}
          columns={columns}
          idOf={(member) => member.user_id}
          rowHeight={52}
          selected={person}
          onOpen={(member) => void navigate({ search: { person: member.user_id } })}
          hasMore={hasNextPage}
          loadingMore={isFetchingNextPage}
          onMore={more}
        />
      )}
      {person && <MemberDialog userId={person} onClose={() => void navigate({ search: {}, replace: true })} />}
    </Page>
  );
}

function useColumns(): ColumnDef<Member>[] {
  const { t } = useTranslation();
  return useMemo<ColumnDef<Member>[]>(
    () => [
      {
        id: 'name',
        header: t('members.name'),
        cell: ({ row: { original: member } }) => (
          <span className="flex min-w-0 flex-col">
            <Link to="/organization/members" search={{ person: member.user_id }} className="truncate font-medium hover:underline">
              {member.name}
            </Link>
            <span className="truncate text-2xs text-ink-faint">{member.email}</span>
          </span>
        ),
        meta: { width: 'minmax(9rem, 2fr)' },
      },
      {
        id: 'role',
        header: t('members.role'),
        cell: ({ row: { original: member } }) => (
          <span className="flex min-w-0 items-center gap-1.5 text-xs text-ink-soft">
            <span className="truncate">{roleName(t, member.role_code)}</span>
            {member.is_owner && <Crown aria-label={t('members.owner')} className="size-3.5 shrink-0 text-warn" />}
          </span>
        ),
        meta: { width: 'minmax(7rem, 1fr)' },
      },
      {
        id: 'state',
        header: t('members.state'),
        cell: ({ row: { original: member } }) => (member.is_active ? <Badge tone="ok">{t('members.active')}</Badge> : <Badge>{t('members.ended')}</Badge>),
        meta: { width: '6rem', from: 480 },
      },
      {
        id: 'since',
        header: t('members.since'),
        cell: ({ row: { original: member } }) => <Time value={member.created_at} className="text-xs text-ink-soft" />,
        meta: { width: '8rem', from: 720 },
      },
    ],
    [t],
  );
}
