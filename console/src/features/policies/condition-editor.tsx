import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import type { Me } from '@/api/types';
import { modelsQuery } from '@/api/models';
import { IconButton } from '@/ui/button';
import { cx } from '@/ui/classes';
import { Checkbox, Input, Select } from '@/ui/field';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu';
import { Segmented } from '@/ui/segmented';
import { defaultCount, defaultScore, emptyGroup, emptyLeaf, groupModes, isAlways, leafKinds, type Group, type GroupMode, type Leaf, type LeafKind, type Node } from './condition';
import { detectorName } from './detector-name';
import { detectorsQuery } from './queries';
import type { Refusal } from './refusals';
import { stamps } from './stamp-name';
import { WordsInput } from './words-input';

interface Props {
  me: Me;
  root: Group;
  onChange: (root: Group) => void;
  disabled: boolean;
  /** Nodes to point at because they say nothing yet. */
  missing: ReadonlySet<string>;
  /** What the server said of nodes. */
  refused: ReadonlyMap<Node, Refusal>;
}

export function ConditionEditor({ root, ...props }: Props) {
  return <GroupEditor node={root} depth={0} {...props} />;
}

interface NodeProps<T extends Node> {
  me: Me;
  node: T;
  onChange: (node: T) => void;
  disabled: boolean;
  missing: ReadonlySet<string>;
  refused: ReadonlyMap<Node, Refusal>;
}

const maxDepth = 3;

function GroupEditor({ depth, onRemove, ...props }: NodeProps<Group> & { depth: number; onRemove?: () => void }) {
  const { t } = useTranslation();
  const { node, onChange, disabled, missing, refused, me } = props;
  const refusal = refused.get(node);
  const replace = (at: number, child: Node) => onChange({ ...node, children: node.children.map((one, index) => (index === at ? child : one)) });
  const remove = (at: number) => onChange({ ...node, children: node.children.filter((_, index) => index !== at) });
  return (
    <fieldset disabled={disabled} className={cx('flex min-w-0 flex-col gap-2', depth > 0 && 'rounded-lg border border-line bg-canvas p-2.5', (missing.has(node.id) || refusal) && 'rounded-lg outline-1 outline-danger')}>
      <legend className="sr-only">{t('condition.group')}</legend>
      <div className="flex items-center gap-2">
        <span className="text-xs text-ink-faint">{t('condition.when')}</span>
        <Segmented<GroupMode>
          label={t('condition.mode')}
          value={node.mode}
          onChange={(mode) => onChange({ ...node, mode })}
          disabled={disabled}
          options={groupModes.map((value) => ({ value, label: t(`condition.mode_${value}`) }))}
        />
        <span className="text-xs text-ink-faint max-sm:hidden">{t('condition.hold')}</span>
        <span className="flex-1" />
        {onRemove && !disabled && (
          <IconButton label={t('condition.remove_group')} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      <div className="flex flex-col gap-2 border-l-2 border-line pl-3">
        {depth === 0 && isAlways(node) && <p className="text-xs text-ink-faint">{t('condition.always')}</p>}
        {node.children.map((child, at) =>
          child.kind === 'group' ? (
            <GroupEditor key={child.id} me={me} node={child} disabled={disabled} missing={missing} refused={refused} depth={depth + 1} onChange={(next) => replace(at, next)} onRemove={() => remove(at)} />
          ) : (
            <LeafEditor key={child.id} me={me} node={child} disabled={disabled} missing={missing} refused={refused} onChange={(next) => replace(at, next)} onRemove={() => remove(at)} />
          ),
        )}
        {!disabled && (
          <Menu
            trigger={
              <button type="button" className="inline-flex h-7 w-fit items-center gap-1.5 rounded-md px-2 text-xs text-ink-soft hover:bg-hover hover:text-ink">
                <Plus aria-hidden className="size-3.5" />
                {t('condition.add')}
              </button>
            }
          >
            {leafKinds.map((kind) => (
              <MenuItem key={kind} onSelect={() => onChange({ ...node, children: [...node.children, emptyLeaf(kind)] })}>
                {t(`condition.kind_${kind}`)}
              </MenuItem>
            ))}
            {depth < maxDepth && (
              <>
                <MenuSeparator />
                <MenuItem onSelect={() => onChange({ ...node, children: [...node.children, emptyGroup('any')] })}>{t('condition.add_group')}</MenuItem>
              </>
            )}
          </Menu>
        )}
      </div>
      {refusal && <RefusalNote refusal={refusal} />}
    </fieldset>
  );
}

function LeafEditor({ node, onChange, onRemove, disabled, missing, refused, me }: NodeProps<Leaf> & { onRemove: () => void }) {
  const { t } = useTranslation();
  const refusal = refused.get(node);
  return (
    <div className={cx('flex flex-col gap-2 rounded-lg border bg-surface p-2.5 shadow-card', missing.has(node.id) || refusal ? 'border-danger' : 'border-line')}>
      <div className="flex items-center gap-2">
        <Select aria-label={t('condition.kind')} value={node.kind} onChange={(event) => onChange({ ...emptyLeaf(event.target.value as LeafKind), negated: node.negated })}>
          {leafKinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(`condition.kind_${kind}`)}
            </option>
          ))}
        </Select>
        <Select aria-label={t('condition.sense')} value={node.negated ? 'not' : 'is'} onChange={(event) => onChange({ ...node, negated: event.target.value === 'not' })}>
          <option value="is">{t('condition.sense_is')}</option>
          <option value="not">{t('condition.sense_not')}</option>
        </Select>
        <span className="flex-1" />
        {!disabled && (
          <IconButton label={t('condition.remove')} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        )}
      </div>
      <LeafFields node={node} onChange={onChange} disabled={disabled} me={me} refused={refusal && { value: refusal.value, note: noteOf(node) }} />
      {missing.has(node.id) && <p className="text-xs text-danger">{t('condition.incomplete')}</p>}
      {refusal && <RefusalNote refusal={refusal} id={noteOf(node)} />}
    </div>
  );
}

const noteOf = (node: Node): string => `${node.id}-note`;

function RefusalNote({ refusal: { value, code, message }, id }: { refusal: Refusal; id?: string }) {
  const { t } = useTranslation();
  return (
    <p id={id} role="alert" className="text-xs break-words text-danger">
      {value !== undefined && code === 'invalid_regex' ? t('condition.invalid_regex', { pattern: value, reason: message }) : message}
    </p>
  );
}

interface FieldsProps extends Omit<NodeProps<Leaf>, 'missing' | 'refused'> {
  refused: { value: string | undefined; note: string } | undefined;
}

function LeafFields({ node, onChange, disabled, me, refused }: FieldsProps) {
  const { t } = useTranslation();
  switch (node.kind) {
    case 'detectors':
      return <DetectorFields node={node} onChange={onChange} disabled={disabled} />;
    case 'phrases':
      return (
        <>
          <WordsInput refused={refused} label={t('condition.phrases')} placeholder={t('condition.phrases_placeholder')} values={node.texts} disabled={disabled} onChange={(texts) => onChange({ ...node, texts })} />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Checkbox label={t('condition.whole_word')} checked={node.whole_word} disabled={disabled} onChange={(event) => onChange({ ...node, whole_word: event.target.checked })} />
            <CountField value={node.min_count} onChange={(min_count) => onChange({ ...node, min_count })} />
          </div>
        </>
      );
    case 'regexes':
      return (
        <>
          <WordsInput commas refused={refused} label={t('condition.patterns')} placeholder={t('condition.patterns_placeholder')} values={node.patterns} disabled={disabled} onChange={(patterns) => onChange({ ...node, patterns })} />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Checkbox label={t('condition.case_sensitive')} checked={node.case_sensitive} disabled={disabled} onChange={(event) => onChange({ ...node, case_sensitive: event.target.checked })} />
            <CountField value={node.min_count} onChange={(min_count) => onChange({ ...node, min_count })} />
          </div>
        </>
      );
    case 'roles':
      return (
        <Choices
          label={t('condition.kind_roles')}
          options={(['OA', 'WM', 'UR'] as const).map((role) => ({ value: role, label: t(`roles.${role}`) }))}
          chosen={node.values}
          disabled={disabled}
          onChange={(values) => onChange({ ...node, values })}
        />
      );
    case 'stamps':
      return (
        <Choices
          label={t('condition.kind_stamps')}
          options={stamps.map((stamp) => ({ value: stamp, label: t(`stamps.${stamp}`) }))}
          chosen={node.values}
          disabled={disabled}
          onChange={(values) => onChange({ ...node, values })}
        />
      );
    case 'models':
    case 'providers':
      return <ModelFields kind={node.kind} chosen={node.values} disabled={disabled} onChange={(values) => onChange({ ...node, values })} />;
    case 'workspaces':
      return (
        <Choices
          label={t('condition.kind_workspaces')}
          options={me.workspaces.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={node.values}
          disabled={disabled}
          onChange={(values) => onChange({ ...node, values })}
        />
      );
  }
}

const optional = (typed: string): number | null => (typed === '' || Number.isNaN(Number(typed)) ? null : Number(typed));

function DetectorFields({ node, onChange, disabled }: { node: Leaf & { kind: 'detectors' }; onChange: (node: Leaf) => void; disabled: boolean }) {
  const { t } = useTranslation();
  const { data: detectors = [] } = useQuery(detectorsQuery);
  return (
    <>
      <Choices
        label={t('condition.kind_detectors')}
        options={detectors.map(({ name }) => ({ value: name, label: detectorName(name, t) }))}
        chosen={node.names}
        disabled={disabled}
        onChange={(names) => onChange({ ...node, names })}
      />
      <div className="flex flex-wrap gap-x-4 gap-y-2 text-xs text-ink-soft">
        <label className="inline-flex items-center gap-2">
          {t('condition.min_score')}
          <Input type="number" min={0.4} max={1} step={0.05} placeholder={String(defaultScore)} value={node.min_score ?? ''} onChange={(event) => onChange({ ...node, min_score: optional(event.target.value) })} className="!w-20" />
        </label>
        <CountField value={node.min_count} onChange={(min_count) => onChange({ ...node, min_count })} />
      </div>
    </>
  );
}

function CountField({ value, onChange }: { value: number | null; onChange: (value: number | null) => void }) {
  const { t } = useTranslation();
  return (
    <label className="inline-flex items-center gap-2 text-xs text-ink-soft">
      {t('condition.min_count')}
      <Input type="number" min={1} step={1} placeholder={String(defaultCount)} value={value ?? ''} onChange={(event) => onChange(optional(event.target.value))} className="!w-20" />
    </label>
  );
}

interface ModelProps {
  kind: 'models' | 'providers';
  chosen: readonly string[];
  disabled: boolean;
  onChange: (values: string[]) => void;
}

function ModelFields({ kind, chosen, disabled, onChange }: ModelProps) {
  const { t } = useTranslation();
  const { data: models = [] } = useQuery(modelsQuery);
  const values = new Set(models.map(({ name }) => (kind === 'models' ? name : (name.split('/')[0] ?? name))));
  return <Choices label={t(`condition.kind_${kind}`)} options={[...values].map((value) => ({ value, label: value }))} chosen={chosen} disabled={disabled} onChange={onChange} />;
}

interface ChoicesProps {
  label: string;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[];
  disabled: boolean;
  onChange: (chosen: string[]) => void;
}

/** Chips to switch on and off. What is chosen but no longer offered stays visible, so that it can be taken away. */
function Choices({ label, options, chosen, disabled, onChange }: ChoicesProps) {
  const gone = chosen.filter((value) => !options.some((option) => option.value === value)).map((value) => ({ value, label: value }));
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-1">
      {[...options, ...gone].map(({ value, label: text }) => {
        const on = chosen.includes(value);
        return (
          <button
            key={value}
            type="button"
            aria-pressed={on}
            disabled={disabled}
            onClick={() => onChange(on ? chosen.filter((one) => one !== value) : [...chosen, value])}
            className={cx('inline-block h-6.5 rounded-sm border px-2 text-xs transition-colors first-letter:uppercase', on ? 'border-accent bg-accent-soft font-medium text-accent-ink' : 'border-line bg-surface text-ink-soft hover:bg-hover')}
          >
            {text}
          </button>
        );
      })}
    </div>
  );
}
