// A virtualised table over pages the server filters and sorts: it renders what is in sight and asks for more near its end.
import { flexRender, getCoreRowModel, useReactTable, type ColumnDef, type RowData } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './classes';
import { useWidth } from './use-width';

declare module '@tanstack/react-table' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- an augmentation repeats the parameters of what it augments
  interface ColumnMeta<TData extends RowData, TValue> {
    /** A CSS grid track. */
    width?: string;
    /** The least width of the table, in pixels, at which the column is shown. */
    from?: number;
    align?: 'end';
  }
}

interface Props<T> {
  label: string;
  rows: readonly T[];
  columns: ColumnDef<T>[];
  idOf: (row: T) => string;
  rowHeight?: number;
  selected?: string | undefined;
  /** By mouse: the row's name opens it from the keyboard. */
  onOpen?: (row: T) => void;
  hasMore?: boolean;
  loadingMore?: boolean;
  onMore?: () => void;
  footer?: ReactNode;
}

/** The name of a row that opens something: `onOpen` of the table is for the mouse alone. */
export function RowButton({ onOpen, className, children }: { onOpen: () => void; className?: string; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={(click) => {
        click.stopPropagation();
        onOpen();
      }}
      className={cx('min-h-6 truncate rounded-sm text-left font-medium hover:underline', className)}
    >
      {children}
    </button>
  );
}

export function Table<T>({ label, rows, columns, idOf, rowHeight = 44, selected, onOpen, hasMore = false, loadingMore = false, onMore, footer }: Props<T>) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const shown = columns.filter((column) => width >= (column.meta?.from ?? 0));
  const table = useReactTable({ data: rows as T[], columns: shown, getCoreRowModel: getCoreRowModel(), getRowId: idOf });
  const models = table.getRowModel().rows;
  const virtual = useVirtualizer({ count: models.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const tracks = { gridTemplateColumns: shown.map((column) => column.meta?.width ?? 'minmax(0, 1fr)').join(' ') };

  useEffect(() => {
    if (hasMore && !loadingMore && last >= models.length - 12) onMore?.();
  }, [hasMore, loadingMore, last, models.length, onMore]);

  return (
    <div ref={scroller} tabIndex={0} role="region" aria-label={label} className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
      <div role="table" aria-label={label} aria-rowcount={hasMore ? -1 : models.length + 1} className="min-w-full">
        <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
          {table.getHeaderGroups().map((group) => (
            <div key={group.id} role="row" aria-rowindex={1} className="grid h-8 items-center gap-3 px-4 sm:px-6" style={tracks}>
              {group.headers.map((header) => (
                <div
                  key={header.id}
                  role="columnheader"
                  className={cx('truncate text-2xs font-medium text-ink-faint', header.column.columnDef.meta?.align === 'end' && 'text-right')}
                >
                  {flexRender(header.column.columnDef.header, header.getContext())}
                </div>
              ))}
            </div>
          ))}
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = models[item.index];
            if (!row) return null;
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={selected === undefined ? undefined : row.id === selected}
                data-row={row.id}
                onClick={onOpen && (() => onOpen(row.original))}
                className={cx(
                  'absolute inset-x-0 grid items-center gap-3 border-b border-line px-4 sm:px-6',
                  onOpen && 'cursor-pointer hover:bg-hover/60',
                  row.id === selected && 'bg-accent-soft hover:bg-accent-soft',
                )}
                style={{ ...tracks, height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {row.getVisibleCells().map((cell) => (
                  <div key={cell.id} role="cell" className={cx('flex min-w-0 items-center', cell.column.columnDef.meta?.align === 'end' && 'justify-end')}>
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {loadingMore && (
        <p role="status" className="px-6 py-3 text-center text-xs text-ink-faint">
          {t('common.loading')}
        </p>
      )}
      {footer}
    </div>
  );
}
