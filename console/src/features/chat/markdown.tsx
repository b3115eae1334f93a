// An answer's Markdown. Raw HTML is never rendered; images are links, as the policy loads nothing from elsewhere.
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeHighlight from 'rehype-highlight';
import remarkGfm from 'remark-gfm';
import { CopyButton } from '@/ui/copy';
import { redactionMark } from './redacted-text';
import { rehypeRedactions } from './redactions';

interface CodeElement {
  children?: { type: string; value?: string; children?: CodeElement['children'] }[];
}

function plain(node: CodeElement | undefined): string {
  return node?.children?.map((child) => child.value ?? plain(child)).join('') ?? '';
}

function CodeBlock({ text, language, children }: { text: string; language: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-sunken">
      <div className="flex h-8 items-center justify-between border-b border-line pr-1 pl-3 text-2xs text-ink-faint">
        <span>{language}</span>
        <CopyButton text={text} label={t('chat.copy_code')} />
      </div>
      <pre tabIndex={0} aria-label={t('chat.code', { language })} role="region" className="overflow-x-auto p-3 font-mono text-xs leading-5 focus-visible:-outline-offset-2">
        {children}
      </pre>
    </div>
  );
}

const components: Components = {
  pre: ({ node, children }) => {
    const code = node?.children[0];
    const names = code?.type === 'element' ? code.properties['className'] : undefined;
    const language = Array.isArray(names) ? names.map(String).find((name) => name.startsWith('language-')) : undefined;
    return (
      <CodeBlock text={plain(node).replace(/\n$/, '')} language={language?.slice('language-'.length) ?? ''}>
        {children}
      </CodeBlock>
    );
  },
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ src, alt }) => (
    <a href={typeof src === 'string' ? src : undefined} target="_blank" rel="noopener noreferrer nofollow">
      {alt ?? src}
    </a>
  ),
  mark: ({ children }) => <mark className={redactionMark}>{children}</mark>,
  table: ({ children }) => (
    <div className="overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
};

const plugins = [remarkGfm];
const highlighting = [rehypeHighlight];
const highlightingAndMarking = [rehypeHighlight, rehypeRedactions];

export const Markdown = memo(function Markdown({ text, marks }: { text: string; marks: boolean }) {
  return (
    <div className="prose text-base break-words">
      <ReactMarkdown remarkPlugins={plugins} rehypePlugins={marks ? highlightingAndMarking : highlighting} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});
