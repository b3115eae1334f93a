// Theme and language belong to the account: what it says is shown, here and wherever else the person signs in. This browser's
// storage remembers them for the first paint and for the sign-in page only.
import type { Me } from '@/api/types';
import { viewedMember } from '@/api/view-as';
import { currentLanguage, setLanguage } from '@/i18n';
import { currentTheme, setTheme } from './theme';

/** Shows what the account says; a language that was never chosen is the browser's. Who views as another reads on as before. */
export async function takeOver({ user }: Me): Promise<void> {
  if (viewedMember() !== null) return;
  if (user.theme !== currentTheme()) setTheme(user.theme);
  if (user.language && user.language !== currentLanguage()) await setLanguage(user.language);
}
