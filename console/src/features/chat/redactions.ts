// Finds the marks that redaction leaves in a text, such as [CPF_1] or [EMAIL].

export interface Segment {
  text: string;
  redacted: boolean;
}

const mark = /\[[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\]/g;

export function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(mark)) {
    if (match.index > from) segments.push({ text: text.slice(from, match.index), redacted: false });
    segments.push({ text: match[0], redacted: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) segments.push({ text: text.slice(from), redacted: false });
  return segments;
}

interface Node {
  type: string;
  tagName?: string;
  value?: string;
  children?: Node[];
  properties?: Record<string, unknown>;
}

/** A rehype plugin: marks in the text of an answer become <mark> elements. */
export function rehypeRedactions() {
  const visit = (node: Node): void => {
    node.children = node.children?.flatMap((child): Node[] => {
      if (child.type !== 'text' || child.value === undefined) {
        visit(child);
        return [child];
      }
      return segmentsOf(child.value).map(({ text, redacted }) =>
        redacted ? { type: 'element', tagName: 'mark', properties: {}, children: [{ type: 'text', value: text }] } : { type: 'text', value: text },
      );
    });
  };
  return visit;
}
