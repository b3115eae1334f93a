/** The browser and the system that a User-Agent header names; empty where it names none that is known. */
export function describeAgent(agent: string): { browser: string; system: string } {
  const find = (known: readonly [name: string, pattern: RegExp][]) => known.find(([, pattern]) => pattern.test(agent))?.[0] ?? '';
  return {
    browser: find([
      ['Edge', /Edg\//],
      ['Opera', /OPR\//],
      ['Firefox', /Firefox\//],
      ['Chrome', /(?:Headless)?Chrome\//],
      ['Safari', /Version\/.*Safari\//],
      ['curl', /^curl\//],
    ]),
    system: find([
      ['Android', /Android/],
      ['iOS', /iPhone|iPad/],
      ['Windows', /Windows/],
      ['macOS', /Mac OS X/],
      ['Linux', /Linux/],
    ]),
  };
}
