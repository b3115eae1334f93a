// Stands in for `react-remove-scroll` (see vite.config.ts). The shell never scrolls the page itself, only
// its panes, and an open dialog makes those inert; so there is nothing to lock and no style to inject.
import { Slot } from 'radix-ui';
import type { ReactNode, Ref } from 'react';

interface Props {
  children?: ReactNode;
  ref?: Ref<HTMLElement>;
}

export function RemoveScroll({ children, ref }: Props) {
  return <Slot.Root ref={ref}>{children}</Slot.Root>;
}
