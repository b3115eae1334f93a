/** The hash of a record as the log defines it: SHA-256 over a zero byte and the record's exact bytes, in lower-case hex. */
export async function recordHash(record: string): Promise<string> {
  const bytes = new TextEncoder().encode(record);
  const leaf = new Uint8Array(bytes.length + 1);
  leaf.set(bytes, 1);
  const digest = await crypto.subtle.digest('SHA-256', leaf);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
