// Server-sent events as they are defined, no more lenient than a browser.

/** The data of each event. Comments are skipped; anything else that is no field of an event throws. */
export async function* frames(stream) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    for (let cut = rest.indexOf('\n\n'); cut >= 0; cut = rest.indexOf('\n\n')) {
      const data = read(rest.slice(0, cut));
      rest = rest.slice(cut + 2);
      if (data !== undefined) yield data;
    }
  }
  if (rest !== '') throw new Error(`the stream ends within an event: ${rest.slice(0, 200)}`);
}

function read(event) {
  const data = [];
  for (const line of event.split('\n')) {
    if (line.startsWith('data: ')) data.push(line.slice(6));
    else if (!line.startsWith(':')) throw new Error(`not a line of an event: ${line.slice(0, 200)}`);
  }
  return data.length ? data.join('\n') : undefined;
}

/** All events of a stream as JSON; fails unless it ends with [DONE]. */
export async function collect(events) {
  const all = [];
  for await (const data of events) all.push(data);
  if (all.at(-1) !== '[DONE]') throw new Error(`the stream does not end with [DONE] but with ${all.at(-1)}`);
  return all.slice(0, -1).map((text) => JSON.parse(text));
}
