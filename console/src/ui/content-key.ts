/** The key of a form: it begins anew when what it edits was changed, and keeps its draft when something beside it was. */
export const contentKey = (...content: unknown[]) => JSON.stringify(content);
