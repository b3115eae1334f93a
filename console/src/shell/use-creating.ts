import { useNavigate, useSearch } from '@tanstack/react-router';

/** Whether the page shows the dialog that makes a new one: said in its address, so that the palette can ask for it. */
export function useCreating(): [creating: boolean, setCreating: (creating: boolean) => void] {
  const { create } = useSearch({ strict: false });
  const navigate = useNavigate();
  return [create === true, (creating) => void navigate({ to: '.', search: creating ? { create: true } : {}, replace: !creating })];
}
