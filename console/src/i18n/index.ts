// Two complete languages; only the one in use is loaded.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = ['en', 'pt-BR'] as const;
export type Language = (typeof languages)[number];

const load = {
  en: () => import('./en.json'),
  'pt-BR': () => import('./pt-BR.json'),
} satisfies Record<Language, () => Promise<unknown>>;

export function currentLanguage(): Language {
  return document.documentElement.lang === 'pt-BR' ? 'pt-BR' : 'en';
}

async function need(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return;
  const { default: strings } = await load[language]();
  i18next.addResourceBundle(language, 'translation', strings);
}

export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: currentLanguage(),
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await need(currentLanguage());
  await i18next.changeLanguage(currentLanguage());
}

export async function setLanguage(language: Language): Promise<void> {
  await need(language);
  document.documentElement.lang = language;
  localStorage.setItem('gatehouse.language', language);
  await i18next.changeLanguage(language);
}
