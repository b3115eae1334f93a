import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ArrowLeft, ShieldQuestion, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempts } from '@/api/attempts';
import { api, body } from '@/api/client';
import { ApiError, hasCode, type FieldProblem } from '@/api/errors';
import { allows, useMe } from '@/api/session';
import type { Rule } from '@/api/types';
import { Button } from '@/ui/button';
import { useFieldText } from '@/ui/failure';
import { Page } from '@/ui/page';
import { Empty, Failure, SkeletonRows } from '@/ui/states';
import { useToast } from '@/ui/toast';
import { asDraft, draftOf, isComplete, missingIn, newDraft, toWire, type Draft } from './draft';
import { Playground } from './playground';
import { ruleQuery, rulesQuery, useRefreshRules } from './queries';
import { refusalsOf } from './refusals';
import { RuleForm } from './rule-form';

export function NewRulePage() {
  return <Editor rule={null} etag="" />;
}

export function RulePage() {
  const { t } = useTranslation();
  const { ruleId } = useParams({ from: '/shell/policies/$ruleId' });
  const { data, error, refetch } = useQuery({ ...ruleQuery(ruleId), refetchOnWindowFocus: false });
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Empty icon={<ShieldQuestion />} title={t('policies.gone_title')} action={<Button asChild><Link to="/policies">{t('policies.back')}</Link></Button>}>
        {t('policies.gone_text')}
      </Empty>
    );
  }
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={6} />;
  return <Editor key={data.rule.id} rule={data.rule} etag={data.etag} />;
}

function Editor({ rule, etag }: { rule: Rule | null; etag: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const toast = useToast();
  const fieldText = useFieldText();
  const refresh = useRefreshRules();
  const { data: rules = [] } = useQuery(rulesQuery);
  const [draft, setDraft] = useState<Draft>(() => (rule ? draftOf(rule) : newDraft()));
  const [tag, setTag] = useState(etag);
  const [tried, setTried] = useState(false);
  const [attempt] = useState(() => attempts());
  const [theirs, setTheirs] = useState<{ rule: Rule; etag: string } | null>(null);
  const disabled = !allows(me, 'policies_manage');
  const missing = missingIn(draft);
  const complete = isComplete(missing);

  const save = useMutation({
    mutationFn: (sent: Draft) =>
      rule
        ? body(api.PATCH('/api/policies/{rule_id}', { params: { path: { rule_id: rule.id }, header: { 'If-Match': tag } }, body: toWire(sent) }))
        : attempt(toWire(sent), ({ headers }) => body(api.POST('/api/policies', { body: toWire(sent), headers }))),
    onSuccess: async (saved) => {
      toast.done(t('policies.saved', { name: saved.name }));
      await refresh();
      await navigate({ to: '/policies' });
    },
    onError: (failure, sent) => {
      if (rule && hasCode(failure, 'precondition_failed')) {
        void client.query({ ...ruleQuery(rule.id), staleTime: 0 }).then(setTheirs, toast.failed);
      } else if (!(failure instanceof ApiError && refusalsOf(failure.fields, sent).complete)) toast.failed(failure);
    },
  });
  // What is wrong in a pattern only the server can tell.
  const told = (field: FieldProblem) => (field.code === 'invalid_regex' ? field : { ...field, message: fieldText(field) });
  const refused = save.error instanceof ApiError && save.variables ? refusalsOf(save.error.fields.map(told), save.variables) : null;

  const submit = () => {
    setTried(true);
    if (complete) save.mutate(draft);
  };

  // The edited rule takes its place among the live ones; a new one comes last, where it would be created.
  const wire = toWire(draft);
  const rulesToTry = complete ? (rule ? rules.map((live) => (live.id === rule.id ? wire : asDraft(live))) : [...rules.map(asDraft), wire]) : undefined;

  return (
    <Page
      fill
      title={rule ? rule.name : t('policies.new')}
      description={rule ? t('policies.version', { version: rule.version }) : undefined}
      actions={
        <>
          <Button asChild kind="quiet">
            <Link to="/policies">
              <ArrowLeft aria-hidden className="size-4" />
              {t('policies.back')}
            </Link>
          </Button>
          {!disabled && (
            <Button kind="primary" onClick={submit} busy={save.isPending}>
              {rule ? t('common.save') : t('policies.create')}
            </Button>
          )}
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto xl:flex-row xl:overflow-hidden">
        <div className="min-w-0 xl:min-h-0 xl:flex-1 xl:overflow-y-auto">
          {theirs && (
            <Conflict
              theirs={theirs.rule}
              onTakeTheirs={() => {
                setDraft(draftOf(theirs.rule));
                setTag(theirs.etag);
                setTheirs(null);
              }}
              onKeepMine={() => {
                setTag(theirs.etag);
                setTheirs(null);
              }}
            />
          )}
          <RuleForm me={me} draft={draft} onChange={setDraft} disabled={disabled} missing={tried ? missing : null} refused={refused} onSubmit={submit} />
        </div>
        <aside className="shrink-0 border-line max-xl:border-t xl:w-100 xl:overflow-y-auto xl:border-l">
          <Playground rules={rulesToTry} />
        </aside>
      </div>
    </Page>
  );
}

/** Someone else saved in the meantime: both ways out, neither taken silently. */
function Conflict({ theirs, onTakeTheirs, onKeepMine }: { theirs: Rule; onTakeTheirs: () => void; onKeepMine: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="m-4 flex flex-col gap-3 rounded-lg border border-warn/40 bg-warn-soft p-4 sm:mx-6">
      <p className="flex items-center gap-2 text-sm font-semibold text-warn">
        <TriangleAlert aria-hidden className="size-4" />
        {t('policies.conflict_title')}
      </p>
      <p className="text-sm text-ink-soft">{t('policies.conflict_text', { name: theirs.name, version: theirs.version })}</p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={onTakeTheirs}>
          {t('policies.conflict_theirs')}
        </Button>
        <Button size="sm" onClick={onKeepMine}>
          {t('policies.conflict_mine')}
        </Button>
      </div>
    </div>
  );
}
